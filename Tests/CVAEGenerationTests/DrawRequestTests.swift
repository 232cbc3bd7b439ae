import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEGeneration

/// Requests that can't be drawn, and what numbers and samples of records do.
@Suite struct DrawRequestTests {
  private func request(
    _ model: TrainedModel, _ change: (inout DrawRequest) -> Void
  ) throws -> DrawRequest {
    var request = DrawRequest(
      try Conditions(["label": .level(1)], count: 3, model: model), seed: 1)
    change(&request)
    return request
  }

  private func failure(_ change: (inout DrawRequest) -> Void) throws -> DrawFailure? {
    let model = try TinyTrained.model()
    let generator = try Generator(model, executor: ReferenceExecutor(), batch: 2)
    let request = try request(model, change)
    do {
      _ = try generator.draw(request)
      return nil
    } catch let failure as DrawFailure {
      return failure
    }
  }

  @Test(arguments: [0, 3, 5, 7])
  func eachRecordNeedsAStyle(count: Int) throws {
    let failed = try failure { $0.styles = [Float](repeating: 0, count: count) }
    #expect(failed == .styles(expected: 6, actual: count))
    #expect(try failure { $0.styles = [Float](repeating: 0, count: 6) } == nil)
  }

  @Test(arguments: [0, 2, 4])
  func eachRecordNeedsANumber(count: Int) throws {
    let failed = try failure { $0.numbers = [Int32](repeating: 0, count: count) }
    #expect(failed == .numbers(expected: 3, actual: count))
    #expect(try failure { $0.numbers = [7, 7, -1] } == nil)
  }

  @Test(arguments: [.nan, .infinity, -.infinity, -0.5, 1e39] as [Double])
  func temperaturesAreNumbersFromZeroOn(temperature: Double) throws {
    guard case .temperature(let refused)? = try failure({ $0.temperature = temperature }) else {
      Issue.record("A temperature of \(temperature) was not refused.")
      return
    }
    #expect(refused == temperature || refused.isNaN && temperature.isNaN)
    #expect(try failure { $0.temperature = 0 } == nil)
  }

  @Test func failuresSayWhatToDo() {
    #expect(
      "\(DrawFailure.temperature(.nan))"
        == "expected a temperature from 0 to 3.4028235e+38, got nan; use 1 to draw from the prior.")
    #expect(
      "\(DrawFailure.styles(expected: 6, actual: 5))"
        == "expected 6 numbers of styles, as many as records times latent dimensions, got 5; give "
        + "each record a style.")
    #expect(
      "\(DrawFailure.numbers(expected: 3, actual: 2))"
        == "expected 3 record numbers, one for each record, got 2; give each record one.")
  }

  /// Values that are not finite are refused, and not written.
  @Test func whatIsNotFiniteIsRefused() throws {
    let model = try TinyTrained.rowModel(sizes: .gaussian).saying(["size": [.infinity]])
    let generator = try Generator(model, executor: ReferenceExecutor(), batch: 2)
    #expect(throws: GenerationFailure(field: "size")) {
      _ = try generator.draw(DrawRequest(Conditions([:], count: 3, model: model), seed: 1))
    }
  }

  /// A record of one number is the same in whatever company, and its samples differ.
  @Test func numbersDecideWhatIsDrawn() throws {
    let model = try TinyTrained.model()
    let generator = try Generator(model, executor: ReferenceExecutor(), batch: 2)
    func pixels(_ change: (inout DrawRequest) -> Void) throws -> [[Float]] {
      try generator.draw(request(model, change)).map { records in
        guard case .intensities(let pixels) = records.records.columns[0].values else { return [] }
        return pixels
      }
    }
    let plain = try pixels { _ in }
    try #require(plain.count == 1 && plain[0].count == 12)
    #expect(try pixels { $0.numbers = [0, 1, 2] } == plain)
    let turned = try pixels { $0.numbers = [2, 7, 0] }[0]
    #expect(turned[0..<4] == plain[0][8..<12] && turned[8..<12] == plain[0][0..<4])
    #expect(turned[4..<8] != plain[0][4..<8])
    let samples = try pixels { $0.samples = 3 }
    #expect(samples.count == 3 && samples[0] == plain[0] && Set(samples).count == 3)
    #expect(try pixels { $0.firstSample = 2 } == [samples[2]])
    let means = try pixels {
      $0.samples = 2
      $0.temperature = 0
    }
    #expect(means[0] == means[1])
  }
}
