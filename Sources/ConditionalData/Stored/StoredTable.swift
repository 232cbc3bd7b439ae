import Foundation
public import RecordTypes
import TensorFiles

/// A table that was read once, and whose rows now lie in a file in blocks of 4,096, from which a few are read at a time.
///
/// Each block is checked against the hash that was taken when it was written, whenever it is read. The bytes are read
/// into memory of the process, not mapped, so that only the blocks in use count as its memory.
public struct StoredTable: Sendable {
  let header: StoredTableHeader
  private let hashes: [UInt64]
  private let file: BlockFile

  /// The last bytes of a file that was written whole.
  private static let mark: UInt64 = 0x5357_4F52_4541_5643
  /// Two numbers and the mark.
  private static let endCount = 24
  private static let mostHeader = 1 << 30

  /// Keeps a file open.
  private final class BlockFile: Sendable {
    let reader: FileReader
    init(_ path: String) throws { reader = try FileReader(path) }
  }

  /// Opens a file; nil for one that isn't whole, or has another format.
  init?(_ path: String) throws {
    let file = try BlockFile(path)
    guard file.reader.count >= Self.endCount else { return nil }
    let end = try file.reader.values(
      UInt64.self, at: file.reader.count - Self.endCount, count: Self.endCount / 8)
    guard end[2] == Self.mark, end[1] <= Self.mostHeader, end[1] % 8 == 0,
      Int(end[1]) + Self.endCount <= file.reader.count
    else { return nil }
    let start = file.reader.count - Self.endCount - Int(end[1])
    let bytes = try file.reader.bytes(at: start, count: Int(end[1]))
    guard Self.hash(bytes) == end[0], let split = Self.split(bytes),
      let header = try? JSONDecoder().decode(StoredTableHeader.self, from: Data(split.text)),
      header.isSound, split.hashes.count == header.blocks
    else { return nil }
    self.header = header
    hashes = split.hashes
    self.file = file
    guard start == offset(ofBlock: header.blocks) else { return nil }
  }

  /// The hashes of the blocks and the JSON text: first the number of blocks.
  private static func split(_ bytes: [UInt8]) -> (hashes: [UInt64], text: ArraySlice<UInt8>)? {
    bytes.withUnsafeBytes { raw in
      guard raw.count >= 8 else { return nil }
      let count = raw.loadUnaligned(as: UInt64.self)
      guard count <= raw.count / 8 - 1 else { return nil }
      let hashes = (1...max(1, Int(count))).prefix(Int(count)).map {
        raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)
      }
      return (hashes, bytes[(8 + 8 * Int(count))...])
    }
  }

  /// What stands behind the blocks.
  static func ending(_ header: StoredTableHeader, _ hashes: [UInt64]) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var bytes = ([UInt64(hashes.count)] + hashes).withUnsafeBytes { Array($0) }
    bytes += try encoder.encode(header)
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
    let end = [hash(bytes), UInt64(bytes.count), mark]
    return bytes + end.withUnsafeBytes { Array($0) }
  }

  /// The hash of a block or the header.
  static func hash(_ bytes: [UInt8]) -> UInt64 {
    var hash = ByteHash()
    bytes.withUnsafeBytes { hash.add($0) }
    return hash.value
  }

  /// What each record is made of.
  public var schema: RecordSchema { RecordSchema(trusting: header.fields) }
  /// The number of records.
  public var count: Int { header.count }
  /// As ``DataSet/fingerprint``.
  public var fingerprint: String { header.fingerprint }
  /// The file.
  var path: String { file.reader.path }
  /// The number of blocks.
  package var blocks: Int { header.blocks }

  /// Whether a record lacks a value of a field.
  package func hasMissing(_ name: String) -> Bool {
    schema.position(of: name).map { header.columns[$0].hasMissing } ?? false
  }

  private func offset(ofBlock block: Int) -> Int {
    let whole = header.byteCount(records: StoredTableHeader.blockCount)
    guard block == header.blocks, block > 0 else { return block * whole }
    return (block - 1) * whole
      + header.byteCount(records: header.records(ofBlock: block - 1).count)
  }

  /// The bytes of a block.
  ///
  /// - Throws: ``DamagedTable`` for others than those that were written, `FileFailure`.
  func bytes(ofBlock block: Int) throws -> [UInt8] {
    let count = header.byteCount(records: header.records(ofBlock: block).count)
    let bytes = try file.reader.bytes(at: offset(ofBlock: block), count: count)
    guard Self.hash(bytes) == hashes[block] else {
      throw DamagedTable(path: file.reader.path, block: block)
    }
    return bytes
  }
}

/// A stored table holds other bytes than those that were written.
public struct DamagedTable: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The block, counted from 0.
  public let block: Int

  /// One sentence: what was expected, what to do.
  public var description: String {
    "\(path): expected the bytes of block \(block) that were written, got others; remove the file, and resume the "
      + "run, which reads the table again."
  }
}
