import Foundation
import RecordTypes
import Testing

@testable import ConditionalData

/// The parts of a stored table are those that the same table in memory has.
@Suite struct StoredSplitTests {
  let folder: TemporaryFolder
  let path: String
  let table: StoredTable
  let whole: DataSet

  init() throws {
    folder = try TemporaryFolder()
    let lines = (0..<9500).map { row in
      "\(row % 17),\(Double(row * 7919 % 9973) / 8),\(row % 13 == 0 ? "" : "k\(row * 5 % 23)"),\(row % 9 == 2 ? "" : "\(row * 3 % 4001)")"
    }
    path = try folder.put("a,b,kind,d\n" + lines.joined(separator: "\n"), "rows.csv")
    let cache = TableCache(folder.file("table.cache"), memory: 0)
    guard case .stored(let table) = try LoadedData.load(path, cache: cache) else {
      throw CancellationError()
    }
    self.table = table
    whole = try DataSet.load(path)
  }

  @Test(arguments: [nil, "kind"] as [String?])
  func samplesOfASmallTableAreItsSplit(by field: String?) throws {
    let data = try DataSet(table, seed: 5, validation: 0.2, by: field)
    let split = try DataSplit(whole, seed: 5, validation: 0.2, by: field)
    let stored = try #require(data.stored)
    #expect(stored.samples == split)
    #expect(data.records == whole.records)
    #expect(data.fingerprint == whole.fingerprint)
    #expect(stored.trainingCount == split.train.count)
    let training = try stored.training(
      ofBlocks: 0..<table.blocks, fields: ["b", "kind", "d"], count: 0)
    #expect(training.numbers == split.train)
    let expected = whole.selecting { $0.name != "a" }.records.selecting(
      split.train.map { Int($0) })
    #expect(training.records.columns == expected.columns)
  }

  @Test func whatIsMeasuredEqualsToTheLastBit() throws {
    let data = try DataSet(table, seed: 5, validation: 0.2, by: nil)
    let split = DataSplit(whole, seed: 5, validation: 0.2)
    let names = whole.schema.fields.map(\.name)
    let expected = try Preprocessing.fit(whole, on: split.train, fields: names)
    #expect(try data.stored?.preprocessing(fields: names) == expected)
  }

  @Test func aFieldToSplitByMustBeACategory() throws {
    #expect(throws: (any Error).self) {
      try DataSet(table, seed: 5, validation: 0.2, by: "b")
    }
    #expect(throws: UnknownName.self) {
      try DataSet(table, seed: 5, validation: 0.2, by: "nothing")
    }
  }
}
