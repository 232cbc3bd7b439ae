import CGD
import Foundation

extension Canvas {
  /// The font that text is drawn with: a font file, or GD's built-in bitmap font if there is none.
  ///
  /// The bitmap font has one size and Western letters only; it keeps pictures labelled on a machine
  /// without fonts.
  public struct Typeface: Hashable, Sendable {
    /// The absolute path of a TrueType or OpenType file; nil for the bitmap font.
    public let path: String?

    /// Makes a typeface from a font file; one that can't be opened gives the bitmap font.
    public init(path: String?) { self.path = path }

    /// GD's own font, present everywhere.
    public static let bitmap = Typeface(path: nil)

    /// The file that the environment variable `CVAE_FONT` names, else DejaVu Sans where the usual
    /// distributions put it, else the bitmap font. Looked up once.
    public static let usual = locate(environment: ProcessInfo.processInfo.environment)

    static func locate(environment: [String: String]) -> Typeface {
      let places = [
        environment["CVAE_FONT"],
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/TTF/DejaVuSans.ttf",
      ]
      let found = places.compactMap { $0 }
        .first { FileManager.default.isReadableFile(atPath: $0) }
      return Typeface(path: found)
    }

    /// How far a line of text reaches from the start of its baseline, in pixels.
    struct Extent: Equatable {
      var left: Int
      var right: Int
      var above: Int
      var below: Int
    }

    /// Measures a line of text by its ink.
    func extent(of text: String, points: Double) -> Extent {
      let line = Self.drawable(text)
      if let path, let box = Self.strike(line, path: path, points: points) {
        return Extent(
          left: Int(box[0]), right: Int(box[2]), above: -Int(box[7]), below: Int(box[1]))
      }
      guard let font = Self.bitmapFont?.pointee else {
        return Extent(left: 0, right: 0, above: 0, below: 0)
      }
      let width = Self.bitmapBytes(line).count * Int(font.w)
      let below = Self.bitmapDescent
      return Extent(left: 0, right: width, above: Int(font.h) - below - 2, below: below)
    }

    /// The size of a line of text in pixels, one inch having 72 points and 96 pixels. The height is
    /// that of a capital above a descender, whatever the letters.
    public func size(of text: String, points: Double) -> (width: Int, height: Int) {
      let (line, tall) = (extent(of: text, points: points), extent(of: "Hg", points: points))
      return (text.isEmpty ? 0 : line.right - line.left, tall.above + tall.below)
    }

    /// Draws with the font file, or only measures where `image` is nil. The eight numbers are the
    /// corners of the ink, from the lower left against the clock; nil when the font fails.
    static func strike(
      _ line: String, path: String, points: Double, on image: gdImagePtr? = nil,
      color: Color = .black, angle: Double = 0, x: Int = 0, y: Int = 0
    ) -> [Int32]? {
      // GD reads "&amp;" as an ampersand, so that one which starts no such name must be spelt out.
      let escaped = line.split(separator: "&", omittingEmptySubsequences: false)
        .joined(separator: "&amp;")
      var box = [Int32](repeating: 0, count: 8)
      var text = Array(escaped.utf8CString)
      let complaint = gdImageStringFT(
        image, &box, color.word, path, points, angle, Int32(clamping: x), Int32(clamping: y), &text)
      return complaint == nil ? box : nil
    }

    /// The text as one line: control characters, which GD would obey or stop at, become spaces.
    static func drawable(_ text: String) -> String {
      String(
        String.UnicodeScalarView(
          text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    /// Rows of the bitmap font below the baseline; above a capital two more are empty.
    static let bitmapDescent = 4

    /// GD's large built-in font.
    static var bitmapFont: gdFontPtr? { gdFontGetLarge() }

    /// The text in the bitmap font's letters.
    static func bitmapBytes(_ line: String) -> [UInt8] {
      line.map { letter in
        switch letter {
        case "\u{2212}", "\u{2013}", "\u{2014}": UInt8(ascii: "-")
        case "\u{2026}": UInt8(ascii: ".")
        default: letter.asciiValue ?? UInt8(ascii: "?")
        }
      }
    }
  }
}
