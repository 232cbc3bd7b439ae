import CGD

/// Files of pictures as bytes, made without the code under test.
enum PictureBytes {
  /// What the bytes of a PNG's pixels are.
  enum PNGForm: UInt8 {
    case grey = 0
    case colour = 2
    case palette = 3
    case greyWithAlpha = 4
    case colourWithAlpha = 6
  }

  /// A PNG of `rows`, the packed bytes of one row of pixels each, without compression.
  ///
  /// - Parameters:
  ///   - interlacedHeight: The picture's height where the rows are those of Adam7's passes.
  ///   - before: Chunks before the pixels, by name.
  ///   - behind: Chunks behind the pixels.
  static func png(
    _ rows: [[UInt8]], width: Int, _ form: PNGForm = .grey, depth: UInt8 = 8,
    palette: [UInt8] = [], transparency: [UInt8] = [], interlacedHeight: Int? = nil,
    before: [(String, [UInt8])] = [], behind: [(String, [UInt8])] = []
  ) -> [UInt8] {
    let raw: [UInt8] = rows.flatMap { [0] + $0 }
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in raw {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    let count = UInt16(raw.count)
    let data: [UInt8] =
      [0x78, 0x01, 1] + withUnsafeBytes(of: count.littleEndian, Array.init)
      + withUnsafeBytes(of: (~count).littleEndian, Array.init) + raw + bigEndian(high << 16 | low)
    let header =
      bigEndian(UInt32(width)) + bigEndian(UInt32(interlacedHeight ?? rows.count))
      + [depth, form.rawValue, 0, 0, interlacedHeight == nil ? 0 : 1]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
      + (palette.isEmpty ? [] : chunk("PLTE", palette))
      + (transparency.isEmpty ? [] : chunk("tRNS", transparency))
      + before.flatMap { chunk($0, $1) } + chunk("IDAT", data)
      + behind.flatMap { chunk($0, $1) } + chunk("IEND", [])
  }

  /// A grey PNG of one brightness.
  static func flat(_ value: UInt8, height: Int = 16, width: Int = 16) -> [UInt8] {
    let row = [UInt8](repeating: value, count: width)
    return png([[UInt8]](repeating: row, count: height), width: width)
  }

  /// A PNG of one colour.
  static func flat(_ color: [UInt8], height: Int = 16, width: Int = 16) -> [UInt8] {
    let row = [[UInt8]](repeating: color, count: width).flatMap(\.self)
    return png([[UInt8]](repeating: row, count: height), width: width, .colour)
  }

  /// A JPEG of one colour, `0xRRGGBB`.
  static func jpeg(_ color: Int32, height: Int = 16, width: Int = 16) -> [UInt8] {
    encoded(color, height, width) { gdImageJpegPtr($0, $1, 95) }
  }

  /// A WebP of one colour, `0xRRGGBB`.
  static func webp(_ color: Int32, height: Int = 16, width: Int = 16) -> [UInt8] {
    encoded(color, height, width) { gdImageWebpPtrEx($0, $1, 95) }
  }

  /// An extended WebP: the header with `flags` and an extent, the coded pixels of a plain `webp`, and chunks
  /// behind them.
  static func extended(
    _ webp: [UInt8], flags: UInt8, height: UInt8, width: UInt8,
    behind: [(String, [UInt8])] = []
  ) -> [UInt8] {
    func piece(_ name: String, _ content: [UInt8]) -> [UInt8] {
      let length = withUnsafeBytes(of: UInt32(content.count).littleEndian, Array.init)
      return Array(name.utf8) + length + content + (content.count % 2 == 0 ? [] : [0])
    }
    let header = piece("VP8X", [flags, 0, 0, 0, width - 1, 0, 0, height - 1, 0, 0])
    let body = header + webp.dropFirst(12) + behind.flatMap { piece($0, $1) }
    return piece("RIFF", Array("WEBP".utf8) + body)
  }

  /// Exif data that say which way a picture must be turned, least significant bytes first.
  static func exif(orientation: UInt8) -> [UInt8] {
    [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
  }

  private static func encoded(
    _ color: Int32, _ height: Int, _ width: Int,
    _ encode: (gdImagePtr, UnsafeMutablePointer<Int32>) -> UnsafeMutableRawPointer?
  ) -> [UInt8] {
    guard let image = gdImageCreateTrueColor(Int32(width), Int32(height)) else { return [] }
    defer { gdImageDestroy(image) }
    gdImageFilledRectangle(image, 0, 0, Int32(width), Int32(height), color)
    var count: Int32 = 0
    guard let pointer = encode(image, &count) else { return [] }
    defer { gdFree(pointer) }
    return [UInt8](UnsafeRawBufferPointer(start: pointer, count: Int(count)))
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    var sum = ~UInt32(0)
    for byte in body {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return bigEndian(UInt32(content.count)) + body + bigEndian(~sum)
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian, Array.init)
  }
}
