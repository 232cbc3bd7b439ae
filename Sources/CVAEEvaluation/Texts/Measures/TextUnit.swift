/// What texts are compared by.
public enum TextUnit: String, Hashable, Sendable, Encodable {
  /// Runs of letters, marks and digits in lower case, without stemming, as ROUGE takes them. A character of a script
  /// that is written without spaces, such as Han, is a word of its own.
  case words
  /// Characters (code points) as they are spelled, without white space: for texts without spaces, such as formulas,
  /// names, or Chinese.
  case characters

  /// One white space in so many characters, or fewer, is no separation of words.
  private static let longestWord = 40

  /// Words, unless the texts are hardly separated by white space.
  static func of(_ texts: some Sequence<String>) -> TextUnit {
    var (spaces, all) = (0, 0)
    for text in texts {
      for scalar in text.unicodeScalars {
        all += 1
        if scalar.properties.isWhitespace { spaces += 1 }
      }
    }
    return spaces * longestWord > all ? .words : .characters
  }

  /// A number for each unit of a text, in their order; equal units have equal numbers.
  func numbers(of text: String) -> [UInt64] {
    var numbers: [UInt64] = []
    switch self {
    case .words: TextWords.forEach(in: text) { numbers.append($0) }
    case .characters:
      for scalar in text.unicodeScalars where !scalar.properties.isWhitespace {
        numbers.append(UInt64(scalar.value))
      }
    }
    return numbers
  }

  /// How many units in a row are hardly shared by chance.
  var copiedRun: Int { self == .words ? 8 : 16 }
}

/// Cuts texts of any language into words.
enum TextWords {
  /// Calls `body` with the hash of each word, in lower case.
  static func forEach(in text: String, _ body: (UInt64) -> Void) {
    var word = TextHash()
    var isWithin = false
    func end() {
      if isWithin { body(word.value) }
      (word, isWithin) = (TextHash(), false)
    }
    for scalar in text.unicodeScalars {
      guard isPart(scalar) else {
        end()
        continue
      }
      if isWord(scalar.value) { end() }
      isWithin = true
      if scalar.isASCII {
        word.add(UInt64(65...90 ~= scalar.value ? scalar.value + 32 : scalar.value))
      } else {
        for lower in scalar.properties.lowercaseMapping.unicodeScalars {
          word.add(UInt64(lower.value))
        }
      }
      if isWord(scalar.value) { end() }
    }
    end()
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return switch scalar.value {
      case 48...57, 65...90, 97...122: true
      default: false
      }
    }
    return switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      true
    default: false
    }
  }

  /// Whether a character is a word: those of scripts without spaces between words.
  ///
  /// - Source: Unicode 15, blocks: Thai, Lao, Tibetan, Myanmar, Khmer, Kana, and the ideographs.
  private static func isWord(_ point: UInt32) -> Bool {
    switch point {
    case 0x0e00...0x109f, 0x1780...0x17ff, 0x2e80...0x2fdf, 0x3005...0x3007, 0x3040...0x30ff,
      0x31f0...0x31ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x3ffff:
      true
    default: false
    }
  }
}
