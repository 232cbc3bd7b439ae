import ConditionalData
import Foundation
import RecordTypes

/// The end of a file of decoded pictures, after the pixels: a JSON text, its length, its hash, and a word that
/// identifies the format.
struct PictureCacheTrailer: Codable {
  /// The hash of the sources' names, sizes and dates.
  let stamp: UInt64
  let sizes: PictureSizes
  /// Whether the size was requested; else it follows from the sources.
  let isSizeStated: Bool
  let areChannelsStated: Bool
  /// The pictures that are intact.
  let count: Int
  let broken: [PictureBatches.Broken]
  /// The hash of the pixels.
  let digest: UInt64

  /// "cvaepix" and the version of the format.
  private static let magic = UInt64(0x6376_6165_7069_7802)
  private static let endCount = 24

  /// The bytes of all pixels, which the file begins with.
  var byteCount: Int { sizes.scaled.count * count }
}

extension PictureCacheTrailer {
  /// Reads the end of a file; nil if it isn't as it should be, or the file has another length.
  init?(endOf file: Data) {
    guard file.count >= Self.endCount else { return nil }
    let end = Array(file.suffix(Self.endCount))
    let length = Self.word(end, 0)
    guard Self.word(end, 16) == Self.magic, length <= UInt64(file.count - Self.endCount) else {
      return nil
    }
    let text = Array(file.dropLast(Self.endCount).suffix(Int(length)))
    guard Self.hash(text) == Self.word(end, 8),
      let trailer = try? JSONDecoder().decode(Self.self, from: Data(text))
    else { return nil }
    self = trailer
    guard (0...file.count / sizes.scaled.count).contains(count) else { return nil }
    guard file.count == byteCount + text.count + Self.endCount else { return nil }
  }

  /// Whether the pictures have the requested size, or, if none is requested, the one that follows from the
  /// sources.
  func suits(_ request: FieldRequest?) -> Bool {
    let size = sizes.scaled
    let wanted = FieldRequest.Size(height: size.height, width: size.width)
    return request?.size.map { $0.value == wanted } ?? !isSizeStated
      && request?.channels.map { $0.value == size.channels } ?? !areChannelsStated
  }

  /// The bytes to write behind the pixels.
  func bytes() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = Array(try encoder.encode(self))
    let words = [UInt64(text.count), Self.hash(text), Self.magic]
    return text + words.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
  }

  private static func hash(_ text: [UInt8]) -> UInt64 {
    var hash = ByteHash()
    text.withUnsafeBytes { hash.add($0) }
    return hash.value
  }

  private static func word(_ bytes: [UInt8], _ place: Int) -> UInt64 {
    bytes[place..<(place + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
