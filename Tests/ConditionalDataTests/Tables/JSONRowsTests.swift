import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// Lines of JSON objects as rows of cells.
@Suite struct JSONRowsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private struct Cell: Equatable {
    let text: String
    var isText = false
  }

  private func read(_ text: String) throws -> (names: [String], rows: [[Cell]], lines: Set<Int>) {
    var reader = try TableReader(folder.put(text, "a.jsonl"))
    var (rows, lines): ([[Cell]], Set<Int>) = ([], [])
    try reader.readRows { column, bytes, place in
      if column == 0 { rows.append([]) }
      lines.insert(place.line)
      rows[rows.count - 1].append(
        Cell(text: String(decoding: bytes, as: UTF8.self), isText: place.isQuoted))
    }
    return (reader.names, rows, lines)
  }

  @Test func columnsAreKeysInTheOrderOfTheirFirstAppearance() throws {
    let table = try read("{\"b\":1,\"a\":\"x\"}\n\n {\"c\" : true , \"a\":null}\r\n{}\n")
    #expect(table.names == ["b", "a", "c"])
    #expect(
      table.rows == [
        [Cell(text: "1"), Cell(text: "x", isText: true), Cell(text: "")],
        [Cell(text: ""), Cell(text: ""), Cell(text: "true")],
        [Cell(text: ""), Cell(text: ""), Cell(text: "")],
      ])
    #expect(table.lines == [1, 3, 4])
  }

  /// Two spellings of é are two keys, as bytes are.
  @Test func keysAreComparedByTheirBytes() throws {
    let table = try read("{\"\u{E9}\":1,\"e\u{301}\":2}\n{\"\\u00e9\":3}")
    #expect(table.rows.map { $0.map(\.text) } == [["1", "2"], ["3", ""]])
  }

  @Test(arguments: [
    ("1", "1"), ("-0.50", "-0.50"), ("1E+05", "1E+05"),
    ("12345678901234567890", "12345678901234567890"),
    ("false", "false"), (#""012""#, "012"), (#""""#, ""),
    (#""a\"b\\\/\b\f\n\r\t""#, "a\"b\\/\u{8}\u{C}\n\r\t"),
    (#""\u00E9\ud83d\ude00""#, "é😀"), (#""x, \u0000""#, "x, \0"), ("\"é\"", "é"),
  ])
  func values(json: String, text: String) throws {
    let table = try read("{\"a\" : \(json), \"b\":2}\n")
    #expect(table.rows == [[Cell(text: text, isText: json.hasPrefix("\"")), Cell(text: "2")]])
  }

  @Test(arguments: [
    (
      "{\"a\":1}\n{\"a\":[1]}",
      "line 2, column 6: expected a number, a text in quotes, true, false or null, got a list"
    ),
    (
      "{\"a\":{\"b\":1}}",
      "line 1, column 6: expected a number, a text in quotes, true, false or null, got an object"
    ),
    (
      "{\"a\":01}",
      "line 1, column 6: expected a number, a text in quotes, true, false or null, got '01'"
    ),
    (
      "{\"é\":NaN}",
      "line 1, column 6: expected a number, a text in quotes, true, false or null, got 'NaN'"
    ),
    ("[{\"a\":1}]", "line 1, column 1: expected an object in braces on each line, got a list"),
    (
      "{\"a\":1,\"a\":2}",
      "line 1, column 12: expected each key once in an object, got a second value of the same key"
    ),
    (
      "{\"a\":1",
      "line 1, column 7: expected a comma or a closing brace behind the value, got the end of the line"
    ),
    ("{\"a\":\"x\\u12\"}", "line 1, column 8: expected an escape such as"),
    (
      "{\"a\":\"\\ud800\\u0041\"}",
      "line 1, column 7: expected an escape that stands for a character"
    ),
    (
      "{\"a\":\"x\ty\"}",
      "line 1, column 8: expected a text without control characters, got one of them"
    ),
    (
      "{\"a\":\"x", "line 1, column 8: expected a quote that ends the text, got the end of the line"
    ),
    ("{\"\":1}", "line 1, column 2: expected a key that isn't empty"),
    ("{\"a\":1} x", "line 1, column 9: expected the end of the line behind the object, got 'x'"),
    ("{a:1}", "line 1, column 2: expected a key in double quotes, got 'a:1'"),
    ("{\"a\" 1}", "line 1, column 6: expected a colon behind the key, got '1'"),
    ("{\"a\":1,}", "line 1, column 8: expected a key in double quotes, got '}'"),
  ])
  func saysWhatIsWrong(text: String, words: String) {
    let sentence = sentence { _ = try read(text) }
    #expect(sentence.hasPrefix(folder.file("a.jsonl") + ", " + words), "\(sentence)")
    #expect(sentence.hasSuffix("."))
  }

  @Test(arguments: [("", "got an empty file"), ("{}\n{}", "got objects without any")])
  func wantsKeys(text: String, words: String) {
    let sentence = sentence { _ = try read(text) }
    #expect(sentence.contains("expected a JSON object with keys on each line, " + words))
  }

  @Test func wantsUTF8() throws {
    let path = try folder.put(
      Array("{\"a\":1}\n{\"a\":\"".utf8) + [0xFF] + Array("\"}".utf8), "b.jsonl")
    #expect(
      sentence { _ = try TableReader(path) }
        == "\(path), line 2: expected text in UTF-8, got bytes that aren't; save the file with the "
        + "encoding UTF-8.")
  }

  /// The same rows make the same data set from each form, whatever its name says of compression.
  @Test func objectsMakeTheFieldsThatCellsMake() throws {
    let kinds = ["x", "a, b", "NA"]
    let rows = (0..<60).map {
      (id: $0 + 1, size: "\($0 % 7).50", kind: kinds[$0 % 3], day: 10 + $0 % 9)
    }
    let csv = rows.map {
      "\($0.id),\($0.size),\($0.kind == "a, b" ? "\"a, b\"" : $0.kind),2026-03-\($0.day)"
    }
    let objects = rows.map {
      "{\"id\":\($0.id),\"size\":\($0.size)" + ($0.kind == "NA" ? "" : ",\"kind\":\"\($0.kind)\"")
        + ",\"day\":\"2026-03-\($0.day)\"}"
    }
    let wanted = try DataSet.load(
      folder.put((["id,size,kind,day"] + csv).joined(separator: "\n"), "t.csv"))
    let text = objects.joined(separator: "\n")
    for path in [
      try folder.put(text, "t.jsonl"), try folder.put(IDX.gzip(Array(text.utf8)), "u.jsonl.gz"),
    ] {
      let data = try DataSet.load(path)
      #expect(data.records == wanted.records && data.forms == wanted.forms)
      #expect(data.leftOut == ["id"] && data.isTable)
      #expect(data.fingerprint == wanted.fingerprint)
    }
  }

  /// Any bytes are read or refused in a sentence.
  @Test(arguments: 0..<8)
  func anyBytesAreReadOrRefused(seed: UInt64) throws {
    var generator = QuantileMapTests.SplitMix(state: seed)
    let start = "{\"a\":1,\"b\":\"x\\u00e9\"}\n{\"b\":null,\"c\":true}\n{\"a\":-2.5e3}\n"
    let pieces = ["{", "}", "\"", "\\", "\\ud800", ":", ",", "[", "\n", "null", "\u{FEFF}", "0"]
    for _ in 0..<100 {
      var bytes = Array(start.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
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
      func input() throws -> InputBuffer {
        var position = 0
        return try InputBuffer(capacity: 4) { target in
          let count = min(target.count, bytes.count - position)
          target.copyBytes(from: bytes[position..<position + count])
          position += count
          return count
        }
      }
      do {
        let rows = try JSONRows(path: "f.jsonl", input(), again: input)
        while try rows.readRow({ _, _, _ in }) {}
      } catch let failure as DataFileFailure {
        #expect(failure.description.contains("f.jsonl") && failure.description.hasSuffix("."))
      }
    }
  }
}

/// The form of a table by its name and by its bytes.
@Suite struct TableFormTests {
  @Test(
    arguments: [
      ("a.csv", TableForm.csv), ("A.TSV", .tsv), ("b/c.jsonl", .jsonl), ("d.csv.gz", .csv),
      ("d.jsonl.gz", .jsonl), ("csv", nil), ("a.json", nil), ("a.npz", nil), ("a.gz", nil),
    ] as [(String, TableForm?)])
  func ofNames(path: String, form: TableForm?) { #expect(TableForm(path: path) == form) }

  @Test(arguments: [
    ("a,b\n1\t2,3", TableForm.csv), ("a\tb\n", .tsv), ("a, b\tc", .tsv), ("\"a\tb\",c\n", .csv),
    ("\"a\"\"\tb\"\tc\n", .tsv), ("{\"a\":1}", .jsonl), ("\u{FEFF}\n {\"a\":1}", .jsonl),
    ("", .csv),
    ("\n\na\tb", .tsv),
  ])
  func ofBytes(text: String, form: TableForm) throws {
    for most in [1, 3, 100] {
      let bytes = Array(text.utf8)
      var position = 0
      var input = try InputBuffer(capacity: 4) { target in
        let count = min(target.count, bytes.count - position, most)
        target.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
      }
      #expect(try TableForm(of: &input) == form)
    }
  }
}
