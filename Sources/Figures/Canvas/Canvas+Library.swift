import CGD

extension Canvas {
  /// The version of GD, which reads and draws pictures.
  public static var libraryVersion: String {
    gdVersionString().map { String(cString: $0) } ?? "unknown"
  }
}
