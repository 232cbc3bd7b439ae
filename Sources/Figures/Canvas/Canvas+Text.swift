import CGD
import Foundation

extension Canvas {
  /// Which part of a line of text lies at the point that it is drawn at.
  public struct Anchor: Hashable, Sendable {
    /// Along the line.
    public enum Horizontal: Sendable { case left, center, right }
    /// Across the line; the top and the middle are those of a capital letter, so that neighbouring
    /// lines agree whatever their letters.
    public enum Vertical: Sendable { case top, middle, baseline }

    /// The place along the line.
    public var horizontal: Horizontal
    /// The place across the line.
    public var vertical: Vertical

    /// Names a place of a line.
    public init(_ horizontal: Horizontal, _ vertical: Vertical) {
      self.horizontal = horizontal
      self.vertical = vertical
    }

    /// The start of the baseline.
    public static let start = Anchor(.left, .baseline)
    /// The middle of the line in both directions.
    public static let center = Anchor(.center, .middle)
  }

  /// Draws one line of text.
  ///
  /// - Parameters:
  ///   - text: any characters; those the font lacks appear as boxes, control characters as spaces.
  ///   - point: where the anchor lies.
  ///   - points: the letters' size, 72 points being 96 pixels. The bitmap font has one size.
  ///   - color: of the letters.
  ///   - anchor: which place of the line lies at `point`.
  ///   - degrees: turns the line about `point` against the clock. The bitmap font turns by 90 for
  ///     45 or more, else not at all.
  public func draw(
    _ text: String, at point: Point, points: Double, color: Color = .black,
    anchor: Anchor = .start, turnedBy degrees: Double = 0
  ) {
    guard point.isFinite, !text.isEmpty else { return }
    let line = Typeface.drawable(text)
    let extent = typeface.extent(of: line, points: points)
    let capital = typeface.extent(of: "H", points: points).above
    let along =
      switch anchor.horizontal {
      case .left: -Double(extent.left)
      case .center: -Double(extent.left + extent.right) / 2
      case .right: -Double(extent.right)
      }
    let across =
      switch anchor.vertical {
      case .top: Double(capital)
      case .middle: Double(capital) / 2
      case .baseline: 0.0
      }
    let turn = typeface.path == nil ? (degrees < 45 ? 0 : 90) : degrees
    let angle = turn * .pi / 180
    let x = Int(clamped: point.x + along * cos(angle) + across * sin(angle))
    let y = Int(clamped: point.y - along * sin(angle) + across * cos(angle))
    if let path = typeface.path,
      Typeface.strike(
        line, path: path, points: points, on: image, color: color, angle: angle, x: x, y: y) != nil
    {
      return
    }
    drawBitmap(line, baselineStart: (x, y), color: color, upright: turn < 45)
  }

  private func drawBitmap(
    _ line: String, baselineStart: (x: Int, y: Int), color: Color, upright: Bool
  ) {
    var bytes = Typeface.bitmapBytes(line) + [0]
    guard let font = Typeface.bitmapFont else { return }
    let (x, y) = (Int32(baselineStart.x), Int32(baselineStart.y))
    let ascent = font.pointee.h - Int32(Typeface.bitmapDescent)
    if upright {
      gdImageString(image, font, x, y - ascent, &bytes, color.word)
    } else {
      gdImageStringUp(image, font, x - ascent, y, &bytes, color.word)
    }
  }
}

extension Int {
  /// The nearest whole number within what a canvas can hold many times over.
  fileprivate init(clamped value: Double) {
    self = Int(Swift.min(Swift.max(value.rounded(), -1e6), 1e6))
  }
}
