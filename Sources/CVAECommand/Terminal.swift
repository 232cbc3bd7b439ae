import Foundation

/// Where progress and warnings go: standard error.
enum Terminal {
  /// Whether a person watches.
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  static func note(_ line: String) { write(line + "\n") }

  static func warn(_ sentence: String) { note("warning: \(sentence)") }

  /// Draws over the present line.
  static func redraw(_ line: String) { write("\r\u{1B}[K" + line) }

  static func clearLine() {
    if isInteractive { write("\r\u{1B}[K") }
  }

  private static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}

extension Double {
  /// With a fixed number of decimals.
  func text(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}
