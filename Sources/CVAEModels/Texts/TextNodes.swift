import TensorGraph

/// A batch of texts in a graph. Rows of tokens are ordered by step, then by record.
struct TextNodes: Sendable {
  /// The tokens, the end mark among them; one past the last token behind a text's end: indices `[steps · batch]`.
  let tokens: Node
  /// The token before each, the end mark before the first and behind the end: indices `[steps · batch]`.
  let before: Node
  /// Tokens of each text, 0 where it isn't seen: indices `[batch]`.
  let lengths: Node
  /// 1 / length for each token, 0 behind a text's end: `[steps · batch, 1]`.
  let shares: Node
}

/// A text that was read, place by place, for networks that attend to it.
struct TextMemory: Sendable {
  /// What was read around each place, `[places · batch, width]`, ordered by place, then by record.
  let states: Node
  /// The token at each place, indices `[places · batch]`; one past the last token behind a text's end.
  let tokens: Node
  /// Places of each text, indices `[batch]`.
  let lengths: Node
}
