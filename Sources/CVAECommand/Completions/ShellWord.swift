import ArgumentParser
import ConditionalData
import Foundation

/// Words of a command line as a shell hands them over, with the quotes that its user typed.
enum ShellWord {
  /// A word without quotes and backslashes, its tilde expanded; a quote that is still open ends with the word.
  static func plain(_ word: String) -> String {
    var text = ""
    var quote: Character?
    var isEscaped = false
    for character in word {
      if isEscaped {
        if quote != nil, character != "\\", character != quote { text.append("\\") }
        text.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
      } else {
        text.append(character)
      }
    }
    return word.hasPrefix("~") ? (text as NSString).expandingTildeInPath : text
  }

  /// A candidate as its shell expects it; nil for one that no line can hold.
  static func written(_ candidate: String) -> String? {
    guard
      !candidate.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    guard CompletionShell.requesting == .zsh else { return candidate }
    // What follows a colon would be taken for a description.
    return candidate.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: ":", with: "\\:")
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
