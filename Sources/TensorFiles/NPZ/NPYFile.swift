/// The `.npy` form of one array, version 1.0: a header in words, then the elements.
///
/// - Source: numpy, *numpy.lib.format*.
struct NPYFile {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Everything before the elements, a multiple of 64 bytes.
  let header: [UInt8]
  private let array: NPZArray
  /// The width of every text, in code points; at least 1, as numpy wants it.
  private let textWidth: Int

  init(_ array: NPZArray) {
    self.array = array
    if case .text(let texts) = array.values {
      textWidth = max(1, texts.map(\.unicodeScalars.count).max() ?? 1)
    } else {
      textWidth = 1
    }
    let type =
      switch array.values {
      case .float32: "<f4"
      case .float64: "<f8"
      case .int64: "<i8"
      case .uint8: "|u1"
      case .boolean: "|b1"
      case .text: "<U\(textWidth)"
      }
    let extents = array.shape.map { "\($0)," }.joined(separator: " ")
    var words = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    let unpadded = Self.magic.count + 4 + words.utf8.count + 1
    words += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    var header = Self.magic + [1, 0]
    header.appendLittleEndian(UInt16(words.utf8.count))
    self.header = header + Array(words.utf8)
  }

  /// The bytes of header and elements.
  var count: Int {
    let size =
      switch array.values {
      case .uint8, .boolean: 1
      case .float32: 4
      case .float64, .int64: 8
      case .text: 4 * textWidth
      }
    return header.count + size * array.values.count
  }

  /// Passes the elements' bytes to `body`, without a copy except for texts.
  func withPayload<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch array.values {
    case .float32(let values): try values.withUnsafeBytes(body)
    case .float64(let values): try values.withUnsafeBytes(body)
    case .int64(let values): try values.withUnsafeBytes(body)
    case .uint8(let values): try values.withUnsafeBytes(body)
    case .boolean(let values): try values.withUnsafeBytes(body)
    case .text(let texts): try codePoints(texts).withUnsafeBytes(body)
    }
  }

  private func codePoints(_ texts: [String]) -> [UInt32] {
    var points: [UInt32] = []
    points.reserveCapacity(texts.count * textWidth)
    for text in texts {
      let end = points.count + textWidth
      points += text.unicodeScalars.map(\.value)
      points += repeatElement(0, count: end - points.count)
    }
    return points
  }
}
