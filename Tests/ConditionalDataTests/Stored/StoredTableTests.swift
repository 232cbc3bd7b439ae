import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// A table that goes through a file block by block gives the same data as one in memory.
@Suite struct StoredTableTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var cache: TableCache { TableCache(folder.file("table.cache"), memory: 0) }

  /// Reads a file as a stored table.
  private func stored(
    _ path: String, schemaFile: String? = nil, note: (String) -> Void = { _ in }
  ) throws -> StoredTable {
    let loaded = try LoadedData.load(path, schemaFile: schemaFile, cache: cache, note: note)
    guard case .stored(let table) = loaded else {
      throw FileFailure(path: path, action: "store", code: 0)
    }
    return table
  }

  /// All rows of a table, in memory.
  private func rows(_ table: StoredTable) throws -> Records {
    var rows = StoredRows(table)
    for block in 0..<table.blocks {
      let count = table.header.records(ofBlock: block).count
      try rows.append(Array(0..<count), ofBlock: block, try table.bytes(ofBlock: block))
    }
    #expect(rows.numbers == (0..<Int32(table.count)).map { $0 })
    return rows.records
  }

  /// Reads a table both ways and compares.
  @discardableResult
  private func compare(_ path: String, schemaFile: String? = nil) throws -> StoredTable {
    let whole = try DataSet.load(path, schemaFile: schemaFile)
    let table = try stored(path, schemaFile: schemaFile)
    #expect(table.schema == whole.schema)
    #expect(table.header.forms == whole.forms)
    #expect(table.header.leftOut == whole.leftOut)
    #expect(table.header.missingTexts == whole.missingTexts)
    #expect(table.header.notes.map(\.note) == whole.remarks)
    #expect(try rows(table) == whole.records)
    #expect(table.fingerprint == whole.fingerprint)
    return table
  }

  /// Rows with cells of every kind; all columns of texts differ too much, or too little, to be prose.
  private func mixed(_ count: Int, separator: String = ",") -> String {
    var lines = [
      [
        "id", "code", "whole", "price", "share", "day", "time", "kind", "empty", "mark", "version",
        "late", "grouped", "tiny", "huge", "zone",
      ].joined(separator: separator)
    ]
    for row in 0..<count {
      let kind = ["red", "green", "blue", "\"NA\"", "", "N/A"][row * 7 % 6]
      lines.append(
        [
          "\(row)", "x\(row)-\(row * 31 % 97)", "\(row * 37 % 1000 - 500)",
          "\(Double(row * 73 % 99991) / 100)", row % 11 == 3 ? "NA" : "\(Double(row % 50) / 2)",
          "2024-\(String(format: "%02d-%02d", 1 + row % 12, 1 + row % 28))",
          "2024-01-02 \(String(format: "%02d:%02d", row % 24, row * 5 % 60))", kind, "",
          row % 5 == 0 ? "\"\"" : "a b \(row % 3)", ["1.9", "1.10", "2.0"][row % 3],
          row < count / 2 ? "" : "2023-05-\(String(format: "%02d", 1 + row % 30))",
          // Thousands are grouped, which the first rows don't show.
          row < 10 ? "\(row)" : "\"\(row % 9 + 1),\(String(format: "%03d", row * 7 % 1000))\"",
          "\(Double(row) * 1e-12)", "\(Double(row * 7919 % 1009) * 1e14)",
          row % 2 == 0 ? "-0.0" : "1.5",
        ].joined(separator: separator))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Within a block, with a last block of one row, and with more levels than a category has.
  @Test(arguments: [50, 4097, 9001, 25_000])
  func columnsAreThoseInMemory(count: Int) throws {
    let table = try compare(try folder.put(mixed(count), "mixed.csv"))
    #expect(table.count == count && table.blocks == (count + 4095) / 4096)
  }

  @Test func otherFormsToo() throws {
    try compare(try folder.put(mixed(5000, separator: "\t"), "mixed.tsv"))
    let lines = (0..<5000).map { row in
      "{\"n\": \(row * 3 % 700), \"kind\": \"\(["a", "b"][row % 2])\", \"flag\": \(row % 3 == 0),"
        + " \"code\": \"\(row % 40)\"\(row % 4 == 0 ? "" : ", \"late\": \(Double(row) / 4)")}"
    }
    try compare(try folder.put(lines.joined(separator: "\n"), "rows.jsonl"))
  }

  @Test func schemaFileIsFollowed() throws {
    let schema = try folder.put(
      """
      ignore: [huge]
      fields:
        kind: {levels: [blue, red, green, black, "NA"], missing: [none]}
        whole: {kind: category}
        id: {kind: number}
      """, "other.yaml")
    let path = try folder.put(mixed(5000), "mixed.csv")
    let table = try compare(path, schemaFile: schema)
    #expect(try table.schema.field("kind").levels.first == "blue")
    // Another schema file is another table.
    var notes: [String] = []
    _ = try stored(path) { notes.append($0) }
    #expect(notes.first?.contains("was made from other data") == true)
  }

  /// One number decides another, so that both are numbers out of few.
  @Test func codesAreFound() throws {
    let lines = (0..<6000).map { "\($0 * 7 % 60).5,\(($0 * 7 % 60) / 3).25,\($0 * 31 % 4001)" }
    let path = try folder.put("city,state,other\n" + lines.joined(separator: "\n"), "codes.csv")
    let table = try compare(path)
    #expect(table.schema.fields.filter { $0.kind.content is DiscreteKind }.count == 2)
  }

  @Test func textsAreRefused() throws {
    let lines = (0..<20_000).map { "\($0 % 7),the word number \($0) of a sentence" }
    let path = try folder.put("n,prose\n" + lines.joined(separator: "\n"), "prose.csv")
    let error = #expect(throws: DataFileFailure.self) { try stored(path) }
    #expect(error?.description.contains("texts in column 'prose'") == true)
    let schema = try folder.put("ignore: [prose]\n", "less.yaml")
    try compare(path, schemaFile: schema)
  }

  @Test func textsThatAllDifferAreLeftOut() throws {
    for repeated in [false, true] {
      let lines = (0..<30_000).map { "\($0 % 7),k\(repeated && $0 == 29_999 ? 20_000 : $0)" }
      let path = try folder.put("n,key\n" + lines.joined(separator: "\n"), "keys.csv")
      try compare(path)
    }
  }

  @Test func limitDecides() throws {
    let path = try folder.put(mixed(2000), "mixed.csv")
    let roomy = TableCache(folder.file("table.cache"), memory: 1 << 30)
    guard case .memory = try LoadedData.load(path, cache: roomy) else {
      Issue.record("A small table was stored.")
      return
    }
    #expect(!FileManager.default.fileExists(atPath: roomy.folder))
    guard case .stored = try LoadedData.load(path, cache: roomy, isStored: true) else {
      Issue.record("A table that has to be stored was not.")
      return
    }
    guard case .memory = try LoadedData.load(path, cache: cache, isStored: false) else {
      Issue.record("A table that must not be stored was.")
      return
    }
  }

  @Test func onlyTheCacheFileIsLeft() throws {
    let path = try folder.put(mixed(2000), "mixed.csv")
    _ = try stored(path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.folder) == ["table.rows"])
    // A table that can't be read leaves nothing.
    let other = TableCache(folder.file("other.cache"), memory: 0)
    let broken = try folder.put("a,b\n1,2\n3\n", "broken.csv")
    #expect(throws: DataFileFailure.self) { try LoadedData.load(broken, cache: other) }
    #expect(!FileManager.default.fileExists(atPath: other.folder))
  }

  @Test func cacheIsFoundAgain() throws {
    let path = try folder.put(mixed(5000), "mixed.csv")
    let first = try stored(path)
    let written = try FileManager.default.attributesOfItem(atPath: cache.path)[.systemFileNumber]
    var notes: [String] = []
    let second = try stored(path) { notes.append($0) }
    #expect(second.fingerprint == first.fingerprint)
    #expect(notes.count == 1 && notes[0].contains("are read from"))
    // A copy of the file has the same bytes.
    let copy = try folder.put(mixed(5000), "copy.csv")
    _ = try stored(copy)
    let now = try FileManager.default.attributesOfItem(atPath: cache.path)[.systemFileNumber]
    #expect(written as? Int == now as? Int)
  }

  @Test func changedSourceIsNoticed() throws {
    let path = try folder.put(mixed(5000), "mixed.csv")
    let first = try stored(path)
    let dates = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
    // The same size and date, one digit changed.
    let changed = mixed(5000).replacingOccurrences(of: "2024-01-01", with: "2024-01-03")
    try folder.put(changed, "mixed.csv")
    try FileManager.default.setAttributes(
      [.modificationDate: try #require(dates)], ofItemAtPath: path)
    var notes: [String] = []
    let second = try stored(path) { notes.append($0) }
    #expect(notes.first?.contains("was made from other data") == true)
    #expect(second.fingerprint != first.fingerprint)
    #expect(second.fingerprint == (try DataSet.load(path)).fingerprint)
  }

  /// A changed byte anywhere: in the first and last block, the hashes, the header, the end.
  @Test func damageIsNoticed() throws {
    let path = try folder.put(mixed(9000), "mixed.csv")
    let table = try stored(path)
    let good = try [UInt8](Data(contentsOf: URL(fileURLWithPath: cache.path)))
    let blocks = (0..<table.blocks).reduce(0) {
      $0 + table.header.byteCount(records: table.header.records(ofBlock: $1).count)
    }
    for place in [0, 5000, blocks - 1, blocks + 3, blocks + 40, good.count - 30, good.count - 1] {
      var bad = good
      bad[place] ^= 0x10
      try Data(bad).write(to: URL(fileURLWithPath: cache.path))
      var notes: [String] = []
      let again = try stored(path) { notes.append($0) }
      #expect(notes.first?.contains("is damaged") == true, "byte \(place): \(notes)")
      #expect(again.fingerprint == table.fingerprint)
    }
    for count in [0, 10, 5000, good.count - 1] {
      try Data(good.prefix(count)).write(to: URL(fileURLWithPath: cache.path))
      var notes: [String] = []
      _ = try stored(path) { notes.append($0) }
      #expect(notes.first?.contains("is damaged") == true, "\(count) bytes: \(notes)")
    }
    #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: cache.path))) == good)
  }

  /// Damage while the table is in use is an error, not a number.
  @Test func damageWhileReadingIsAnError() throws {
    let table = try stored(try folder.put(mixed(9000), "mixed.csv"))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: cache.path))
    try file.seek(toOffset: UInt64(table.header.byteCount(records: 4096)) + 17)
    try file.write(contentsOf: [0xEE, 0xEE, 0xEE])
    try file.close()
    _ = try table.bytes(ofBlock: 0)
    #expect(throws: DamagedTable(path: cache.path, block: 1)) { try table.bytes(ofBlock: 1) }
  }

  @Test func halfWrittenFileIsNotTrusted() throws {
    let path = try folder.put(mixed(5000), "mixed.csv")
    _ = try stored(path)
    // A process that is gone, as `kill -9` leaves it.
    let partial = cache.folder + "/.table.rows.partial-999999999"
    try Data("half".utf8).write(to: URL(fileURLWithPath: partial))
    try FileManager.default.removeItem(atPath: cache.path)
    _ = try stored(path)
    #expect(!FileManager.default.fileExists(atPath: partial))
  }
}
