import CGD

/// GD, the library that decodes, draws and encodes pictures, and its limits.
package enum GDLibrary {
  /// The largest number of pixels along one side.
  package static let largestSide = 65_535
  /// The largest number of pixels altogether; each takes four bytes in memory.
  package static let largestArea = 100_000_000

  /// Once in a process: sets up GD's font cache, which isn't safe to do in two threads at once, and
  /// keeps GD from printing to standard error what is thrown here.
  package static let prepare: Void = {
    _ = gdFontCacheSetup()
    gdSetErrorMethod { _, _, _ in }
  }()
}
