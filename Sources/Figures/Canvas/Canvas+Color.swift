extension Canvas {
  /// A colour of the usual screen space, sRGB, with an opacity.
  public struct Color: Hashable, Sendable {
    /// The red part.
    public var red: UInt8
    /// The green part.
    public var green: UInt8
    /// The blue part.
    public var blue: UInt8
    /// 0 leaves what was there, 1 covers it.
    public var opacity: Double

    /// Makes a colour from its parts.
    public init(red: UInt8, green: UInt8, blue: UInt8, opacity: Double = 1) {
      self.red = red
      self.green = green
      self.blue = blue
      self.opacity = opacity
    }

    /// Makes a colour from the usual six hexadecimal digits, such as `0xD55E00`.
    public init(_ digits: UInt32, opacity: Double = 1) {
      self.init(
        red: UInt8(digits >> 16 & 0xFF), green: UInt8(digits >> 8 & 0xFF),
        blue: UInt8(digits & 0xFF), opacity: opacity)
    }

    /// The same colour, more or less transparent.
    public func opacity(_ opacity: Double) -> Color {
      Color(red: red, green: green, blue: blue, opacity: opacity)
    }

    /// Pure white.
    public static let white = Color(0xFFFFFF)
    /// Pure black.
    public static let black = Color(0x000000)

    /// Reads GD's integer for a pixel: 7 bits of transparency, then 8 bits for each part.
    init(word: Int32) {
      self.init(UInt32(word & 0xFFFFFF), opacity: 1 - Double(word >> 24 & 0x7F) / 127)
    }

    /// GD's integer for this colour.
    var word: Int32 {
      let transparency = Int32(((1 - min(max(opacity, 0), 1)) * 127).rounded())
      return transparency << 24 | Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
    }

    /// This colour laid over `below`, which is taken as opaque, and covering `coverage` of it.
    func over(_ below: Color, coverage: Double) -> Color {
      let share = min(max(opacity * coverage, 0), 1)
      func mix(_ above: UInt8, _ below: UInt8) -> UInt8 {
        UInt8((Double(below) + (Double(above) - Double(below)) * share).rounded())
      }
      return Color(
        red: mix(red, below.red), green: mix(green, below.green), blue: mix(blue, below.blue))
    }
  }
}
