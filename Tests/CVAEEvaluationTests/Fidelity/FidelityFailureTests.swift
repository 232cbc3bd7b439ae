import ConditionalData
import RecordTypes
import Testing

@testable import CVAEEvaluation

@Suite struct FidelityFailureTests {
  private func failure(
    _ synthetic: DataSet, real: DataSet? = nil, train: Int = 40, target: String? = nil
  ) throws -> FidelityFailure? {
    let real = try real ?? ExampleTable.data(60, seed: 1)
    let parts = ExampleTable.split(train, of: real.count)
    do throws(FidelityFailure) {
      _ = try FidelityReport(
        real: real, train: parts.train, heldOut: parts.heldOut, synthetic: synthetic,
        settings: FidelitySettings(target: target))
      return nil
    } catch {
      return error
    }
  }

  private func single(_ field: Field, _ column: RecordColumn) throws -> DataSet {
    try DataSet(schema: RecordSchema(fields: [field]), columns: [column], source: "made.csv")
  }

  @Test func columnsMustFit() throws {
    let number = try single(
      Field(name: "height", kind: .number), .numbers([Double](repeating: 1, count: 20)))
    #expect(try failure(number) == .missingColumn("size", source: "made.csv"))
    let category = try single(
      Field(name: "height", kind: .category(levels: ["a"])),
      .levels([Int32](repeating: 0, count: 20)))
    let differs = try #require(try failure(category))
    #expect(
      differs.description
        == "made.csv: expected a number in column 'height' as in the real rows, got a category of "
        + "1 level.")
    let vector = try single(
      Field(name: "v", kind: .vector(count: 1)), .numbers([Double](repeating: 1, count: 20)))
    #expect(try failure(vector, real: vector, train: 10) == .noColumns(source: "made.csv"))
  }

  @Test func thereMustBeEnoughRows() throws {
    let rows = try ExampleTable.data(60, seed: 2)
    #expect(try failure(rows, train: 9) == .tooFewRows(part: "training", count: 9))
    #expect(try failure(rows, train: 51) == .tooFewRows(part: "held-out", count: 9))
    #expect(
      try failure(ExampleTable.data(9, seed: 2)) == .tooFewRows(part: "synthetic", count: 9))
  }

  @Test func targetsMustExistAndDiffer() throws {
    let rows = try ExampleTable.data(60, seed: 2)
    let unknown = try #require(try failure(rows, target: "age"))
    #expect(
      unknown.description
        == "Expected a number or category to predict ('height', 'size', 'colour', 'weight'), got "
        + "'age'.")
    let constant = try single(
      Field(name: "height", kind: .number), .numbers([Double](repeating: 1, count: 60)))
    #expect(
      try failure(constant, real: constant, target: "height")
        == .constantTarget("height", part: "training"))
    #expect(try failure(constant, real: constant) == nil, "nothing is predicted then")
  }
}
