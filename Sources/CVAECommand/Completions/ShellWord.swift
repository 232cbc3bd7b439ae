import ArgumentParser
import ConditionalData
import Foundation

/// Words of a command line as a shell hands them over, with the quotes that its user typed.
enum ShellWord {
  /// A word without quotes and backslashes, its tilde expanded; a quote that is still open ends with the word.
  static func plain(_ word: String) -> String {
    var plain = String.UnicodeScalarView()
    var quote: Unicode.Scalar?
    var isEscaped = false
    // Scalars: a mark can be combined with a quote or backslash.
    for scalar in word.unicodeScalars {
      if isEscaped {
        if quote != nil, scalar != "\\", scalar != quote { plain.append("\\") }
        plain.append(scalar)
        isEscaped = false
      } else if scalar == "\\", quote != "'" {
        isEscaped = true
      } else if scalar == quote {
        quote = nil
      } else if quote == nil, scalar == "'" || scalar == "\"" {
        quote = scalar
      } else {
        plain.append(scalar)
      }
    }
    let text = String(plain)
    return word.hasPrefix("~") ? (text as NSString).expandingTildeInPath : text
  }

  /// A candidate as its shell expects it; nil for one that no line can hold.
  static func written(_ candidate: String) -> String? {
    guard
      !candidate.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    guard CompletionShell.requesting == .zsh else { return candidate }
    // What follows a colon would be taken for a description.
    return candidate.unicodeScalars.map { "\\:".unicodeScalars.contains($0) ? "\\\($0)" : "\($0)" }
      .joined()
  }

  /// Whether a word may name a model: a folder or a file, never a pipe, which could keep the shell waiting.
  static func mayBeModel(_ word: String) -> Bool {
    guard !word.hasPrefix("-") else { return false }
    var status = stat()
    guard stat(word, &status) == 0 else { return false }
    let kind = status.st_mode & S_IFMT
    return kind == S_IFDIR || kind == S_IFREG && word.hasSuffix(".safetensors")
  }

  /// Whether a word names a table that is there.
  static func isTable(_ word: String) -> Bool {
    var status = stat()
    return PartialTable.isOne(word) && stat(word, &status) == 0
      && status.st_mode & S_IFMT == S_IFREG
  }
}
