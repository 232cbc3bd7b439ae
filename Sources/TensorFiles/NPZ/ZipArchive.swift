import CZlib

/// The part of the zip format that `.npz` needs: no encryption, no volumes. Archives beyond 4 GiB, zip64, are read, not
/// written.
///
/// - Source: PKWARE, *APPNOTE.TXT*, .ZIP File Format Specification, sections 4.3.7, 4.3.12, 4.3.14 to 16, 4.5.3.
enum ZipArchive {
  static let localSignature: UInt32 = 0x0403_4B50
  static let centralSignature: UInt32 = 0x0201_4B50
  static let endSignature: UInt32 = 0x0605_4B50
  static let wideEndSignature: UInt32 = 0x0606_4B50
  static let wideLocatorSignature: UInt32 = 0x0706_4B50
  static let localSize = 30
  static let centralSize = 46
  static let endSize = 22
  static let wideEndSize = 56
  static let wideLocatorSize = 20

  /// The bytes of an archive with uncompressed entries of these names and sizes.
  static func size(of entries: [(name: String, count: Int)]) -> Int {
    entries.reduce(endSize) { $0 + localSize + centralSize + 2 * $1.name.utf8.count + $1.count }
  }

  /// CRC-32 of bytes that continue those with the sum `sum`.
  static func checkSum(_ bytes: UnsafeRawBufferPointer, continuing sum: UInt = 0) -> UInt {
    guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return sum }
    return crc32_z(sum, base, bytes.count)
  }

  /// Writes an archive entry by entry.
  struct Writer {
    private var directory: [UInt8] = []
    private var count = 0
    private var offset = 0

    /// Appends an uncompressed entry made of `header` and `payload`.
    mutating func append(
      _ name: String, header: [UInt8], _ payload: UnsafeRawBufferPointer,
      to file: inout FileWriter
    ) throws {
      let size = header.count + payload.count
      let sum = checkSum(payload, continuing: header.withUnsafeBytes { checkSum($0) })
      var common: [UInt8] = []
      common.appendLittleEndian(UInt16(20))  // the version needed to extract
      common.appendLittleEndian(UInt16(1 << 11))  // names are UTF-8
      common.appendLittleEndian(UInt16(0))  // stored
      common.appendLittleEndian(UInt16(0))  // midnight
      common.appendLittleEndian(UInt16(1 << 5 | 1))  // 1 January 1980: no time in the bytes
      common.appendLittleEndian(UInt32(sum))
      common.appendLittleEndian(UInt32(size))
      common.appendLittleEndian(UInt32(size))
      common.appendLittleEndian(UInt16(name.utf8.count))
      common.appendLittleEndian(UInt16(0))  // no extra field

      var local: [UInt8] = []
      local.appendLittleEndian(localSignature)
      local += common + Array(name.utf8) + header
      try file.write(local)
      try file.write(payload)

      directory.appendLittleEndian(centralSignature)
      directory.appendLittleEndian(UInt16(20))  // the version that wrote it
      directory += common
      directory += [UInt8](repeating: 0, count: 10)  // comment, disk, attributes
      directory.appendLittleEndian(UInt32(offset))
      directory += Array(name.utf8)
      offset += local.count + payload.count
      count += 1
    }

    /// Writes the directory, which ends the archive.
    func finish(_ file: inout FileWriter) throws {
      var end: [UInt8] = []
      end.appendLittleEndian(endSignature)
      end.appendLittleEndian(UInt32(0))  // one disk
      end.appendLittleEndian(UInt16(count))
      end.appendLittleEndian(UInt16(count))
      end.appendLittleEndian(UInt32(directory.count))
      end.appendLittleEndian(UInt32(offset))
      end.appendLittleEndian(UInt16(0))  // no comment
      try file.write(directory + end)
    }
  }
}
