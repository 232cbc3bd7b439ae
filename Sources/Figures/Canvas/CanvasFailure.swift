/// A picture couldn't be made, read or encoded.
public enum CanvasFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// More pixels than can be drawn.
  case tooLarge(width: Int, height: Int)
  /// Bytes that aren't an intact PNG picture.
  case unreadable(byteCount: Int)
  /// The PNG encoder gave up, for want of memory.
  case unwritable(width: Int, height: Int)

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .tooLarge(let width, let height):
      """
      A picture of \(width) x \(height) pixels is too large: expected at most \
      \(Canvas.largestSide) along a side and \(Canvas.largestArea) altogether. Draw fewer records, \
      or write them to separate files.
      """
    case .unreadable(let byteCount):
      """
      Expected a PNG picture, got \(byteCount) bytes that aren't one or are damaged. Check that \
      the file is complete and really a PNG.
      """
    case .unwritable(let width, let height):
      """
      Encoding a picture of \(width) x \(height) pixels as PNG failed, probably for want of \
      memory. Draw fewer records.
      """
    }
  }
}
