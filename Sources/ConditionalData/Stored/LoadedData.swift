import Foundation
import RecordTypes
import TensorFiles

/// Data that were read: in memory, or as a stored table.
public enum LoadedData: Sendable {
  /// All records.
  case memory(DataSet)
  /// A table that would take too much memory.
  case stored(StoredTable)

  /// So many rows are read between two looks at the memory that they take.
  private static let rowsAtOnce = 4096

  /// Reads data as ``DataSet/load(_:schemaFile:like:readers:)`` does; a table that would take more memory than `cache`
  /// allows goes into its file while it is read, or is found there.
  ///
  /// - Parameters:
  ///   - isStored: Whether a table is stored, whatever memory it takes; nil to decide by that.
  ///   - note: Called with sentences for the user.
  /// - Throws: As ``DataSet/load(_:schemaFile:like:readers:)``, also for a column of texts in a table that takes too
  ///   much memory.
  public static func load(
    _ path: String, schemaFile: String? = nil, readers: [DataReader] = DataReader.builtIn,
    cache: TableCache, isStored: Bool? = nil, note: (String) -> Void = { _ in }
  ) throws -> LoadedData {
    let place = try DataPlace(path, schemaFile: schemaFile)
    guard !place.isFolder, TableFile.isOne(path) else {
      return .memory(try DataSet.load(path, schemaFile: schemaFile, readers: readers))
    }
    let most = isStored.map { $0 ? -1 : .max } ?? cache.most
    let hash = try place.schemaHash
    if let table = cache.table(of: place, schemaFile: hash, note: note),
      table.header.byteCount > most
    {
      note("\(place.name): its rows are read from \(cache.path), block by block.")
      return .stored(table)
    }
    let before = place.isStandardInput ? nil : try SourceStamp.State(path)
    var reader = try TableReader(path)
    let requests = FieldRequests(file: place.schema, model: nil)
    var columns = TableColumns(path: reader.name, names: reader.names, requests, form: reader.form)
    var writer: StoredTableWriter?
    var byteCount = 0
    var isAtEnd = false
    while !isAtEnd {
      let rows = try reader.readRows(atMost: rowsAtOnce) { try columns.add($1, to: $0, at: $2) }
      isAtEnd = rows < rowsAtOnce
      let needed = columns.byteCount * TableCache.bytesForEach
      if writer == nil, needed > most {
        writer = try StoredTableWriter(cache)
        note(
          (most < 0
            ? "\(place.name): its" : "\(place.name) takes more than \(size(most)) of memory: its")
            + " rows go into \(cache.folder), and are read from there block by block.")
      }
      if let writer {
        byteCount += needed
        try columns.spill(into: writer.folder)
      }
    }
    guard let writer else {
      let table = try TableFile.finished(
        columns, requests, path: reader.name, names: reader.names)
      return .memory(try DataSet(table, place))
    }
    return .stored(
      try writer.write(
        columns, requests, place, names: reader.names, before: before, schemaFile: hash,
        byteCount: byteCount))
  }

  /// A number of bytes for people.
  private static func size(_ bytes: Int) -> String {
    bytes < 1 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
  }
}
