import Foundation
import RecordTypes
import TensorFiles

/// A folder for the rows of a table that would take too much memory, so that it is read once and then block by block.
///
/// Its file is used as long as the table that it was made from, and its schema file, have the same bytes, and is made anew
/// if it is damaged. It may be deleted at any time, and is then made again from the table.
public struct TableCache: Hashable, Sendable {
  /// The folder; it is made when it is needed.
  public let folder: String
  /// The most bytes that a table may take in memory; nil for the usual share of what is free.
  public let memory: Int?

  /// The share of free memory that a table may take.
  public static let usualShare = 0.6
  /// What training with a table takes, relative to its cells alone: they are kept, converted, and converted again to be
  /// validated.
  static let bytesForEach = 3

  /// A cache in `folder` for tables that would take more than so many bytes of memory.
  public init(_ folder: String, memory: Int? = nil) {
    self.folder = folder
    self.memory = memory
  }

  /// The most bytes that a table may take.
  var most: Int {
    memory ?? Self.bytes(ofShare: Self.usualShare)
  }

  /// A share of the memory that is free for the process, under the limits of its control group and `ulimit -v`.
  public static func bytes(ofShare share: Double) -> Int {
    FreeMemory.bytes.map { Int(share * Double($0)) } ?? .max
  }

  /// The file of rows.
  package var path: String { "\(folder)/table.rows" }

  /// The table in the cache; nil unless it was made from the data at `path`.
  ///
  /// - Throws: `FileFailure`, ``SchemaFileFailure``.
  public func table(of path: String, schemaFile: String? = nil) throws -> StoredTable? {
    let place = try DataPlace(path, schemaFile: schemaFile)
    return table(of: place, schemaFile: try place.schemaHash, note: { _ in })
  }

  /// The table in the cache if it was read from a pipe, which can't be read again, and is intact; else nil.
  public func tableOfPipe() -> StoredTable? {
    guard let table = try? StoredTable(path), table.header.source == nil,
      (0..<table.blocks).allSatisfy({ (try? table.bytes(ofBlock: $0)) != nil })
    else { return nil }
    return table
  }

  /// The table in the cache; nil where there is none, where it doesn't fit a source, or where it is damaged, of which
  /// `note` is told.
  func table(of place: DataPlace, schemaFile: UInt64?, note: (String) -> Void) -> StoredTable? {
    guard !place.isStandardInput, FileManager.default.fileExists(atPath: path) else { return nil }
    guard let table = try? StoredTable(path) else {
      note("\(path) is damaged; the table is read again.")
      return nil
    }
    guard let source = table.header.source, source.fits(place.path),
      table.header.schemaFile == schemaFile
    else {
      note(
        "\(path) was made from other data than \(place.name) holds now; the table is read again.")
      return nil
    }
    for block in 0..<table.blocks where (try? table.bytes(ofBlock: block)) == nil {
      note("\(path) is damaged in block \(block); the table is read again.")
      return nil
    }
    return table
  }

  /// Removes the rows, half-written ones of killed processes, and the folder if nothing else is in it.
  package func removeFiles() {
    PartialFiles.remove(in: folder, of: Self.isOwn)
    PartialFiles.removePlainFile(path)
    rmdir(folder)
  }

  private static func isOwn(_ name: String) -> Bool {
    name.hasSuffix(".rows") || name == NamelessFile.name
  }

  /// Makes the folder, and removes half-written files of killed processes.
  ///
  /// - Returns: Whether there was none before.
  func makeFolder() throws -> Bool {
    try PartialFiles.prepareFolder(folder, for: Self.isOwn)
  }
}
