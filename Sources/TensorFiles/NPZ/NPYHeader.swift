/// The header before the elements of a `.npy` file.
struct NPYHeader {
  /// An element type that can be read.
  enum ElementType {
    case float32, float64, int32, int64, uint8, boolean
    case text(width: Int)
  }

  /// Longer headers aren't read from files that are mapped.
  static let mostBytes = 1 << 16

  let type: ElementType
  let shape: [Int]
  /// Its own bytes.
  let count: Int

  var elementSize: Int {
    switch type {
    case .uint8, .boolean: 1
    case .float32, .int32: 4
    case .float64, .int64: 8
    case .text(let width): 4 * width
    }
  }

  init(_ bytes: [UInt8], array: String, path: String) throws {
    let numbers = LittleEndianBytes(bytes: bytes)
    guard bytes.starts(with: NPYFile.magic), bytes.count > 12 else {
      throw DataFileFailure(
        path: path, expected: "array '\(array)' in numpy's .npy form", actual: "other bytes",
        advice: "write the file with numpy.savez")
    }
    let start = bytes[6] == 1 ? 10 : 12
    let length = start == 10 ? numbers.integer16(at: 8) : numbers.integer32(at: 8)
    guard let length, length <= bytes.count - start else {
      throw DataFileFailure(
        path: path, expected: "array '\(array)' with a whole header", actual: "a cut one",
        advice: "copy or download the file again")
    }
    count = start + length
    let words = String(decoding: bytes[start..<count], as: UTF8.self)
    let description = Self.value(of: "descr", in: words)
    guard let type = Self.elementType(description) else {
      throw DataFileFailure(
        path: path,
        expected: "array '\(array)' to have one of numpy's types u1, i4, i8, f4, f8, "
          + "bool and str, little-endian", actual: description,
        advice: "convert it with astype before saving")
    }
    guard Self.value(of: "fortran_order", in: words) == "False" else {
      throw DataFileFailure(
        path: path, expected: "array '\(array)' in row-major order", actual: "Fortran order",
        advice: "save numpy.ascontiguousarray(\(array)) instead")
    }
    self.type = type
    let extents = Self.value(of: "shape", in: words).split(separator: ",").map { part in
      Int(part.filter { $0 != " " })
    }
    guard !extents.contains(nil) else {
      throw DataFileFailure(
        path: path, expected: "array '\(array)' with a shape", actual: words,
        advice: "write the file with numpy.savez")
    }
    shape = extents.compactMap { $0 }
  }

  /// The text after a key of the header's dictionary, without quotes or parentheses.
  private static func value(of key: String, in words: String) -> String {
    let marker = "'\(key)':"
    guard let at = words.firstRange(of: marker) else { return "nothing" }
    let rest = words[at.upperBound...].drop { $0 == " " }
    switch rest.first {
    case "'": return String(rest.dropFirst().prefix { $0 != "'" })
    case "(": return String(rest.dropFirst().prefix { $0 != ")" })
    default: return String(rest.prefix { $0 != "," && $0 != "}" })
    }
  }

  private static func elementType(_ description: String) -> ElementType? {
    switch description {
    case "<f4": .float32
    case "<f8": .float64
    case "<i4": .int32
    case "<i8": .int64
    case "|u1", "<u1": .uint8
    case "|b1": .boolean
    case _ where description.hasPrefix("<U"): textType(description.dropFirst(2))
    default: nil
    }
  }

  /// The widest text, in code points; wider ones can't be categories.
  private static func textType(_ width: Substring) -> ElementType? {
    guard let width = Int(width), (1...65_536).contains(width) else { return nil }
    return .text(width: width)
  }
}
