/// The cells of a field that are known or unknown one by one: the pixels of an image, whatever its
/// channels; the entries of a row, which are a grid of one line.
public struct CellGrid: Codable, Hashable, Sendable {
  /// Lines of cells.
  public let height: Int
  /// Cells in a line.
  public let width: Int

  /// A grid; an extent below 1 counts as 1.
  public init(height: Int, width: Int) {
    self.height = max(1, height)
    self.width = max(1, width)
  }

  /// The number of cells, row-major.
  public var count: Int { height * width }
}
