import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// Folders of tables for the splits.
@Suite struct TableFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func rows(_ numbers: Range<Int>) -> String {
    numbers.map { "\($0 % 2 == 0 ? "x" : "y"),\(Double($0) / 4)\n" }.joined()
  }

  /// Columns by their names, in one schema; the test split is the data's own.
  @Test func tablesAreSplits() throws {
    try folder.put("label,size\n" + rows(0..<30), "train.csv")
    let turned = (40..<50).map { #"{"size":\#(Double($0) / 4),"label":"z"}"# + "\n" }
    try folder.put(turned.joined(), "test.jsonl")
    try folder.put("label,size\n" + rows(30..<40), "validation.csv")
    let data = try DataSet.load(folder.path)
    #expect(data.schema.fields.map(\.name) == ["label", "size"])
    #expect(data.schema.fields[0].levels == ["x", "y", "z"] && data.ownTest == 40..<50)
    #expect((0..<50).map { data.columns[1].number($0) } == (0..<50).map { Double($0) / 4 })
    #expect(
      data.notes == [
        "\(folder.path): the records in 'train.csv' and 'validation.csv' are divided into training "
          + "and validation splits; the 10 records in 'test.jsonl' are the test split."
      ])
    let split = DataSplit(data, seed: 1, validation: 0.2)
    #expect(
      split.test == (40..<50).map { Int32($0) } && split.train.count + split.validation.count == 40)
  }

  @Test func trainingAloneIsEnough() throws {
    try folder.put("label,size\n" + rows(0..<30), "Train.csv")
    let data = try DataSet.load(folder.path)
    #expect(data.count == 30 && data.ownTest == nil)
  }

  @Test(
    arguments: [
      ("label\nx\n", "none named 'size'"), ("label,size,x\nx,1,2\n", "further ones, 'x'"),
    ])
  func otherColumnsAreRefused(table: String, actual: String) throws {
    try folder.put("label,size\n" + rows(0..<30), "train.csv")
    try folder.put(table, "test.csv")
    let failure = #expect(throws: DataFileFailure.self) { try DataSet.load(folder.path) }
    #expect(failure?.path == folder.file("test.csv") && failure?.actual == actual)
  }

  /// A table beside them makes it another folder.
  @Test func otherTablesAreNoSplits() throws {
    try folder.put("label,size\n" + rows(0..<30), "train.csv")
    try folder.put("label,size\n" + rows(0..<30), "shops.csv")
    #expect(throws: DataFileFailure.self) { try DataSet.load(folder.path) }
  }
}
