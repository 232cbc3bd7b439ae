import ConditionalData
import Foundation
import RecordTypes
import Testing

@testable import CVAEEvaluation

@Suite struct FidelityReportTests {
  private static let parts = ExampleTable.split(200, of: 320)

  private static func report(
    _ synthetic: DataSet, missing: Double = 0, _ settings: FidelitySettings = FidelitySettings()
  ) throws -> FidelityReport {
    try FidelityReport(
      real: ExampleTable.data(320, seed: 1, missing: missing), train: parts.train,
      heldOut: parts.heldOut, synthetic: synthetic, settings: settings)
  }

  @Test func freshRowsReachWhatTrainingRowsReach() throws {
    let report = try Self.report(ExampleTable.data(200, seed: 2))
    #expect(report.rows == .init(train: 200, heldOut: 120, synthetic: 200))
    #expect(report.columns.map(\.name) == ["height", "size", "colour", "weight"])
    #expect(report.columns.map(\.kind) == [.number, .category, .category, .number])
    #expect(try abs(report.meanColumnDistance - #require(report.meanColumnBaseline)) < 0.05)
    #expect(abs(report.detectionAUC - 0.5) < 0.12, "\(report.detectionAUC)")
    #expect(report.utility.map(\.target) == ["weight", "size"])
    #expect(report.utility.map(\.measure) == [.determination, .balancedAccuracy])
    for utility in report.utility {
      let synthetic = try #require(utility.trainedOnSynthetic)
      let real = try #require(utility.trainedOnReal)
      #expect(real > 0.7, "\(utility)")
      #expect(abs(real - synthetic) < 0.12, "\(utility)")
    }
  }

  /// The heights move, and nothing else moves with them.
  @Test func shiftedRowsAreFarAndUseless() throws {
    let report = try Self.report(ExampleTable.data(200, seed: 2, shift: 3))
    #expect(try report.columns[0].distance > 0.8 && #require(report.columns[0].baseline) < 0.2)
    #expect(report.columns[3].distance < 0.2)
    #expect(report.detectionAUC > 0.95)
    let weight = report.utility[0]
    #expect(
      try #require(weight.trainedOnSynthetic) < 0 && #require(weight.trainedOnReal) > 0.9)
  }

  @Test func missingCellsAreCounted() throws {
    let report = try Self.report(ExampleTable.data(150, seed: 2, missing: 0.5), missing: 0.2)
    let weight = report.columns[3]
    #expect(abs(weight.missingReal - 0.2) < 0.1 && abs(weight.missingSynthetic - 0.5) < 0.1)
    #expect(report.columns[0].missingReal == 0)
    #expect(weight.distance < 0.25, "known values alone are compared")
    #expect(report.detectionAUC > 0.55, "gaps tell")
    #expect(report.table.contains("missing"))
    let none = try Self.report(ExampleTable.data(60, seed: 2, missing: 1), missing: 0.2)
    #expect(none.utility[0].trainedOnSynthetic == nil && none.columns[3].distance == 1)
  }

  @Test func theSameRowsGiveTheSameReport() throws {
    let synthetic = try ExampleTable.data(130, seed: 2)
    let settings = FidelitySettings(seed: 5, mostRows: 100)
    let first = try Self.report(synthetic, settings)
    #expect(try first == Self.report(synthetic, settings))
    #expect(try first != Self.report(synthetic, FidelitySettings(seed: 6, mostRows: 100)))
  }

  /// All rows of another table stand against the synthetic ones; what training rows reach is left out.
  @Test func anotherTableHasNoTrainingRows() throws {
    let synthetic = try ExampleTable.data(150, seed: 2, shift: 3)
    let real = try ExampleTable.data(120, seed: 1)
    let report = try FidelityReport(
      real: real, train: nil, heldOut: Array(0..<120), synthetic: synthetic)
    #expect(report.rows == .init(train: nil, heldOut: 120, synthetic: 150))
    #expect(report.columns.map(\.name) == ["height", "size", "colour", "weight"])
    #expect(report.columns[0].distance > 0.8 && report.columns[1].distance < 0.2)
    #expect(report.detectionAUC > 0.95)
    #expect(report.utility.map(\.target) == ["weight", "size"])
    #expect(report.utility.allSatisfy { $0.trainedOnSynthetic != nil && $0.trainedOnReal == nil })
    #expect(report.columns.allSatisfy { $0.baseline == nil } && report.meanColumnBaseline == nil)
    #expect(report.correlationDifference != nil && report.correlationBaseline == nil)
    #expect(report.privacy == nil)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
    #expect(object["privacy"] is NSNull && object["meanColumnBaseline"] is NSNull)
    let table = report.table
    #expect(table.contains("120 real, 150 synthetic") && table.contains("learned from other data"))
    #expect(!table.contains("privacy   ") && !table.contains("training  "))
    #expect(throws: FidelityFailure.tooFewRows(part: "real", count: 9)) {
      try FidelityReport(real: real, train: nil, heldOut: Array(0..<9), synthetic: synthetic)
    }
  }

  /// Columns and levels in another order, as a file of synthetic rows may have them.
  @Test func columnsAndLevelsAreFoundByName() throws {
    let settings = FidelitySettings(target: "size", mostRows: 60)
    let columns = ExampleTable.columns(130, seed: 2)
    let schema = try RecordSchema(fields: [
      Field(name: "size", kind: .category(levels: ["large", "middle", "small"])),
      ExampleTable.schema.fields[3], ExampleTable.schema.fields[2], ExampleTable.schema.fields[0],
    ])
    let moved = try DataSet(
      schema: schema,
      columns: [
        .levels(columns[1].levels.map { 2 - $0 }), columns[3], columns[2], columns[0],
      ])
    let report = try Self.report(moved, settings)
    #expect(try report == Self.report(ExampleTable.data(130, seed: 2), settings))
    #expect(report.utility.map(\.target) == ["size"])
  }

  @Test func positiveNumbersAreJudgedByTheirLogarithmToo() throws {
    func data(_ seed: UInt64) throws -> DataSet {
      let numbers = BoostedTreesTests.features(150, seed: seed)[0].map { ($0 + 1) * 2 + 0.1 }
      return try DataSet(
        schema: RecordSchema(fields: ["x", "y"].map { Field(name: $0, kind: .number) }),
        columns: [.numbers(numbers), .numbers(numbers.map { exp($0) })])
    }
    let parts = ExampleTable.split(100, of: 150)
    let report = try FidelityReport(
      real: data(1), train: parts.train, heldOut: parts.heldOut, synthetic: data(2))
    #expect(report.utility.map(\.measure) == [.determination, .determinationOfLogarithm])
    #expect(
      !report.utility.isEmpty
        && report.utility.allSatisfy { $0.target == "y" && ($0.trainedOnReal ?? 0) > 0.8 })
  }

  @Test func theFormsForMachinesAndForPeople() throws {
    let report = try Self.report(ExampleTable.data(60, seed: 2), FidelitySettings(mostRows: 60))
    let json = try report.json
    #expect(try json == report.json)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "columns", "correlationBaseline", "correlationDifference", "correlations", "detectionAUC",
        "meanColumnBaseline", "meanColumnDistance", "privacy", "rows", "utility",
      ])
    let columns = try #require(object["columns"] as? [[String: Any]])
    #expect(
      columns[0].keys.sorted() == [
        "baseline", "distance", "kind", "missingReal", "missingSynthetic", "name",
      ])
    #expect(columns[1]["kind"] as? String == "category")
    let privacy = try #require(object["privacy"] as? [String: Any])
    #expect(
      privacy.keys.sorted() == [
        "copies", "copiesHeldOut", "nearerToTraining", "rareRowsExposed", "rareRowsExposedHeldOut",
      ])
    let lines = report.table.split(separator: "\n")
    #expect(lines[0] == "rows                            200 training, 120 held out, 60 synthetic")
    #expect(lines.contains { $0.hasPrefix("  height  ") })
    #expect(lines.contains { $0.hasPrefix("  size, balanced accuracy  ") })
    #expect(!lines.isEmpty && lines.allSatisfy { $0.count <= 100 })
  }
}
