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
  /// before each. For texts of which neither words nor a length are asked.
  public var pieces: [String]?
  /// How long texts are; nil: as they come.
  public var length: ClosedRange<Int>?
  /// What ``length`` counts.
  public var unit = LengthUnit.words

  /// Any text.
  public init() {}
}

/// What the length of a text is counted in.
public enum LengthUnit: String, Hashable, Sendable, CaseIterable {
  /// What stands between blanks.
  case words
  /// Unicode's scalars, for texts without blanks.
  case characters
}
