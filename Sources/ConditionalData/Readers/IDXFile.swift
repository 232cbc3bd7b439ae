import TensorFiles

/// A file of the IDX form: a magic number, extents, then unsigned bytes.
///
/// - Source: LeCun, Cortes, Burges, *The MNIST database*, 1998.
struct IDXFile {
  /// The content of a file, by the number of extents.
  enum Content: Int {
    case labels = 1
    case images = 3

    /// Two zeros, 8 for unsigned bytes, and the number of extents.
    var magic: Int { 0x0800 + rawValue }

    var words: String {
      switch self {
      case .labels: "a label file"
      case .images: "an image file"
      }
    }
  }

  let path: String
  /// The number of items, then their height and width.
  let extents: [Int]
  let bytes: [UInt8]

  /// Reads a file, compressed or not.
  init(_ path: String, _ content: Content) throws {
    self.path = path
    var bytes = try GzipFile.readPossiblyCompressed(path)
    let headerCount = 4 + 4 * content.rawValue
    let magic = Self.number(bytes, at: 0)
    guard let magic, magic == content.magic else {
      throw Self.wrongMagic(magic, content, path)
    }
    guard bytes.count >= headerCount else {
      throw DataFileFailure(
        path: path, expected: "a header of \(headerCount) bytes", actual: "\(bytes.count) bytes",
        advice: "the file is cut short, so copy it again")
    }
    extents = (0..<content.rawValue).compactMap { Self.number(bytes, at: 4 + 4 * $0) }
    let size = Self.size(of: extents)
    guard bytes.count == headerCount + size else {
      throw DataFileFailure(
        path: path, expected: "\(headerCount + size) bytes for \(Self.words(extents))",
        actual: "\(bytes.count) bytes",
        advice: bytes.count < headerCount + size
          ? "the file is cut short, so copy it again" : "copy the file again")
    }
    guard size > 0 else {
      throw DataFileFailure(
        path: path, expected: "at least one item of one byte or more", actual: Self.words(extents),
        advice: "check how the file was made")
    }
    bytes.removeFirst(headerCount)
    self.bytes = bytes
  }

  /// The product of the extents, half of all numbers where it is larger.
  private static func size(of extents: [Int]) -> Int {
    extents.reduce(1) { product, extent in
      let (size, overflow) = product.multipliedReportingOverflow(by: extent)
      return overflow ? Int.max / 2 : min(size, Int.max / 2)
    }
  }

  private static func words(_ extents: [Int]) -> String {
    extents.count == Content.labels.rawValue
      ? "\(extents[0]) labels" : "\(extents[0]) images of \(extents[1]) × \(extents[2])"
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> Int? {
    guard offset + 4 <= bytes.count else { return nil }
    return bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func wrongMagic(_ magic: Int?, _ wanted: Content, _ path: String)
    -> DataFileFailure
  {
    let other: Content = wanted == .images ? .labels : .images
    let actual =
      switch magic {
      case nil: "a file of fewer than 4 bytes"
      case other.magic: "\(other.words) (\(other.magic))"
      case .some(let number): "\(number), which is not an IDX file of bytes"
      }
    return DataFileFailure(
      path: path, expected: "\(wanted.words) (magic number \(wanted.magic))", actual: actual,
      advice: magic == other.magic ? "check that the files aren't swapped" : "download it again")
  }
}
