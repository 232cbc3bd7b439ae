import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// Tables of records.
@Suite struct TableFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(_ text: String, _ name: String = "a.csv", schema: String? = nil) throws
    -> DataSet
  {
    try folder.put(text, name)
    if let schema { try folder.put(schema, "schema.yaml") }
    return try DataSet.load(folder.file(name))
  }

  private func column(_ cells: [String], schema: String? = nil) throws -> (
    field: Field, column: RecordColumn, form: NumberForm?
  )? {
    let rows = cells.enumerated().map { "\($1),\($0 % 3 == 0 ? "a" : "b")" }
    let data = try load((["x,other"] + rows).joined(separator: "\n"), schema: schema)
    guard let index = try? data.schema.index(of: "x") else { return nil }
    return (data.schema.fields[index], data.columns[index], data.forms["x"])
  }

  private func refusal(_ text: String, _ name: String = "a.csv") -> String {
    sentence { _ = try load(text, name) }.replacingOccurrences(of: folder.path, with: "…")
  }

  @Test func typesAreInferred() throws {
    let number = try #require(try column(["0.25", "", "7.5", "NA", "-1"]))
    #expect(number.field.kind == .number)
    #expect(number.form == .spelled(NumberSpelling(decimals: 2, zeros: .dropped)))
    #expect(number.column == .numbers([0.25, nil, 7.5, nil, -1]))

    let integers = (0..<50).map { "\($0 * $0)" }
    #expect(try column(integers)?.form == .decimals(0))
    let ordinal = try #require(try column(["3", "10", "3", "?", "1"]))
    #expect(ordinal.field.kind == .category(levels: ["1", "3", "10"]))
    #expect(ordinal.column == .levels([1, 2, 1, nil, 0]))

    let text = try #require(try column(["red", "blue", "null", "red", "7"]))
    #expect(text.field.kind == .category(levels: ["7", "blue", "red"]))
    #expect(text.column == .levels([2, 1, nil, 2, 0]))

    let mixed = try #require(try column(["x", "10", "2", "3", "10", "A"]))
    #expect(mixed.field.levels == ["2", "3", "10", "A", "x"])
    let amounts = try #require(try column(["free", "$10", "$2", "free", "$100", "$2"]))
    #expect(amounts.field.levels == ["$2", "$10", "$100", "free"])

    let constant = try #require(try column(["2.5", "2.5", "", "2.5"]))
    #expect(constant.field.kind == .category(levels: ["2.5"]))
  }

  @Test func datesAreDaysAndTimesAreSeconds() throws {
    let days = try #require(try column(["2026-03-31", "", "2026-03-01", "2027-03-01"]))
    #expect(days.form == .days(since: "2026-03-01"))
    #expect(days.column == .numbers([30, nil, 0, 365]))
    let times = try #require(try column(["2026-03-01 10:00:00", "2026-03-01 10:00:07"]))
    #expect(times.form == .seconds(since: "2026-03-01 10:00:00"))
    #expect(times.column == .numbers([0, 7]))
    let local = try #require(try column(["31/03/2026", "01/02/2026"]))
    #expect(local.form == .days(since: "31/01/2026"))
    #expect(local.column == .numbers([59, 1]))
  }

  @Test func identifiersAndTextsAreLeftOut() throws {
    #expect(try column((1...30).map { "\($0)" }) == nil)
    let notes = try load("id,x,y\n1,a,0.5\n2,b,0.7\n3,a,0.1\n").notes
    #expect(notes.count == 1)
    #expect(
      notes[0].hasSuffix(
        "column 'id' is left out, as it numbers the records: each value is one more than the last.")
    )
    let names = try load("name,x\nann,a\nbob,a\neve,b\n").notes
    #expect(
      names[0].hasSuffix(
        "column 'name' is left out, as all of its texts differ; if they are texts, say 'kind: text' in "
          + "schema.yaml."))
    #expect(try column((1...30).map { "\($0)" }, schema: "fields: {x: {kind: number}}") != nil)
  }

  @Test func emptyColumnsAreLeftOut() throws {
    let data = try load("a,b\n1,\n2,NA\n2,?\n")
    #expect(data.schema.fields.map(\.name) == ["a"] && data.leftOut == ["b"])
    #expect(data.notes.count == 1)
    #expect(data.notes[0].hasSuffix("a.csv: column 'b' is left out, as it has no value."))
  }

  /// Behind 10,000 levels texts are no category, numbers still numbers.
  @Test func largeCategories() throws {
    let rows = (0..<30_000).map { "level \($0 % 10_000),n\($0 % 12_000),\(($0 * 7) % 20_011)" }
    let data = try load((["a,b,c"] + rows).joined(separator: "\n"))
    #expect(data.schema.fields.map(\.name) == ["a", "c"])
    #expect(data.schema.fields[0].levels.count == 10_000)
    #expect(data.schema.fields[1].kind == .number)
    #expect(data.notes[0].contains("column 'b' is left out, as it has more than 10000 different"))
    let levels = data.columns[0].levels
    let numbers = data.columns[1].numbers
    for index in stride(from: 0, to: 30_000, by: 1777) {
      #expect(data.schema.fields[0].levels[Int(levels[index])] == "level \(index % 10_000)")
      #expect(numbers[index] == Double(index * 7 % 20_011))
    }
  }

  @Test func everyFormIsTheSameTable() throws {
    let text = "x,label\n0.5,\"a,b\"\n1.5,c\n0.25,\"a,b\"\n"
    let plain = try load(text)
    let tabbed = try load("x\tlabel\n0.5\ta,b\n1.5\tc\n0.25\ta,b\n", "a.tsv")
    let windows = try load("\u{FEFF}" + text.replacingOccurrences(of: "\n", with: "\r\n"))
    let packed = Process()
    try folder.put(text, "b.csv")
    packed.executableURL = URL(fileURLWithPath: "/bin/gzip")
    packed.arguments = [folder.file("b.csv")]
    try packed.run()
    packed.waitUntilExit()
    let compressed = try DataSet.load(folder.file("b.csv.gz"))
    for other in [tabbed, windows, compressed] {
      #expect(other.columns == plain.columns && other.schema == plain.schema)
    }
  }

  @Test(arguments: [
    ("", ": expected a first row of column names, got an empty file"),
    ("a,b\n", ": expected a row for each record, got column names alone"),
    ("a\n1\n2,3\n", ", line 3: expected 1 cell, as many as there are column names, got 2"),
    ("a,b\n1,2\n3\n", ", line 3: expected 2 cells, as many as there are column names, got 1"),
    ("a,b\n1,2\n3,4,5\n", ", line 3: expected 2 cells, as many as there are column names, got 3"),
    ("a,b\n1,\"2\n3,4\n", ", line 2, column 2: expected a quote that ends the cell"),
    ("a,a\n1,2\n", ", line 1, column 2: expected a name that no other column has, got 'a' twice"),
    (
      "\u{E9},e\u{301}\n1,2\n",
      ", line 1, column 2: expected a name that no other column has, got two spellings of one name, "
        + "'\u{E9}' (U+00E9) and 'e\u{301}' (U+0065 U+0301)"
    ),
    ("id,b\n1,x\n2,y\n3,z\n", ": expected a column of numbers or of levels that records share"),
  ])
  func saysWhatIsWrong(text: String, words: String) {
    #expect(refusal(text).hasPrefix("…/a.csv" + words), "\(refusal(text))")
  }

  @Test func damagedFilesAreRefused() throws {
    try folder.put([0x61, 0x0A, 0xE4, 0x0A, 0x62, 0x0A], "a.csv")
    #expect(
      sentence { _ = try DataSet.load(folder.file("a.csv")) }.contains(
        "a.csv, line 2, column 1: expected text in UTF-8, got bytes that aren't"))
    try folder.put([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2], "b.csv.gz")
    #expect(
      sentence { _ = try DataSet.load(folder.file("b.csv.gz")) }.contains("b.csv.gz: expected"))
  }

  @Test func theSchemaFileDecides() throws {
    #expect(
      try column(["1", "2", "1"], schema: "fields: {x: {kind: number}}")?.field.kind == .number)
    #expect(
      sentence { _ = try column(["1", "two", "1"], schema: "fields: {x: {kind: number}}") }
        .contains("a.csv, line 3: expected a number in column 'x', got 'two'"))
    #expect(try column(["1", "2", "1"], schema: "ignore: [x]") == nil)
  }

  /// Whatever bytes come, they are a table or refused in one sentence.
  @Test(arguments: 0..<8)
  func anyBytesAreReadOrRefused(seed: UInt64) throws {
    var generator = QuantileMapTests.SplitMix(state: seed)
    let start = "id,cut,\"a, b\",day\r\n1,Fair,0.25,2026-03-01\r\n2,\"Go\"\"od\",,NA\n3,x,1e5,?\n"
    let pieces = [
      ",", "\"", "\n", "\r", "\"\"", "1e999", "-", "9999999999999999999", "NaN", "\u{FEFF}",
    ]
    for _ in 0..<400 {
      var bytes = Array(start.utf8)
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        case 1: bytes.removeSubrange(place..<min(place + 3, bytes.count))
        case 2: bytes.removeSubrange(place...)
        default:
          bytes.insert(
            contentsOf: (pieces.randomElement(using: &generator) ?? "").utf8, at: place)
        }
      }
      var position = 0
      do {
        var reader = try TableReader("a.csv", separator: UInt8(ascii: ","), capacity: 8) { target in
          let count = min(target.count, bytes.count - position)
          target.copyBytes(from: bytes[position..<position + count])
          position += count
          return count
        }
        _ = try TableFile.read(&reader, "a.csv", FieldRequests(file: nil, model: nil))
      } catch let failure as DataFileFailure {
        #expect(failure.description.hasPrefix("a.csv") && failure.description.hasSuffix("."))
      }
    }
  }
}
