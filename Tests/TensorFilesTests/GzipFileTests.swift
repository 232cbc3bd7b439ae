import Foundation
import Testing

@testable import TensorFiles

@Suite struct GzipFileTests {
  private let folder: TemporaryFolder
  private let text = Array("one fish two fish red fish blue fish".utf8)
  /// Made by Python's `gzip.compress(text, mtime=0)`.
  private let compressed: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    compressed = Array(
      try #require(
        Data(base64Encoded: "H4sIAAAAAAACA8vPS1VIyyzOUCgpz4cwilJTIIyknFKIHAAIuXK3JAAAAA==")))
  }

  private func read(_ bytes: [UInt8]) throws -> [UInt8] {
    try GzipFile.readPossiblyCompressed(folder.put(bytes, "a"))
  }

  private func failure(_ bytes: [UInt8]) -> String {
    sentence { _ = try read(bytes) }.replacingOccurrences(of: folder.file("a"), with: "a")
  }

  @Test func readsPlainBytesAsTheyAre() throws {
    #expect(try read(text) == text)
    #expect(try read([]) == [])
    #expect(try read([0x1F]) == [0x1F])
  }

  @Test func decompressesWhateverTheName() throws {
    #expect(try read(compressed) == text)
  }

  @Test func decompressesSeveralMembersAndPadding() throws {
    #expect(try read(compressed + compressed + [0, 0, 0]) == text + text)
  }

  @Test func growsBeyondTheSizeThatTheLastMemberTells() throws {
    let large = [UInt8](repeating: 7, count: 300_000)
    #expect(try read(storedGzip(large) + compressed) == large + text)
  }

  @Test func expandsNoFurtherThanTheLimit() throws {
    let path = try folder.put(compressed + compressed, "a.gz")
    for limit in [72, 71, 36, 35, 0] {
      let wanted =
        "\(path): expected data that expand to at most 1073741824 bytes, as "
        + "\(2 * compressed.count) compressed ones may, got more; decompress them first if they are meant to be so large."
      let read = { try GzipFile.readPossiblyCompressed(path) { _ in limit } }
      let stream = { try rest(of: ByteStream(path) { _ in limit }) }
      if limit == 72 {
        #expect(try read() == text + text && stream() == text + text)
      } else {
        #expect(sentence { _ = try read() } == wanted)
        #expect(sentence { _ = try stream() } == wanted)
      }
    }
  }

  private func rest(of stream: ByteStream) throws -> [UInt8] {
    var all: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 10)
    while case let count = try part.withUnsafeMutableBytes({ try stream.read(into: $0) }),
      count > 0
    {
      all += part.prefix(count)
    }
    return all
  }

  @Test func limitGrowsWithTheFile() {
    #expect(ExpansionLimit.bytes(of: 0) == 1 << 30)
    #expect(ExpansionLimit.bytes(of: 1 << 30) == 200 << 30)
    #expect(ExpansionLimit.bytes(of: .max) == .max)
  }

  @Test(arguments: [2, 12, 30])
  func saysThatItIsCutShort(count: Int) {
    #expect(
      failure(Array(compressed.prefix(count))) == "a: expected whole gzip data, got \(count) bytes "
        + "that end too early; copy or download it again.")
  }

  @Test func saysThatItIsDamaged() {
    var wrongSum = compressed
    wrongSum[wrongSum.count - 6] ^= 1
    var wrongMethod = compressed
    wrongMethod[2] = 7
    for bytes in [wrongSum, wrongMethod, compressed + [1, 2, 3]] {
      #expect(
        failure(bytes) == "a: expected gzip data, got damaged ones; copy or download it again.")
    }
  }
}

/// gzip data without compression, in blocks of up to 65,535 bytes.
func storedGzip(_ bytes: [UInt8]) -> [UInt8] {
  var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
  for start in stride(from: 0, to: max(1, bytes.count), by: 65_535) {
    let block = bytes[start..<min(bytes.count, start + 65_535)]
    result.append(start + 65_535 >= bytes.count ? 1 : 0)
    result.appendLittleEndian(UInt16(block.count))
    result.appendLittleEndian(~UInt16(block.count))
    result += block
  }
  result.appendLittleEndian(UInt32(bytes.withUnsafeBytes { ZipArchive.checkSum($0) }))
  result.appendLittleEndian(UInt32(bytes.count))
  return result
}
