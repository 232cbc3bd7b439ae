import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

/// Transfer of whole records, by the reference executor.
@Suite struct StyleTransferTests {
  private func styles(
    of inputs: TransferInputs, _ model: TrainedModel
  ) throws -> StylePosterior {
    try StyleReader(model, executor: ReferenceExecutor(), batch: 3).styles(of: inputs)
  }

  /// The inputs drawn again, each in the mean of its style.
  private func redrawn(
    _ inputs: TransferInputs, _ model: TrainedModel
  ) throws -> GeneratedRecords {
    var request = DrawRequest(inputs.conditions, seed: 1)
    request.styles = try styles(of: inputs, model).styles(seed: nil)
    return try Generator(model, executor: ReferenceExecutor(), batch: 3).draw(request)[0]
  }

  /// Under its own condition a record's style is decoded to what reconstructing it gives.
  @Test func ownConditionReconstructs() throws {
    let model = try TinyTrained.model()
    let data = try TinyTrained.data()
    let inputs = try TransferInputs(data, records: [4, 0, 3, 1], from: [:], model: model)
    let result = try redrawn(inputs, model)
    let pixels = try #require(result.records.columns[0].intensities)
    for (row, record) in [4, 0, 3, 1].enumerated() {
      let expected = try TinyTrained.reconstruction(of: record, model: model)
      #expect(
        zip(pixels[4 * row..<4 * row + 4], expected).allSatisfy { abs($0 - $1) < 1e-5 },
        "record \(record)")
    }
  }

  /// u is measured under the record's own prior and applied under the target's.
  @Test func styleIsWhatIsCarried() throws {
    let model = try TinyTrained.model()
    let inputs = try TransferInputs(
      TinyTrained.data(), records: [0, 1], from: [:], model: model)
    let posterior = try styles(of: inputs, model)
    let own = try TinyTrained.recognised(0, model: model)
    for dimension in 0..<2 {
      let u =
        (own.mean[dimension] - own.priorMean[dimension])
        * expOf(-0.5 * own.priorLogVariance[dimension])
      #expect(abs(posterior.mean[dimension] - u) < 1e-5)
      let spread = own.logVariance[dimension] - own.priorLogVariance[dimension]
      #expect(abs(posterior.logVariance[dimension] - spread) < 1e-5)
    }
  }

  @Test func namedConditionOverrulesTheData() throws {
    let model = try TinyTrained.model()
    let data = try TinyTrained.data()
    let told = try TransferInputs(
      data, records: [0, 1], from: ["label": .level(2)], model: model)
    #expect(told.conditions.records["label"]?.levels == [2, 2])
    let pictures = try TransferInputs(
      pictures: [[9, 8, 7, 6]], source: "a.png", from: ["label": .level(1)], model: model)
    #expect(pictures.data.count == 1 && pictures.numbers == [0])
    #expect(throws: TransferFailure.unknownCondition(field: "label", source: "a.png")) {
      try TransferInputs(pictures: [[9, 8, 7, 6]], source: "a.png", from: [:], model: model)
    }
    #expect(throws: TransferFailure.cannotBeUnknown(field: "label")) {
      try TransferInputs(data, records: [0], from: ["label": .any], model: model)
    }
    #expect(throws: MisplacedCondition.self) {
      try TransferInputs(data, records: [0], from: ["image": .any], model: model)
    }
  }

  @Test func unknownConditionsNeedTheirEmbedding() throws {
    let model = try TinyTrained.model(acceptsMissing: true)
    let inputs = try TransferInputs(
      TinyTrained.data(), records: [0], from: ["label": .any], model: model)
    let unknown = try redrawn(inputs, model)
    #expect(unknown.count == 1)
  }

  @Test func fieldsThatAreNotNamedStay() throws {
    let model = try TinyTrained.model()
    let inputs = try TransferInputs(
      TinyTrained.data(), records: [1, 2], from: [:], model: model)
    let kept = try Conditions(
      inputs.conditions, row: 1, replacing: [:], count: 2, model: model)
    #expect(kept.records["label"]?.levels == [2, 2])
    let replaced = try Conditions(
      inputs.conditions, row: 1, replacing: ["label": .level(0)], count: 1, model: model)
    #expect(replaced.records["label"]?.levels == [0])
  }
}

extension RecordColumn {
  /// What a generated image's column holds.
  fileprivate var intensities: [Float]? {
    if case .intensities(let intensities) = values { intensities } else { nil }
  }
}
