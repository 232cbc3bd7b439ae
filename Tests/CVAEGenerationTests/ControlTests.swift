import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph
import Testing

/// How far conditions are followed.
@Suite struct ControlTests {
  private func pixels(_ records: GeneratedRecords) -> [Float] {
    if case .intensities(let pixels) = records.records.columns[0].values { pixels } else { [] }
  }

  private func generate(
    _ model: TrainedModel, control: Double, _ value: GivenValue = .level(1)
  ) throws -> [Float] {
    let generator = try Generator(
      model, executor: ReferenceExecutor(), batch: 2, control: control)
    return pixels(
      try generator.draw(
        DrawRequest(Conditions(["label": value], count: 3, model: model), seed: 1))[0])
  }

  /// With a standard prior, z is the same whatever the condition.
  @Test func zeroIsTheUnknownConditionAndOneThePlainModel() throws {
    let model = try TinyTrained.model(acceptsMissing: true) { $0.prior.kind = .standard }
    let plain = try generate(model, control: 1)
    let unknown = try generate(model, control: 1, .any)
    let none = try generate(model, control: 0)
    #expect(!none.isEmpty && zip(none, unknown).allSatisfy { abs($0 - $1) < 1e-6 })
    let nearly = try generate(model, control: 1.0001)
    #expect(
      !nearly.isEmpty && zip(nearly, plain).allSatisfy { abs($0 - $1) < 1e-3 } && nearly != plain)
    let strong = try generate(model, control: 3)
    let isFurther = zip(strong, zip(plain, unknown)).allSatisfy { strong, other in
      abs(strong - other.1) >= abs(other.0 - other.1)
    }
    #expect(isFurther)
  }

  @Test func transferIsControlledAlike() throws {
    let model = try TinyTrained.model(acceptsMissing: true)
    let inputs = try TransferInputs(
      TinyTrained.data(), records: [0, 1, 2], from: [:], model: model)
    func transferred(_ control: Double) throws -> [Float] {
      let reader = try StyleReader(model, executor: ReferenceExecutor(), batch: 2)
      let generator = try Generator(
        model, executor: ReferenceExecutor(), batch: 2, control: control)
      var request = DrawRequest(inputs.conditions, seed: 1)
      request.styles = try reader.styles(of: inputs).styles(seed: nil)
      return pixels(try generator.draw(request)[0])
    }
    let (plain, nearly, strong) = (
      try transferred(1), try transferred(1.0001), try transferred(3)
    )
    #expect(!nearly.isEmpty && zip(nearly, plain).allSatisfy { abs($0 - $1) < 1e-3 })
    #expect(zip(strong, plain).contains { abs($0 - $1) > 1e-3 })
  }

  @Test func modelMustKnowUnknownConditions() throws {
    let model = try TinyTrained.model()
    #expect(throws: ControlNotLearned.alwaysKnown) {
      _ = try Generator(model, executor: ReferenceExecutor(), batch: 2, control: 2)
    }
    #expect(throws: ControlNotLearned.alwaysKnown) {
      _ = try Generator(model, executor: ReferenceExecutor(), batch: 2, control: 0)
    }
    _ = try Generator(model, executor: ReferenceExecutor(), batch: 2, control: 1)
    #expect("\(ControlNotLearned.alwaysKnown)".contains("training.conditionDropout above 0"))
  }
}
