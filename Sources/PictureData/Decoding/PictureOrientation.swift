/// How a camera was held, and so how a picture's pixels must be turned to be seen upright.
///
/// - Source: JEITA CP-3451, *Exif*, tag 0x0112; the numbers are those of the tag.
enum PictureOrientation: Int {
  case upright = 1
  case mirrored, upsideDown, flipped, transposed, turnedLeft, transversed, turnedRight

  /// Whether rows and columns are exchanged.
  var swapsSides: Bool { rawValue >= Self.transposed.rawValue }

  /// The pixel of the file that is seen at a place, by the file's extent.
  func source(row: Int, column: Int, height: Int, width: Int) -> (row: Int, column: Int) {
    switch self {
    case .upright: (row, column)
    case .mirrored: (row, width - 1 - column)
    case .upsideDown: (height - 1 - row, width - 1 - column)
    case .flipped: (height - 1 - row, column)
    case .transposed: (column, row)
    case .turnedLeft: (height - 1 - column, row)
    case .transversed: (height - 1 - column, width - 1 - row)
    case .turnedRight: (column, width - 1 - row)
    }
  }

  /// Reads Exif data, which begin with `Exif\0\0` in a JPEG, and in some WebP files; nil where they have no such
  /// tag.
  init?(exif bytes: UnsafeRawBufferPointer) {
    let prefix = "Exif\0\0".utf8
    let start = bytes.starts(with: prefix) ? prefix.count : 0
    let isLittle = bytes.dropFirst(start).starts(with: "II*\0".utf8)
    guard isLittle || bytes.dropFirst(start).starts(with: "MM\0*".utf8) else { return nil }
    func number(_ place: Int, _ count: Int) -> Int? {
      guard place >= 0, place + count <= bytes.count else { return nil }
      let part = bytes[place..<(place + count)]
      return isLittle
        ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(start + 4, 4), let count = number(start + directory, 2) else {
      return nil
    }
    for entry in 0..<count {
      let place = start + directory + 2 + 12 * entry
      guard let tag = number(place, 2) else { return nil }
      guard tag == 0x0112 else { continue }
      guard let value = number(place + 8, 2) else { return nil }
      self.init(rawValue: value)
      return
    }
    return nil
  }
}
