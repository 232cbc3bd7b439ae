import CGD

extension Canvas {
  /// Copies a picture of floating-point values onto the canvas, each value a square of pixels.
  ///
  /// Values are brightnesses, 0 for black and 1 for white or full colour. Others are clamped, and
  /// NaN counts as 0. Parts outside the canvas are left out.
  ///
  /// - Parameters:
  ///   - values: row by row, each row from left to right, the channels of a place together.
  ///     Shape `[height, width, channels]`.
  ///   - height: rows of the picture.
  ///   - width: columns of the picture.
  ///   - channels: 1 for grey, 3 for red, green and blue.
  ///   - x: the canvas's column for the picture's first.
  ///   - y: the canvas's row for the picture's first.
  ///   - scale: pixels of the canvas along each side of a value; nothing is smoothed.
  public func drawPicture(
    _ values: [Float], height: Int, width: Int, channels: Int, x: Int, y: Int, scale: Int = 1
  ) {
    precondition(channels == 1 || channels == 3, "A picture has 1 or 3 channels, not \(channels)")
    precondition(scale > 0, "A picture's scale is at least 1, not \(scale)")
    precondition(
      values.count == height * width * channels,
      "A picture of \(height) x \(width) x \(channels) got \(values.count) values")
    let area = Rectangle(x: x, y: y, width: width * scale, height: height * scale)
      .intersection(clip)
    for row in area.rows {
      guard let line = image.pointee.tpixels?[row] else { return }
      let firstValue = (row - y) / scale * width
      for column in area.columns {
        let place = (firstValue + (column - x) / scale) * channels
        let color = Color(
          red: Self.level(values[place]),
          green: Self.level(values[place + (channels == 3 ? 1 : 0)]),
          blue: Self.level(values[place + (channels == 3 ? 2 : 0)]))
        line[column] = color.word
      }
    }
  }

  /// The colour of one pixel.
  public func pixel(x: Int, y: Int) -> Color {
    precondition(
      bounds.columns.contains(x) && bounds.rows.contains(y),
      "The canvas of \(width) x \(height) pixels has none at column \(x), row \(y)")
    return Color(word: gdImageGetTrueColorPixel(image, Int32(x), Int32(y)))
  }

  /// A brightness as one of 256 levels.
  private static func level(_ value: Float) -> UInt8 {
    value > 0 ? UInt8((min(value, 1) * 255).rounded()) : 0
  }
}
