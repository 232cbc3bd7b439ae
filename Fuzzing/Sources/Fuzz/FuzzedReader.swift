import Foundation

/// A reader of users' files, and what it is fed.
struct FuzzedReader: Sendable {
  let name: String
  /// The longest input, in bytes.
  var longest = 4096
  /// Parts of files that inputs are made of.
  var words: [[UInt8]] = []
  /// Valid inputs.
  let seeds: @Sendable () throws -> [[UInt8]]
  /// Reads an input as a user's file is read. Errors that tell a user what is wrong are right.
  let read: @Sendable ([UInt8], Scratch) throws -> Void

  static let all = [
    tables, jsonLines, gzip, npz, idx, pictures, texts, schemas, configurations, safetensors,
    metadata,
  ]
}

extension [UInt8] {
  /// A number's bytes, the least significant first.
  static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    Swift.withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  /// A number's bytes, the most significant first.
  static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    littleEndian(number).reversed()
  }

  /// CRC-32, as PNG and zip files have it.
  var checkSum: UInt32 {
    var sum = ~UInt32(0)
    for byte in self {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~sum
  }
}

/// A temporary folder for the file at hand; libFuzzer ends the process without removing it.
struct Scratch: Sendable {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Writes a file, in a folder below if the name says so.
  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let place = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: place)
    return place.path
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}
