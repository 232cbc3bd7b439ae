import RecordTypes
import TensorGraph

/// Reads texts in both directions: each becomes a row of numbers, which layers read as they read other fields.
///
/// A row holds the last state and the mean of all states, in either direction, and the mean of what stands for the
/// tokens, which says which words there are, whatever their order. An unknown text has zeros. The states
/// themselves are the text's ``TextMemory``: at each place they know the tokens before it and those from it on.
///
/// - Source: Schuster and Paliwal, *Bidirectional Recurrent Neural Networks*, 1997; Joulin et al., *Bag of Tricks for
///   Efficient Text Classification*, 2017, for the mean of the tokens.
struct TextReader: Sendable {
  private struct Field: Sendable {
    let input: FieldInput
    let table: Parameter
    let directions: [Direction]
  }

  private struct Direction: Sendable {
    let isReversed: Bool
    let gates: Parameter
    let weight: Parameter
    let bias: Parameter
  }

  private let fields: [Field]
  private let dropout: Double
  /// Whether it reads what is given; then training hides some of it.
  private let isCondition: Bool

  /// The texts that it reads.
  var inputs: [FieldInput] { fields.map(\.input) }

  /// Declares of each text and direction `<name>.<field>.<direction>.gates`, `weight` and `bias`.
  init(
    _ name: String, _ configuration: TextConfiguration, fields inputs: [FieldInput],
    isCondition: Bool, store: inout ParameterStore
  ) {
    self.isCondition = isCondition
    dropout = configuration.dropout
    fields = inputs.compactMap { input in
      guard let kind = input.field.textKind, input.isText else { return nil }
      let path = "\(name).\(input.pathName)"
      let (embedding, hidden) = (configuration.embedding, configuration.reader)
      let directions = ["forward", "backward"].map { word in
        Direction(
          isReversed: word == "backward",
          gates: store.declare(
            "\(path).\(word).gates", [embedding, 4 * hidden], .uniform(fanIn: hidden)),
          weight: store.declare(
            "\(path).\(word).weight", [hidden, 4 * hidden], .uniform(fanIn: hidden)),
          bias: store.declare(
            "\(path).\(word).bias", [1, 4 * hidden], .uniform(fanIn: hidden)))
      }
      return Field(
        input: input, table: store.tokenTable(kind, configuration), directions: directions)
    }
  }

  /// Appends the networks: `fields` with a row `[batch, width]` in the place of each text.
  func callAsFunction(
    _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> FieldNodes {
    var result = fields
    for field in self.fields {
      let text = fields.text(field.input)
      var tokens = try graph.gather(graph.read(field.table), text.before)
      if let numbers = fields.tokenNumbers[field.input.identity], isCondition {
        tokens = try graph.dropout(
          tokens, rate: dropout,
          purpose: RandomPurpose("dropout of reading \(field.input.name)"), records: numbers)
      }
      var parts: [Node] = []
      var states: [Node] = []
      for direction in field.directions {
        let own = try graph.lstm(
          graph.matmul(tokens, graph.read(direction.gates)), shared: graph.read(direction.bias),
          weight: graph.read(direction.weight), lengths: text.lengths,
          isReversed: direction.isReversed)
        states.append(own)
        parts += try Self.pooled(
          own, text.shares, batch: fields.batch, last: direction.isReversed, in: &graph)
      }
      parts.append(try Self.mean(tokens, text.shares, batch: fields.batch, in: &graph))
      let memory = TextMemory(
        states: try graph.concatenate(states, axis: 1), tokens: text.tokens,
        lengths: text.lengths)
      result.replace(field.input, by: try graph.concatenate(parts, axis: 1), memory)
    }
    return result
  }

  /// The state after the whole text, and the mean over its tokens.
  private static func pooled(
    _ states: Node, _ shares: Node, batch: Int, last isFirst: Bool, in graph: inout Graph
  ) throws(ShapeMismatch) -> [Node] {
    let rows = graph.shape(of: states).rows
    let end = isFirst ? 0..<batch : rows - batch..<rows
    return [
      try graph.slice(states, axis: 0, end), try mean(states, shares, batch: batch, in: &graph),
    ]
  }

  /// The mean over each text's tokens, `[batch, width]`.
  private static func mean(
    _ rows: Node, _ shares: Node, batch: Int, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let (count, width) = (graph.shape(of: rows).rows, graph.shape(of: rows).columns)
    let parts = try graph.multiply(rows, shares)
    let sums = try graph.sum(graph.reshape(parts, [count / batch, batch * width]), axes: [0])
    return try graph.reshape(sums, [batch, width])
  }
}
