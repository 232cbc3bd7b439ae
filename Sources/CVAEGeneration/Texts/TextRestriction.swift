/// What a text that is drawn must be like.
///
/// It restricts which tokens are drawn; the style is drawn as if it were not there. So a text that is restricted is not a
/// sample of the model's distribution under the restriction, only near to one.
public struct TextRestriction: Hashable, Sendable {
  /// How texts begin, to the byte.
  public var beginning = ""
  /// What must occur in texts, as whole words.
  public var words: [String] = []
  /// What comes behind the beginning, to the byte and in this order, and how texts end; nil: anything. Something is written
  /// before each, the end included where the last piece is empty; without pieces the text ends with its beginning. For texts of which neither words nor a length are asked.
  public var pieces: [String]?
  /// Whether no letter or digit is written directly behind the beginning and the pieces, so that their last words stay as
  /// they are; but where a script puts no blanks between words, the text may go on.
  public var keepsWords = false
  /// How long texts are; nil: as they come.
  public var length: ClosedRange<Int>?
  /// What ``length`` counts.
  public var unit = LengthUnit.words

  /// Any text.
  public init() {}

  /// A text with holes.
  ///
  /// - Parameters:
  ///   - text: What stands around the holes, to the byte.
  ///   - hole: What stands for each hole.
  /// - Returns: nil where there is none.
  public init?(_ text: String, hole: String) {
    let pieces = text.utf8.split(around: hole.utf8)
    guard pieces.count > 1 else { return nil }
    beginning = String(decoding: pieces[0], as: UTF8.self)
    self.pieces = pieces.dropFirst().map { String(decoding: $0, as: UTF8.self) }
  }
}

extension String.UTF8View {
  /// What stands before, between and behind the occurrences of a mark.
  fileprivate func split(around mark: String.UTF8View) -> [[UInt8]] {
    let (bytes, mark) = (Array(self), Array(mark))
    guard !mark.isEmpty else { return [bytes] }
    var parts: [[UInt8]] = [[]]
    var place = 0
    while place < bytes.count {
      if bytes[place...].starts(with: mark) {
        parts.append([])
        place += mark.count
      } else {
        parts[parts.count - 1].append(bytes[place])
        place += 1
      }
    }
    return parts
  }
}

/// What the texts of a request must be like.
public enum TextRestrictions: Hashable, Sendable {
  /// The same for every text.
  case all(TextRestriction)
  /// One for each record; nil for any text.
  case each([TextRestriction?])

  subscript(record: Int) -> TextRestriction? {
    switch self {
    case .all(let restriction): restriction
    case .each(let restrictions): restrictions[record]
    }
  }
}

/// What the length of a text is counted in.
public enum LengthUnit: String, Hashable, Sendable, CaseIterable {
  /// What stands between blanks.
  case words
  /// Unicode's scalars, for texts without blanks.
  case characters
}
