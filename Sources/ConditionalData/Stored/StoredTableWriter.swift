import Foundation
import RecordTypes
import TensorFiles

/// Writes the rows of a table that was read into files of its columns into the file of a ``StoredTable``.
final class StoredTableWriter {
  private let cache: TableCache
  private let isNew: Bool

  /// The folder for files without a name.
  var folder: String { cache.folder }

  /// Makes the cache's folder.
  init(_ cache: TableCache) throws {
    self.cache = cache
    isNew = try cache.makeFolder()
  }

  /// Only if it is empty: a folder that holds a file stays.
  deinit { if isNew { rmdir(cache.folder) } }

  /// Decides what the columns are, as it is decided in memory, and writes them in blocks.
  ///
  /// - Parameters:
  ///   - before: What the file was like before it was read; nil for a pipe.
  ///   - byteCount: What the table would take in memory.
  /// - Throws: `DataFileFailure`, `FileFailure`, ``SchemaFileFailure``.
  func write(
    _ columns: TableColumns, _ requests: FieldRequests, _ place: DataPlace, names: [String],
    before: SourceStamp.State?, schemaFile: UInt64?, byteCount: Int
  ) throws -> StoredTable {
    var (table, values) = try columns.fields()
    let count = values.first?.count ?? 0
    try findCodes(&table, values, requests)
    // Each level once: the schema file then shows where it goes.
    let read = table.fields
    table.columns = read.map { field in
      field.isCategory ? .levels((0..<Int32(field.levels.count)).map { $0 }) : .numbers([Double]())
    }
    try TableFile.check(table, path: place.name, names: names)
    try place.schema?.apply(to: &table)
    values = zip(read, values).compactMap { field, values in
      guard let index = table.fields.firstIndex(where: { $0.name == field.name }) else {
        return nil
      }
      return field.isCategory ? values.moving(levelsTo: table.columns[index].levels) : values
    }
    let schema = try table.schema(of: place.name)
    guard count <= Int(Int32.max) else {
      throw DataFileFailure(
        path: place.name, expected: "at most \(Int32.max) records", actual: "\(count)",
        advice: "split the data")
    }
    var choices = values.map { _ in EncodingChoice() }
    let fingerprint = try Fingerprint(schema.fields, values) { index, part, rows in
      if let wrong = part.numbers.firstIndex(where: { !$0.isFinite }) {
        throw DataFileFailure(
          path: place.name, expected: "finite numbers in field '\(schema.fields[index].name)'",
          actual: "\(part.numbers[wrong]) in record \(rows.lowerBound + wrong)",
          advice: "correct the record")
      }
      choices[index].add(part)
    }
    let source = try before.map { before in
      let stamp = try SourceStamp(place.path)
      guard stamp.state == before else {
        throw DataFileFailure(
          path: place.path, expected: "a file that stays as it is while it is read",
          actual: "one that was changed", advice: "wait until whatever writes it has finished")
      }
      return stamp
    }
    let header = StoredTableHeader(
      source: source, schemaFile: schemaFile, byteCount: byteCount, count: count,
      fields: schema.fields, columns: zip(choices, schema.fields).map { $0.column($1) },
      forms: table.forms, leftOut: table.leftOut, notes: table.notes.map { .init($0) },
      missingTexts: table.missingTexts, fingerprint: fingerprint.text, name: place.name)
    return try write(header, values)
  }

  private func write(_ header: StoredTableHeader, _ values: [CellValues]) throws -> StoredTable {
    try AtomicFile.write(to: cache.path) { file in
      var hashes: [UInt64] = []
      var block: [UInt8] = []
      for index in 0..<header.blocks {
        block.removeAll(keepingCapacity: true)
        for (column, values) in zip(header.columns, values) {
          column.append(try values.column(header.records(ofBlock: index)), to: &block)
        }
        hashes.append(StoredTable.hash(block))
        try file.write(block)
      }
      try file.write(StoredTable.ending(header, hashes))
    }
    guard let table = try StoredTable(cache.path) else {
      throw FileFailure(path: cache.path, action: "read", code: EIO)
    }
    return table
  }

  /// The most bytes of the rows among which columns that decide others are looked for.
  private static let (mostRows, mostBytes) = (1_000_000, 64 << 20)

  /// Makes numbers out of few of those that decide other columns, or are decided by them, in a sample of the rows.
  private func findCodes(
    _ table: inout DataTable, _ values: [CellValues], _ requests: FieldRequests
  ) throws {
    let count = values.first?.count ?? 0
    let most = min(Self.mostRows, Self.mostBytes / (8 * max(1, values.count)))
    let share = Double(most) / Double(max(1, count))
    var sample = table
    sample.columns = try values.map { values in
      if share >= 1 { return try values.column }
      var parts: [RecordColumn] = []
      try values.forEachPart { part, rows in
        let chosen = rows.indices.filter {
          RecordHash.uniform(record: $0, seed: 0, .sample) < share
        }
        parts.append(part.selecting(chosen.map { $0 - rows.lowerBound }))
      }
      return .joining(parts)
    }
    sample.findCodes(requests)
    for (place, field) in sample.fields.enumerated() where field != table.fields[place] {
      // Numbers that only the other rows have count too.
      guard
        let all = try values[place].distinctNumbers(atMost: ColumnRules.mostValues)
      else { continue }
      table.fields[place] = field.having(FieldKind(DiscreteKind(values: all)))
    }
  }
}
