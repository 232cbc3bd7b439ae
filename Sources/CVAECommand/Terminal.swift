import Foundation
import TensorFiles

/// Results go to standard output; progress and warnings to standard error.
enum Terminal {
  /// Whether standard error is a terminal, so that a person may be watching.
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// Prints a command's result.
  ///
  /// - Throws: `FileFailure` where it can't be written whole, for example to a file on a full disk.
  static func result(_ text: String) throws {
    try Array((text + "\n").utf8).withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let next = UnsafeRawBufferPointer(rebasing: rest)
        let sent = Foundation.write(STDOUT_FILENO, next.baseAddress, next.count)
        if sent < 0 {
          if errno == EINTR { continue }
          throw FileFailure(path: "standard output", action: "write", code: errno)
        }
        rest = rest.dropFirst(sent)
      }
    }
  }

  static func note(_ line: String) { write(line + "\n") }

  static func warn(_ sentence: String) { note("warning: \(sentence)") }

  /// Says that a file was written, if a person may be watching; a log has no use for it.
  static func wrote(_ path: String) {
    if isInteractive { note("Wrote \(path).") }
  }

  /// Draws over the present line.
  static func redraw(_ line: String) { write("\r\u{1B}[K" + line) }

  static func clearLine() {
    if isInteractive { write("\r\u{1B}[K") }
  }

  /// A failure to write to standard error is ignored, so that it never ends the work.
  private static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
