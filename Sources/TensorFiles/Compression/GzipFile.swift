import Foundation

/// Files that may be compressed with gzip.
public enum GzipFile {
  static let magic: [UInt8] = [0x1F, 0x8B]

  /// The bytes of the file at `path`, decompressed if they begin as gzip does, whatever its name.
  ///
  /// - Throws: ``DataFileFailure`` where the gzip data are cut short or damaged, or expand to more
  ///   than a gigabyte and two hundred times their size, ``FileFailure``.
  public static func readPossiblyCompressed(_ path: String) throws -> [UInt8] {
    try readPossiblyCompressed(path, limit: ExpansionLimit.bytes)
  }

  static func readPossiblyCompressed(
    _ path: String, limit: (Int) -> Int
  ) throws -> [UInt8] {
    let file = try FileReader(path)
    let bytes = try file.bytes(at: 0, count: file.count)
    guard bytes.starts(with: magic) else { return bytes }
    // The last four bytes are the size of what was compressed, modulo 2³².
    let size = LittleEndianBytes(bytes: bytes).integer32(at: bytes.count - 4) ?? 0
    do {
      return try Inflation.inflate(bytes, .gzip, expectedCount: size, limit: limit(bytes.count))
    } catch .tooLarge {
      throw ExpansionLimit.failure(path, compressed: bytes.count)
    } catch .truncated {
      throw DataFileFailure(
        path: path, expected: "whole gzip data",
        actual: "\(bytes.count) bytes that end too early", advice: "copy or download it again")
    } catch .corrupt {
      throw DataFileFailure(
        path: path, expected: "gzip data", actual: "damaged ones",
        advice: "copy or download it again")
    } catch .outOfMemory {
      throw FileFailure(path: path, action: "decompress", code: ENOMEM)
    }
  }
}
