import CGD

extension Canvas.Typeface {
  /// The text with the numbers of characters that can't be drawn in their place: `"U+65E5 U+672C"`.
  ///
  /// These are characters that the font file lacks, and those beyond U+FFFF, which GD can't read. For the bitmap
  /// font, which has a question mark for all that it lacks, the text stays as it is.
  func legible(_ text: String) -> String {
    guard let path, text.utf8.contains(where: { $0 >= 0x80 }),
      let box = Self.drawing(of: "\u{FFFF}", path: path)
    else { return text }
    var line = ""
    var followsNumber = false
    for scalar in text.unicodeScalars {
      let isDrawn =
        scalar.isASCII || scalar.properties.isWhitespace
        || scalar.value <= 0xFFFF && Self.drawing(of: scalar, path: path) != box
      if (!isDrawn || followsNumber) && !line.isEmpty && line.last != " " && scalar != " " {
        line += " "
      }
      line += isDrawn ? String(scalar) : "U+" + String(scalar.value, radix: 16, uppercase: true)
      followsNumber = !isDrawn
    }
    return line
  }

  /// The pixels of one character; nil if the font fails. All characters that a font lacks look the same.
  private static func drawing(of scalar: Unicode.Scalar, path: String) -> [Int32]? {
    let side = 48
    guard let image = gdImageCreateTrueColor(Int32(side), Int32(side)) else { return nil }
    defer { gdImageDestroy(image) }
    let text = String(scalar)
    guard strike(text, path: path, points: 20, on: image, color: .white, x: 4, y: 36) != nil else {
      return nil
    }
    return (0..<side).flatMap { row in
      (0..<side).map { image.pointee.tpixels?[row]?[$0] ?? 0 }
    }
  }
}
