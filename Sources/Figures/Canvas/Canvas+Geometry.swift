extension Canvas {
  /// A place on a canvas, in pixels from the top left corner.
  public struct Point: Hashable, Sendable {
    /// To the right.
    public var x: Double
    /// Downwards.
    public var y: Double

    /// Makes a place; it may lie outside the canvas.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }

    var isFinite: Bool { x.isFinite && y.isFinite }
  }

  /// A block of whole pixels.
  public struct Rectangle: Hashable, Sendable {
    /// The leftmost column.
    public var x: Int
    /// The topmost row.
    public var y: Int
    /// The number of columns.
    public var width: Int
    /// The number of rows.
    public var height: Int

    /// Makes a block; one with a negative extent is empty.
    public init(x: Int, y: Int, width: Int, height: Int) {
      self.x = x
      self.y = y
      self.width = max(0, width)
      self.height = max(0, height)
    }

    /// The pixels that lie in both.
    public func intersection(_ other: Rectangle) -> Rectangle {
      let left = max(x, other.x)
      let top = max(y, other.y)
      return Rectangle(
        x: left, y: top, width: min(x + width, other.x + other.width) - left,
        height: min(y + height, other.y + other.height) - top)
    }

    /// The columns from left to right.
    var columns: Range<Int> { x..<x + width }
    /// The rows from top to bottom.
    var rows: Range<Int> { y..<y + height }
  }
}
