import RecordTypes
import TensorFiles

@testable import CVAEGeneration
@testable import ConditionalData

extension FuzzedReader {
  /// `.csv` and `.tsv`; the first byte says which, and in pieces of how many bytes the file arrives.
  static let tables = FuzzedReader(
    name: "tables", longest: 2000,
    words: ["NA", "\"", "\"\"", "\r\n", "2026-02-28", "23:59:59", "1e308", "\u{FEFF}", "€1,234.50"]
      .map { Array($0.utf8) },
    seeds: {
      [
        "xa,b,c\n1,2.5,x\n,NA,\"y \"\"z\"\", w\"\n3,2026-01-01,?\n",
        "b\u{FEFF}name,\"size, cm\"\n\"line\nbreak\",1e3\nother,-7\n",
        "zday,time\n2026-02-28,2026-02-28 23:59:59\n2024-02-29,1969-12-31 00:00:00\n",
        "yday\tprice\r\n31.3.2026\t1,234.50 €\r\n1.4.2026\t7.00 €\r\n",
        "bcode,time\n007,2026-03-31T23:59:59.250+02:00\n012,2026-03-31T23:59:59.125+02:00\n",
        "kind\na\nb\na\nb\n",
      ].map { Array($0.utf8) }
    },
    read: { bytes, _ in
      let first = Int(bytes.first ?? 7)
      let separator = first % 2 == 0 ? UInt8(ascii: ",") : UInt8(ascii: "\t")
      let table = {
        try TableReader(
          "fuzz.csv", separator: separator, capacity: 64,
          from: pieces(of: bytes, from: 1, length: 1 + first % 64))
      }
      var reader = try table()
      let content = try TableFile.read(&reader, "fuzz.csv", FieldRequests(file: nil, model: nil))
      try use(content, reading: table)
    })

  /// `.jsonl`.
  static let jsonLines = FuzzedReader(
    name: "jsonl", longest: 2000,
    words: ["\"a\":", "null", "true", "\\u00e9", "\\ud83d\\ude00", "1e308", "\"\\n\"", "[{}]"]
      .map { Array($0.utf8) },
    seeds: {
      [
        "{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2.5, \"b\": \"y\"}\n{\"b\": null, \"a\": -1e3}\n",
        "{\"\\u00e9\": \"\\ud83d\\ude00\", \"t\": true}\r\n\n{\"t\": false, \"é\": \"a\\\"b\"}\n",
        "{\"d\": \"2026-02-28\"}\n{\"d\": \"2024-02-29\"}\n{\"d\": \"\"}\n",
      ].map { Array($0.utf8) }
    },
    read: { bytes, scratch in
      let path = try scratch.write(bytes, "fuzz.jsonl")
      try use(TableFile.read(path, FieldRequests(file: nil, model: nil))) { try TableReader(path) }
    })

  /// Tables that gzip has compressed.
  static let gzip = FuzzedReader(
    name: "gzip",
    words: [[0x1F, 0x8B, 8, 0], [0, 0, 0xFF, 0xFF], [1, 0, 0, 0xFF, 0xFF]],
    seeds: {
      let text = Array("a,b\n1,x\n2,y\n2,x\n2,y\n".utf8)
      let member = stored(text)
      return [member, member + stored(Array("7,x\n".utf8)), member + [0, 0, 0], text]
    },
    read: { bytes, scratch in
      let path = try scratch.write(bytes, "fuzz.csv.gz")
      _ = try? GzipFile.readPossiblyCompressed(path)
      _ = try DataSet.load(path)
    })

  /// A gzip member of one stored block.
  static func stored(_ content: [UInt8]) -> [UInt8] {
    let count = UInt16(content.count)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + .littleEndian(count) + .littleEndian(~count)
      + content + .littleEndian(content.checkSum) + .littleEndian(UInt32(count))
  }

  /// A function that fills buffers with a few bytes each time.
  private static func pieces(
    of bytes: [UInt8], from first: Int, length: Int
  ) -> (UnsafeMutableRawBufferPointer) -> Int {
    var rest = bytes.dropFirst(first)
    return { buffer in
      let piece = rest.prefix(min(length, buffer.count))
      rest = rest.dropFirst(piece.count)
      buffer.copyBytes(from: piece)
      return piece.count
    }
  }

  /// Fits what training would fit, and reads the rows again as those of a table to complete.
  private static func use(_ table: DataTable, reading again: () throws -> TableReader) throws {
    let set = try DataSet(
      schema: table.schema(of: "fuzz.csv"), columns: table.columns, forms: table.forms,
      isTable: true)
    let preprocessing = try Preprocessing.fit(set, on: (0..<Int32(set.count)).map { $0 })
    for field in set.schema.fields where !field.isCategory {
      let number = preprocessing.original(0.3, field: field.name)
      _ = set.forms[field.name]?.text(number)
    }
    var reader = try again()
    let fields = reader.names.map { name in set.schema.fields.first { $0.name == name } }
    while let rows = try reader.readRows(of: fields, forms: set.forms, atMost: 2) {
      for column in rows.names.indices { _ = rows.text(0, column) }
    }
  }
}
