import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// Records as files have them.
@Suite struct RecordTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(
    _ records: [Records], forms: [String: NumberForm] = [:], separator: String = ","
  ) throws -> String {
    let path = folder.file("a.csv")
    try RecordTable(records, forms: forms).write(
      to: path, separator: try #require(separator.utf8.first))
    return try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
  }

  private func records(_ fields: [Field], _ columns: [RecordColumn]) throws -> Records {
    try Records(schema: RecordSchema(fields: fields), columns: columns)
  }

  /// Each number is a cell of its own, whatever parts cells.
  @Test(arguments: [",", "\t"])
  func vectorsAreOneCellForEachNumber(separator: String) throws {
    let table = try records(
      [Field(name: "place", kind: .vector(count: 2)), Field(name: "size", kind: .number)],
      [.numbers([1, .nan, 2.5, 4], width: 2), .numbers([7, 8])])
    let lines = [["place0", "place1", "size"], ["1.0", "", "7.00"], ["2.5", "4.0", "8.00"]]
    #expect(
      try written([table], forms: ["size": .decimals(2)], separator: separator)
        == lines.map { $0.joined(separator: separator) + "\n" }.joined())
  }

  @Test func emptyCellsOfAnOnlyColumnComeBack() throws {
    let column = RecordColumn.numbers([0.5, nil, 0.25, nil])
    let text = try written(
      [records([Field(name: "size", kind: .number)], [column])], forms: ["size": .decimals(2)])
    #expect(text == "size\n0.50\n\n0.25\n\n")
    let back = try DataSet.load(folder.put(text, "b.csv"))
    #expect(back.columns == [column])
  }

  @Test func namesComeOnce() throws {
    let size = Field(name: "size", kind: .number)
    let (one, two) = (try records([size], [.numbers([1])]), try records([size], [.numbers([2])]))
    #expect(try written([one, two]) == "size,size 2\n1.0,2.0\n")
    #expect(RecordTable([one, two], forms: [:]).arrays.map(\.name) == ["size", "size 2"])
    var names = UnusedNames(["a", "a 2"])
    #expect(["a", "a", "b"].map { names.take($0) } == ["a 3", "a 4", "b"])
  }

  @Test func missingValuesOfArrays() throws {
    let table = RecordTable(
      [
        try records(
          [
            Field(name: "label", kind: .category(levels: ["a", "b"])),
            Field(name: "whole", kind: .number), Field(name: "holed", kind: .number),
            Field(name: "place", kind: .vector(count: 2)),
          ],
          [
            .levels([1, nil]), .numbers([7, 8]), .numbers([nil, 3]),
            .numbers([1, 2, 3, .nan], width: 2),
          ])
      ], forms: ["whole": .decimals(0), "holed": .decimals(0)])
    let arrays = table.arrays
    #expect(arrays.map(\.shape) == [[2], [2], [2], [2, 2]])
    #expect(arrays[0].values == .int64([1, -1]) && arrays[1].values == .int64([7, 8]))
    guard case .float64(let holed) = arrays[2].values, case .float64(let place) = arrays[3].values
    else {
      Issue.record("Numbers with holes are \(arrays[2].values) and \(arrays[3].values).")
      return
    }
    #expect(holed[0].isNaN && holed[1] == 3)
    #expect(place[0..<3] == [1, 2, 3] && place[3].isNaN)
    #expect(
      table.lines() == [
        #"{"label":"b","whole":7,"holed":null,"place":[1.0,2.0]}"#,
        #"{"label":null,"whole":8,"holed":3,"place":[3.0,null]}"#,
      ])
  }
}
