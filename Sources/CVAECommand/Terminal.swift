import ArgumentParser
import Foundation
import MPICommunication
import TensorFiles

/// Results go to standard output; progress and warnings to standard error. Names and cells of the user's files
/// are shown with their control characters escaped, so that none of them reaches the terminal.
enum Terminal {
  /// Whether standard error is a terminal, so that a person may be watching.
  static var isInteractive: Bool { prefix.isEmpty && isatty(STDERR_FILENO) == 1 }

  /// What the lines of a process begin with that a launcher has started beside others, unless it is the first:
  /// `[rank 3 node7] `.
  static let prefix: String = {
    let rank = MPILaunch().rank
    return rank == 0 ? "" : "[rank \(rank) \(HostName.current)] "
  }()

  /// Prints a command's result, a text or JSON.
  ///
  /// - Throws: `FileFailure` where it can't be written whole, for example to a file on a full disk.
  static func result(_ text: String, isJSON: Bool = false) throws {
    try Array((escaped(text, isJSON: isJSON) + "\n").utf8).withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let next = UnsafeRawBufferPointer(rebasing: rest)
        let sent = Foundation.write(STDOUT_FILENO, next.baseAddress, next.count)
        if sent < 0 {
          if errno == EINTR { continue }
          throw FileFailure.ofStandardOutput(errno)
        }
        rest = rest.dropFirst(sent)
      }
    }
  }

  static func note(_ line: String) { write(prefix + escaped(line) + "\n") }

  static func warn(_ sentence: String) { note("warning: \(sentence)") }

  /// Says that a file was written, if a person may be watching; a log has no use for it.
  static func wrote(_ path: String) {
    if isInteractive, path != AtomicFile.standardOutput { note("Wrote \(path).") }
  }

  /// Draws over the present line.
  static func redraw(_ line: String) { write("\r\u{1B}[K" + escaped(line)) }

  static func clearLine() {
    if isInteractive { write("\r\u{1B}[K") }
  }

  /// Ends the program as ArgumentParser does: with its exit status, after the error's message.
  static func end(_ command: any ParsableCommand.Type, with error: any Error) -> Never {
    let status = command.exitCode(for: error)
    // Help and scripts for shells are not the user's text.
    if status == .success { command.exit(withError: error) }
    let message = command.fullMessage(for: error)
    if !message.isEmpty { note(message) }
    exit(status.rawValue)
  }

  /// A text with `\u{1b}` in the place of the escape character, and likewise for all other control characters but
  /// line feeds; in JSON `\u001b`.
  static func escaped(_ text: String, isJSON: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.map { scalar in
      guard isControl(scalar) else { return String(scalar) }
      let digits = String(scalar.value, radix: 16)
      return isJSON
        ? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits : "\\u{\(digits)}"
    }.joined()
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar != "\n" && scalar.properties.generalCategory == .control
  }

  /// A failure to write to standard error is ignored, so that it never ends the work.
  private static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
