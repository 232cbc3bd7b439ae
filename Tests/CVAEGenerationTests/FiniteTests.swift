import CVAEModels
import CVAETraining
import ConditionalData
import OneDNNExecution
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

@testable import CVAEGeneration

/// What overflows in the networks is an error, and never a record.
@Suite struct FiniteTests {
  /// The same networks, in which hidden units become infinite, and differences of them no number.
  private func overflowing(_ model: TrainedModel) -> TrainedModel {
    var tensors = model.tensors
    for name in ["decoder.hidden0.label.weight", "decoder.hidden0.bias"] {
      guard let tensor = tensors[name] else { continue }
      tensors[name] = StoredTensor(
        shape: tensor.shape, values: tensor.values.map { _ in .greatestFiniteMagnitude })
    }
    if let tensor = tensors["decoder.image.weight"] {
      tensors["decoder.image.weight"] = StoredTensor(
        shape: tensor.shape,
        values: tensor.values.indices.map { $0 / tensor.shape[1] % 2 == 0 ? 1 : -1 })
    }
    return TrainedModel(
      model: model.model, preprocessing: model.preprocessing, objective: model.objective,
      provenance: model.provenance, tensors: tensors)
  }

  private func generate(
    _ model: TrainedModel, temperature: Double = 1
  ) throws -> GeneratedRecords {
    let conditions = try Conditions([:], count: 8, model: model)
    var request = DrawRequest(conditions, seed: 1)
    request.temperature = temperature
    request.allowsMissing = false
    return try Generator(model, executor: OneDNNExecutor(threads: 1), batch: 8).draw(request)[0]
  }

  @Test func generationRefuses() throws {
    let model = try TinyTrained.model(acceptsMissing: true) { $0.activation = .relu }
    _ = try generate(model)
    let failure = try #require(throws: GenerationFailure.self) {
      _ = try generate(overflowing(model))
    }
    #expect(
      "\(failure)"
        == "field 'image': expected finite numbers from the model, got others; set "
        + "--temperature and --control closer to 1, give values nearer to those of the training "
        + "records, or train again.")
  }

  /// Rows lie within the training records' range, or are refused.
  @Test(arguments: [0, 1, 1e6, 3e38])
  func rowsAreFiniteOrRefused(temperature: Double) throws {
    let model = try TinyTrained.rowModel()
    do {
      let numbers = try #require(generate(model, temperature: temperature).records["size"]).numbers
      #expect(numbers.count == 8 && numbers.allSatisfy { (0...6).contains($0) }, "\(numbers)")
    } catch is GenerationFailure {
      #expect(temperature == 3e38)
    }
  }

  /// Infinite ranks are those of the ends; what is no number is none of a record.
  @Test func noNumberOfARowIsRefused() throws {
    let model = try TinyTrained.rowModel()
    let field = try model.schema.field("size")
    func numbers(_ seen: Float) throws -> [Double] {
      let decoded = [seen].withUnsafeBufferPointer {
        field.codec.decode($0, field, model.preprocessing)
      }
      guard case .numbers(let numbers) = decoded else { return [] }
      return numbers
    }
    #expect(try numbers(.infinity) == [5.8] && numbers(-.infinity) == [0])
    #expect(throws: GenerationFailure(field: "size")) {
      try [0, .nan].withUnsafeBufferPointer { try GenerationFailure.check($0, of: field) }
    }
  }

  @Test func transferRefuses() throws {
    let model = overflowing(
      try TinyTrained.model(acceptsMissing: true) { $0.activation = .relu })
    var request = DrawRequest(
      try Conditions(["label": .level(1)], count: 2, model: model), seed: 1)
    request.styles = [1, -1, 1, 1]
    let generator = try Generator(model, executor: OneDNNExecutor(threads: 1), batch: 2)
    #expect(throws: GenerationFailure.self) { _ = try generator.draw(request) }
  }

  /// Dates beyond any calendar are the last that can be written.
  @Test func datesHaveAnEnd() {
    for form in [NumberForm.days(since: "2024-01-31"), .seconds(since: "2024-01-31 10:00:00")] {
      for number in [1e300, -1e300, .infinity, -.infinity, .nan, 1e19] {
        #expect(!form.text(number).isEmpty)
      }
    }
  }
}
