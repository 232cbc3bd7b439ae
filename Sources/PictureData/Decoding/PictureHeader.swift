/// What a PNG, JPEG or WebP file says about its picture, without decoding it.
struct PictureHeader: Equatable {
  /// How a file's pixels are coded.
  enum Form {
    case png, jpeg, webp
  }

  let form: Form
  /// Rows of pixels, after turning.
  private(set) var height: Int
  /// Pixels in a row, after turning.
  private(set) var width: Int
  /// Whether the file can't hold colours; a picture in one that can may still be grey.
  private(set) var isGrey: Bool
  /// Whether a JPEG holds four inks, not red, green and blue.
  private(set) var isCMYK = false
  /// Whether a WebP file holds several pictures, one after the other.
  private(set) var isAnimated = false
  /// How the file's pixels must be turned.
  private(set) var orientation = PictureOrientation.upright

  /// The most rows and the most columns that a PNG can have, as its specification says; the other forms have fewer.
  private static let largestSide = 0x7FFF_FFFF

  /// Nil for other bytes, if they end before the extent, and for an extent that no picture has.
  init?(_ bytes: UnsafeRawBufferPointer) {
    if Self.matches(bytes, 0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self.init(png: bytes)
    } else if Self.matches(bytes, 0, [0xFF, 0xD8]) {
      self.init(jpeg: bytes)
    } else if Self.matches(bytes, 0, Array("RIFF".utf8)),
      Self.matches(bytes, 8, Array("WEBP".utf8))
    {
      self.init(webp: bytes)
    } else {
      return nil
    }
    let possible = 1...Self.largestSide
    guard possible.contains(height), possible.contains(width) else { return nil }
    if orientation.swapsSides { (height, width) = (width, height) }
  }

  private init?(png bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 26 else { return nil }
    form = .png
    width = Self.bigEndian(bytes, 16) << 16 | Self.bigEndian(bytes, 18)
    height = Self.bigEndian(bytes, 20) << 16 | Self.bigEndian(bytes, 22)
    // Colour types 0 and 4: grey, without and with alpha.
    isGrey = bytes[25] & 0b11 == 0
    // Each chunk: the length of its content, its name, the content, a check sum.
    var place = 8
    while place + 8 <= bytes.count {
      let count = Self.bigEndian(bytes, place) << 16 | Self.bigEndian(bytes, place + 2)
      let end = place + 8 + count
      if Self.matches(bytes, place + 4, Array("eXIf".utf8)), end <= bytes.count {
        turn(exif: bytes[(place + 8)..<end])
        return
      }
      place = end + 4
    }
  }

  /// Goes from segment to segment, to the one that begins a frame.
  private init?(jpeg bytes: UnsafeRawBufferPointer) {
    var place = 2
    form = .jpeg
    (height, width, isGrey) = (0, 0, false)
    while place + 9 < bytes.count {
      guard bytes[place] == 0xFF else { return nil }
      let marker = bytes[place + 1]
      switch marker {
      // Fill bytes, and markers that stand alone.
      case 0xFF: place += 1
      case 0x01, 0xD0...0xD8: place += 2
      // C4, C8 and CC are tables; the rest of this row begins a frame.
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        height = Self.bigEndian(bytes, place + 5)
        width = Self.bigEndian(bytes, place + 7)
        isGrey = bytes[place + 9] == 1
        isCMYK = bytes[place + 9] == 4
        return
      default:
        let end = place + 2 + Self.bigEndian(bytes, place + 2)
        if marker == 0xE1, place + 4 <= end, end <= bytes.count {
          turn(exif: bytes[(place + 4)..<end])
        }
        place = end
      }
    }
    return nil
  }

  private init?(webp bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 30 else { return nil }
    func littleEndian(_ place: Int) -> Int { Int(bytes[place]) | Int(bytes[place + 1]) << 8 }
    form = .webp
    isGrey = false
    switch bytes[15] {
    case UInt8(ascii: " "):
      width = littleEndian(26) & 0x3FFF
      height = littleEndian(28) & 0x3FFF
    case UInt8(ascii: "L"):
      let bits = littleEndian(21) | littleEndian(23) << 16
      width = bits & 0x3FFF + 1
      height = bits >> 14 & 0x3FFF + 1
    case UInt8(ascii: "X"):
      isAnimated = bytes[20] & 0b10 != 0
      width = (littleEndian(24) | Int(bytes[26]) << 16) + 1
      height = (littleEndian(27) | Int(bytes[29]) << 16) + 1
      // Each chunk: its name, the length of its content, the content, to an even length.
      var place = 12
      while place + 8 <= bytes.count {
        let count = littleEndian(place + 4) | littleEndian(place + 6) << 16
        let end = place + 8 + count
        if Self.matches(bytes, place, Array("EXIF".utf8)), end <= bytes.count {
          turn(exif: bytes[(place + 8)..<end])
          return
        }
        place = end + count % 2
      }
    default: return nil
    }
  }

  /// Takes the orientation from Exif data that have one.
  private mutating func turn(exif bytes: Slice<UnsafeRawBufferPointer>) {
    orientation = PictureOrientation(exif: UnsafeRawBufferPointer(rebasing: bytes)) ?? orientation
  }

  private static func matches(
    _ bytes: UnsafeRawBufferPointer, _ place: Int, _ expected: [UInt8]
  ) -> Bool {
    bytes.count >= place + expected.count && bytes[place...].starts(with: expected)
  }

  private static func bigEndian(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Int {
    Int(bytes[place]) << 8 | Int(bytes[place + 1])
  }
}
