import RecordTypes

/// The `text:` part: how texts are read and written.
public struct TextConfiguration: Encodable, Hashable, Sendable {
  /// Numbers that stand for a token.
  public var embedding = 128
  /// Width of the recurrent layer that reads a text, in each direction.
  public var reader = 128
  /// Width of the recurrent layer that writes a text.
  public var writer = 256
  /// The share of numbers that are hidden, while training, of what writes a text, of its tokens before and of its
  /// state, and of the tokens of given texts.
  public var dropout = 0.2

  /// The default networks.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable { case embedding, reader, writer, dropout }

  /// Numbers that stand for a whole text that was read: the last state and the mean one, in both directions, and the mean
  /// of its tokens.
  var width: Int { 4 * reader + embedding }

  /// Numbers that stand for a place of a text that was read.
  var memory: Int { 2 * reader }
}

extension TextConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let settings = try Settings<CodingKeys>(decoder, of: "model.text")
    try settings.update(&embedding, .embedding)
    try settings.update(&reader, .reader)
    try settings.update(&writer, .writer)
    try settings.update(&dropout, .dropout)
  }
}
