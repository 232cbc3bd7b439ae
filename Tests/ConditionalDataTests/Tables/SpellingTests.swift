import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// What is read of a column is written as it was, or a note says what differs.
@Suite struct SpellingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The kind that a column becomes, its cells as they are written again, and the note about it.
  private func read(
    _ cells: [String], schema: String? = nil
  ) throws -> (kind: FieldKind?, cells: [String], note: String?) {
    let rows = cells.enumerated().map { index, cell in
      "\(CellText.quoted(cell)),\(index % 3 == 0 ? "a" : "b")"
    }
    try folder.put((["x,other"] + rows).joined(separator: "\n") + "\n", "a.csv")
    if let schema { try folder.put(schema, "schema.yaml") }
    let data = try DataSet.load(folder.file("a.csv"))
    let note = data.notes.first { $0.contains("'x'") }
    guard let index = try? data.schema.index(of: "x") else { return (nil, [], note) }
    let table = RecordTable([data.records], forms: data.forms)
    let written = try TableForm.allCases.map { form in
      let path = folder.file("b.\(form.rawValue)")
      try table.write(to: path, as: form)
      var reader = try TableReader(path)
      var written: [String] = []
      try reader.readRows { column, cell, _ in
        if column == index { written.append(String(decoding: cell, as: UTF8.self)) }
      }
      return written
    }
    #expect(Set(written).count == 1, "Each form of table has the same cells.")
    return (data.schema.fields[index].kind, written[0], note)
  }

  private static let numbers: [[String]] = [
    // Fixed digits; zeros that are dropped; one that is kept.
    ["3.50", "12.00", "-0.25"], ["3.5", "12", "-0.25"], ["3.5", "12.0", "-0.25"],
    ["1,234.50", "999.00", "-12,345,678.25"], ["1.234,5", "999,25", "0,5"],
    ["0,5", "1,234", "17,5"],
    ["12.5%", "3%", "-0.5%"], ["€12.50", "€0.99", "-€1.00"], ["12,50 €", "7,00 €", "0,10 €"],
    ["$1,000", "$12", "$999,999"], ["1 234", "12", "1 234 567"], ["1'234.5", "12", "7.25"],
    ["9007199254740991", "-12", "4503599627370497"], ["48.8566", "2.3522", "-0.1278"],
    ["1e-05", "0.12345678901", "1e+16"],
  ]

  /// Many different numbers of one spelling.
  @Test(arguments: numbers)
  func numbersComeBack(cells: [String]) throws {
    let found = try read(cells, schema: "fields: {x: {kind: number}}")
    #expect(found.kind == .number)
    #expect(found.cells == cells)
  }

  @Test func manyNumbersAreFound() throws {
    let plain = (0..<300).map { Double($0 * 7919 % 100_003) / 8 }
    for (prefix, suffix) in [("", ""), ("$", ""), ("", "%"), ("", " €")] {
      let cells = plain.map { "\(prefix)\($0)\(suffix)" }
      let found = try read(cells)
      #expect(found.kind == .number && found.cells == cells)
      #expect((found.note == nil) == (prefix + suffix).isEmpty)
    }
  }

  private static let times: [[String]] = [
    ["2026-03-31", "1999-01-02"], ["20260331", "19990102"], ["31/03/2026", "01/12/1999"],
    ["3/31/2026", "12/1/1999"], ["31.3.2026", "1.12.1999"], ["2026/03/31", "2026/01/02"],
    ["2026-03-31T10:00:00+02:00", "2025-12-31T23:30:00+02:00"],
    ["2026-03-31T10:00:00Z", "2026-03-31T10:00:01Z"], ["2026-03-31 10:00", "2026-03-31 09:59"],
    ["2026-03-31 10:00:00.250", "2026-03-31 10:00:00.001"],
    ["31/01/2026 00:00:00.5", "31/01/2026 00:00:00.0", "01/01/2026 10:00:00.1"],
  ]

  @Test(arguments: times)
  func timesComeBack(cells: [String]) throws {
    let found = try read(cells, schema: "fields: {x: {kind: number}}")
    #expect(found.kind == .number)
    #expect(found.cells == cells)
  }

  private static let levels: [[String]] = [
    ["02134", "10001", "00501"], ["+1", "+2"], ["1E5", "2E7"], ["1e3", "2e3"],
    ["1.10", "1.9", "1.2"],
    ["5", "10", "10.0"], ["1.0", "2.0"], ["007", "7"], ["e\u{301}", "\u{E9}"], ["a\r\nb", "a\nb"],
    ["123456789012345678", "123456789012345679"], [" a", "a"], ["0", "-0"], ["$5", "$10"],
  ]

  @Test(arguments: levels)
  func levelsComeBack(cells: [String]) throws {
    let many = (0..<24).map { cells[$0 % cells.count] }
    let found = try read(many)
    #expect(found.kind?.content is CategoryKind)
    #expect(found.cells.map { Array($0.utf8) } == many.map { Array($0.utf8) })
  }

  @Test(arguments: [
    ("55", " 55", "written plainly: ' 55' in line 11 is spelled otherwise"),
    ("55", "unknown", "nearly all are numbers, but 'unknown' in line 11 is not"),
    ("55", "2020*", "nearly all are numbers, but '2020*' in line 11 is not"),
    (
      "2026-03-31T10:00:00+02:00", "2026-03-31", "nearly all are times, but '2026-03-31' in line 11"
    ),
  ])
  func oneOddCellIsNamed(cell: String, odd: String, note: String) throws {
    for count in [40, 1] {
      // Few values make a category, many are left out.
      var cells = (0..<60).map { index in
        count == 1 && cell == "55" ? "\(index * index)" : index % 2 == 0 ? cell : cell + "0"
      }
      if cell.contains("T") {
        cells = (0..<60).map { index in
          "2026-03-31T10:00:\(10 + index % count.advanced(by: 9))+02:00"
        }
      }
      cells[9] = odd
      let found = try read(cells)
      // A padded cell among few is a level of its own, and comes back.
      guard odd != " 55" || count == 1 else {
        #expect(found.cells == cells)
        continue
      }
      #expect(found.note?.contains(note) == true, "\(found.note ?? "no note")")
    }
  }

  /// Numbers with marks count as numbers, too.
  @Test func anOddCellAmongMarkedNumbersIsNamed() throws {
    for odd in ["tbd", "-"] {
      var cells = (0..<200).map { NumberSpelling(decimals: 2, group: ",").text(Double($0 * 37)) }
      cells[150] = odd
      #expect(try read(cells).note?.contains("'\(odd)' in line 152 is not") == true)
    }
  }

  /// One cell spelled otherwise never changes what the marks of all others mean.
  @Test(arguments: ["1685", "12,34", "1.685", "0,685", "1685,5"], [0, 700, 11_500])
  func oneOddNumberAmongThousandsIsNamed(odd: String, place: Int) throws {
    let spelling = NumberSpelling(decimals: 0, group: ",")
    // Behind more levels than a category has, too.
    var cells = (0..<(place < 1_000 ? 1_000 : 12_000)).map {
      spelling.text(Double(1_000 + $0 * 437 % 899_981))
    }
    cells[place] = odd
    let found = try read(cells)
    #expect(found.kind == nil)
    let words =
      "nearly all are numbers such as '1,234', but '\(odd)' in line \(place + 2) is not; correct it, or"
    #expect(found.note?.contains(words) == true, "\(found.note ?? "no note")")
    let refusal = sentence { _ = try read(cells, schema: "fields: {x: {kind: number}}") }
    #expect(refusal.contains("line \(place + 2): expected a number in column 'x', got '\(odd)'"))
  }

  /// Nor does one with a comma among numbers of three decimals.
  @Test func oneOddNumberAmongDecimalsIsNamed() throws {
    var cells = (0..<300).map { "\(1 + $0 % 90).\(100 + $0 * 7 % 900)" }
    cells[200] = "1,685"
    let found = try read(cells)
    #expect(
      found.note?.contains("nearly all are numbers, but '1,685' in line 202 is not") == true,
      "\(found.note ?? "no note")")
  }

  /// Marks that more than a few cells show are what they are.
  @Test func decimalsStayDecimals() throws {
    let three = (0..<300).map { "\(1 + $0 % 9),\(100 + $0 * 7 % 900)" }
    for (cells, decimals) in [
      (three + ["0,5", "1,25", "7,5", "3,75"], 3), (three + ["12.5"], 1),
      (three + ["1,250.125"], 3),
      (three + (0..<9).map { "12.12\($0)" }, 3), (["1,234", "0,5"], 3),
      ((0..<90).map { "\($0)" } + ["2,125", "7,5"], 3), ((0..<40).map { "0,\(125 + 8 * $0)" }, 3),
    ] {
      let found = try read(cells, schema: "fields: {x: {kind: number}}")
      #expect(found.kind == .number && found.note?.contains("nearly") != true)
      let form = try #require(try DataSet.load(folder.file("a.csv")).forms["x"])
      #expect(form.decimals == decimals, "\(cells.last ?? "")")
    }
  }

  /// Wherever odd cells stand, and however the numbers are spelled, a note names them and what to do.
  @Test(arguments: [
    (["", "%"], [0], "'odd 0' in line 2 is not; correct it, or, where nothing is known, say"),
    (["$", ""], [0, 5], "'odd 0' in line 2 and 'odd 5' in line 7 are not; correct them"),
    (
      ["", ""], [0, 1, 2, 3, 4],
      "line 2, 'odd 1' in line 3, 'odd 2' in line 4 and 2 other cells are"
    ),
    (["", " €"], [299], "{x: {missing: [\"odd 299\"]}}' in schema.yaml"),
  ])
  func oddCellsAreNamedWhereverTheyStand(marks: [String], odd: [Int], words: String) throws {
    var cells = (0..<600).map { "\(marks[0])\($0 * 7 % 200).5\(marks[1])" }
    for index in odd { cells[index] = "odd \(index)" }
    let note = try #require(try read(cells).note)
    #expect(note.contains("nearly all are numbers, but 'odd"), "\(note)")
    #expect(note.contains(words), "\(note)")
    #expect(note.contains("is taken as a category; nearly"), "\(note)")
    // Who asks for a category is told nothing.
    #expect(try read(cells, schema: "fields: {x: {kind: category}}").note == nil)
  }

  /// Numbers of which some look like dates are numbers, of which nothing is to be said.
  @Test func numbersThatLookLikeDates() throws {
    let cells = (0..<30).map { ["20260331", "87654321", "20260401"][$0 % 3] }
    let found = try read(cells)
    #expect(found.cells == cells && found.note == nil, "\(found.note ?? "")")
  }

  /// One word for what isn't known may be frequent.
  @Test func aFrequentWordIsOdd() throws {
    let cells = (0..<400).map { $0 % 3 == 0 ? "-" : "\($0).25" }
    let note = try #require(try read(cells).note)
    #expect(note.contains("but '-' in line 2 and 133 other cells are not"), "\(note)")
    #expect(note.contains("{x: {missing: [\"-\"]}}"), "\(note)")
    #expect(try read(["a", "1", "b", "2", "a", "a"]).note == nil)
  }

  /// Behind more levels than a category has, too.
  @Test func oddCellsAmongVeryManyAreNamed() throws {
    for place in [0, 11_000] {
      var cells = (0..<12_000).map { "\($0).5%" }
      cells[place] = "tbd"
      let note = try #require(try read(cells).note)
      #expect(note.contains("nearly all are numbers, but 'tbd' in line \(place + 2) is not"))
    }
  }

  /// Times whose offset changes aren't times that can be written back, and that is said first.
  @Test func severalOffsetsAreSaid() throws {
    let cells = (0..<60).map { "2026-0\(1 + $0 % 9)-10T10:00:\(10 + $0 % 50)+0\(1 + $0 % 2):00" }
    let found = try read(cells)
    #expect(found.kind == nil)
    #expect(
      found.note?.contains(
        "is left out, as its times have 2 offsets, +01:00 in 30 cells and +02:00 in 30 cells, which "
          + "can't be written back") == true, "\(found.note ?? "none")")
    let mixed = try read(
      ["2026-01-10T10:00:00+02:00"] + [String](repeating: "2026-01-10T10:00:00Z", count: 9))
    #expect(mixed.note?.contains("2 offsets, Z in 9 cells and +02:00 in 1 cell, which") == true)
    #expect(try read(cells, schema: "fields: {x: {kind: category}}").cells == cells)
    #expect(
      sentence { _ = try read(cells, schema: "fields: {x: {kind: number}}") }
        .contains("expected times of one offset in column 'x', got 2 offsets, +01:00 in 30 cells"))
  }

  /// Times lie on the steps that all of them have from the first one on.
  @Test(arguments: [
    (["2026-01-01 10:30:00", "2026-01-01 08:00:00", "2026-01-03 09:30:00"], 1800),
    (["2026-01-01 10:30", "2026-01-01 08:07", "2026-01-03 09:30"], 60),
    (["2026-01-01 00:00:00", "2026-01-03 00:00:00"], 86_400),
    (["2026-01-01 10:00:00.5", "2026-01-01 10:00:01.0"], 1),
    (["2026-01-01 10:00:00.5", "2026-01-01 10:00:30.5"], 30),
    (["31/01/2026 10:00:00", "30/01/2026 10:15:00"], 900),
    (["2026-01-05", "2026-01-19", "2026-01-12"], 7), (["2026-01-05", "2026-01-06"], 1),
    (["2026-01-01 10:00:01", "2026-01-01 10:00:08"], 1),
  ])
  func timesLieOnAGrid(cells: [String], step: Int) throws {
    try folder.put((["x,other"] + cells.map { "\($0),a" }).joined(separator: "\n"), "a.csv")
    let form = try #require(try DataSet.load(folder.file("a.csv")).forms["x"])
    switch form {
    case .days(_, let found), .seconds(_, let found):
      #expect(found == step || found == 1 && step == 60)
    case .decimals, .spelled: Issue.record("These are times.")
    }
    let first = try #require(form.number(spelled: cells[0]))
    for part in step == 1 ? [] : [0.3, 0.49, -0.4] {
      #expect(form.text(form.rounded(first + part * Double(step))) == cells[0])
    }
    let back = try JSONDecoder().decode(NumberForm.self, from: JSONEncoder().encode(form))
    #expect(back == form)
  }

  /// A time without a zone is one of the column's own, and a date in another order is none.
  @Test func timesAreReadAsTheColumnHasThem() throws {
    let zoned = NumberForm.seconds(since: "2026-05-05T00:00:00+02:00")
    #expect(zoned.number(spelled: "2026-05-05 10:00") == 36_000)
    #expect(zoned.number(spelled: "2026-05-05T10:00:00+02:00") == 36_000)
    #expect(zoned.number(spelled: "2026-05-05T08:00:00Z") == 36_000)
    #expect(zoned.number(spelled: "2026-05-06") == 86_400)
    let local = NumberForm.days(since: "31/01/2026")
    #expect(local.number(spelled: "03/02/2026") == 3)
    #expect(local.number(spelled: "2026-02-03") == 3)
    #expect(local.number(spelled: "02/13/2026") == nil)
  }

  /// A date alone stands for its whole day in a column of times.
  @Test func aDateIsAllTimesOfItsDay() throws {
    for (origin, step, text, last) in [
      ("2026-05-05 10:30:00", 1, "2026-05-06", "2026-05-06 23:59:59"),
      ("2026-05-05 10:30:00.5", 1, "2026-05-06", "2026-05-06 23:59:59.9"),
      ("2026-05-05 10:30", 1, "2026-05-06", "2026-05-06 23:59"),
      ("2026-05-05 10:30:00", 1800, "2026-05-06", "2026-05-06 23:30:00"),
      ("2026-05-05T10:00:00+02:00", 3600, "2026-05-06", "2026-05-06T23:00:00+02:00"),
      ("05/05/2026 10:30:00", 1, "06/05/2026", "06/05/2026 23:59:59"),
      ("05/05/2026 10:30:00", 1, "2026-05-06", "06/05/2026 23:59:59"),
    ] {
      let form = NumberForm.seconds(since: origin, every: step)
      let end = try #require(form.last(spelled: text), "\(origin)")
      #expect(form.text(end) == last)
      #expect(abs(try #require(form.number(spelled: last)) - end) < 1e-4)
      #expect(try #require(form.number(spelled: text)) > end - 86_400)
      #expect(form.last(spelled: last) == nil && form.last(spelled: "soon") == nil)
    }
    #expect(NumberForm.days(since: "2026-05-05").last(spelled: "2026-05-06") == nil)
  }

  /// Identifiers are not rounded to what a number keeps.
  @Test func longIdentifiersAreTexts() throws {
    let cells = (0..<40).map { "12345678901234567\($0 + 10)" }
    let found = try read(cells)
    #expect(found.kind == nil)
    #expect(found.note?.contains("has more digits than a number keeps") == true)
  }

  @Test func ambiguousDatesAreSaid() throws {
    let cells = (0..<40).map { "0\(1 + $0 % 9)/0\(1 + $0 / 9)/2026" }
    let found = try read(cells)
    #expect(found.cells == cells)
    #expect(found.note?.contains("the day before the month") == true)
    let clear = try read(cells + ["03/31/2026"])
    #expect(clear.cells == cells + ["03/31/2026"] && clear.note == nil)
  }

  /// Marks that come late are found as long as the cells before allow them.
  @Test func lateMarks() throws {
    let cells = (0..<40).map { "\($0 * 20)" } + ["1,234", "5,000,000"]
    let found = try read(cells)
    #expect(found.kind == .number && found.cells == cells)
    let ungrouped = try read(cells + ["1234"])
    #expect(ungrouped.kind == nil)
    #expect(ungrouped.note?.contains("'1234' in line 44 is not") == true)
  }
}
