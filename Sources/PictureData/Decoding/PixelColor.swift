/// The colour of a decoded pixel, with its opacity.
struct PixelColor: Equatable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8
  /// 0 for a transparent pixel, 1 for an opaque one.
  let opacity: Double

  /// Reads GD's integer for a pixel: 7 bits of transparency, then 8 bits for each part.
  init(word: Int32) {
    red = UInt8(word >> 16 & 0xFF)
    green = UInt8(word >> 8 & 0xFF)
    blue = UInt8(word & 0xFF)
    opacity = 1 - Double(word >> 24 & 0x7F) / 127
  }

  /// Brightness by Rec. 601; a grey stays as it is.
  var luma: UInt8 {
    if red == green && green == blue { return red }
    let parts: [Double] = [0.299 * Double(red), 0.587 * Double(green), 0.114 * Double(blue)]
    return UInt8(parts.reduce(0, +).rounded())
  }
}
