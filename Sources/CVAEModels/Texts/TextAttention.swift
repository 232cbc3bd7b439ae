import RecordTypes
import TensorGraph

/// Lets a text that is written attend to given ones, and take tokens from those whose tokens are the same.
///
/// With states h of the writer and memories m of a source, in each step
///
/// `a = softmax(m · (h W))`, `context = Σ a m V`
///
/// and p(token) = g₀ · p(token by the writer) + Σ gₖ · (a of source k at places that hold the token), where g is a
/// softmax of h and the contexts.
///
/// - Source: Luong, Pham and Manning, *Effective Approaches to Attention-based Neural Machine Translation*, 2015; See,
///   Liu and Manning, *Get To The Point: Summarization with Pointer-Generator Networks*, 2017.
struct TextAttention: Sendable {
  private struct Source: Sendable {
    let input: FieldInput
    let query: Parameter
    let context: Parameter
    /// What its context adds to the choice of where a token comes from; nil where none can come from it.
    let gate: Parameter?
  }

  private let all: [Source]
  private let gate: Parameter
  private let bias: Parameter
  private let vocabulary: Int

  /// The texts that are attended to.
  var sources: [FieldInput] { all.map(\.input) }

  /// Declares `<name>.<field>.query` `[writer, memory]`, `.context` `[memory, embedding]` and `.gate`, and the gate's
  /// `<name>.state` and `<name>.bias`; nil without sources.
  init?(
    _ name: String, _ configuration: TextConfiguration, input: FieldInput, sources: [FieldInput],
    store: inout ParameterStore
  ) {
    guard !sources.isEmpty, let kind = input.field.textKind else { return nil }
    let (writer, memory) = (configuration.writer, configuration.memory)
    let copied = sources.filter { Self.sharesTokens($0, with: input) }
    vocabulary = kind.vocabulary
    all = sources.map { source in
      let path = "\(name).\(source.pathName)"
      return Source(
        input: source,
        query: store.declare("\(path).query", [writer, memory], .uniform(fanIn: writer)),
        context: store.declare(
          "\(path).context", [memory, configuration.embedding], .uniform(fanIn: memory)),
        gate: Self.sharesTokens(source, with: input)
          ? store.declare("\(path).gate", [memory, copied.count + 1], .uniform(fanIn: memory))
          : nil)
    }
    gate = store.declare("\(name).state", [writer, copied.count + 1], .uniform(fanIn: writer))
    bias = store.declare("\(name).bias", [copied.count + 1], .zeros)
  }

  /// Fields with as many merges have the same vocabulary.
  private static func sharesTokens(_ one: FieldInput, with other: FieldInput) -> Bool {
    one.field.textKind?.merges == other.field.textKind?.merges
  }

  /// Appends the attention of all steps at once.
  ///
  /// - Parameters:
  ///   - states: `[steps · batch, writer]`.
  ///   - memories: Those of ``sources``.
  func callAsFunction(
    _ states: Node, _ memories: [TextMemory], batch: Int, in graph: inout Graph
  ) throws(ShapeMismatch) -> Attended {
    var contexts: [Node] = []
    var copied: [Attended.Source] = []
    var gates = try graph.addRow(
      graph.matmul(states, graph.read(gate)), graph.read(bias))
    for (source, memory) in zip(all, memories) {
      let query = try graph.matmul(states, graph.read(source.query))
      let scores = try graph.recordProduct(.scores, query, memory.states, batch: batch)
      let weights = try graph.maskedSoftmax(scores, lengths: memory.lengths)
      let seen = try graph.recordProduct(.mixture, weights, memory.states, batch: batch)
      contexts.append(try graph.matmul(seen, graph.read(source.context)))
      guard let gate = source.gate else { continue }
      gates = try graph.add(gates, graph.matmul(seen, graph.read(gate)))
      copied.append(Attended.Source(weights: weights, tokens: memory.tokens))
    }
    var context = contexts[0]
    for other in contexts.dropFirst() { context = try graph.add(context, other) }
    return Attended(
      context: context, copied: copied, gates: graph.logSoftmax(gates), vocabulary: vocabulary)
  }
}

/// What attention gave for each step.
struct Attended: Sendable {
  /// A text whose tokens may be taken.
  struct Source: Sendable {
    /// `[steps · batch, places]`.
    let weights: Node
    /// Indices `[places · batch]`.
    let tokens: Node
  }

  /// What is added before the logits, `[steps · batch, embedding]`.
  let context: Node
  fileprivate let copied: [Source]
  /// The logarithm of how probably a token comes from the writer, and from each of ``copied``:
  /// `[steps · batch, 1 + copied]`.
  fileprivate let gates: Node
  fileprivate let vocabulary: Int

  /// A probability that counts as none, so that its logarithm is finite.
  private static let none = 1e-20

  /// log p of the tokens that come, `[steps · batch]`.
  ///
  /// - Parameters:
  ///   - scores: log p by the writer, `[steps · batch]`.
  ///   - isThere: 1 for a token of a text, 0 behind its end, `[steps · batch]`.
  func mixed(
    _ scores: Node, targets: Node, isThere: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    if copied.isEmpty { return scores }
    var total = try graph.add(scores, gate(0, in: &graph))
    for (place, source) in copied.enumerated() {
      let share = try graph.matchingSum(source.weights, source: source.tokens, targets: targets)
      let own = try graph.add(
        graph.log(graph.add(share, graph.constant(Self.none))), gate(place + 1, in: &graph))
      // log(eˣ + eʸ) = x + log(1 + e^(y − x)).
      total = try graph.add(total, graph.softplus(graph.subtract(own, total)))
    }
    return try graph.multiply(total, isThere)
  }

  /// log p of all tokens, `[batch, vocabulary]`, for a single step.
  func mixed(_ logits: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    if copied.isEmpty { return logits }
    let shape = graph.shape(of: logits)
    func times(_ rows: Node, _ place: Int) throws(ShapeMismatch) -> Node {
      let share = try graph.reshape(graph.exp(gate(place, in: &graph)), [shape.rows, 1])
      return try graph.multiply(rows, graph.broadcast(share, to: shape))
    }
    var total = try times(graph.softmax(logits), 0)
    for (place, source) in copied.enumerated() {
      let sums = try graph.levelSums(source.weights, source: source.tokens, levels: vocabulary)
      total = try graph.add(total, times(sums, place + 1))
    }
    return graph.log(try graph.add(total, graph.constant(Self.none)))
  }

  private func gate(_ place: Int, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let rows = graph.shape(of: gates).rows
    return try graph.reshape(graph.slice(gates, axis: 1, place..<place + 1), [rows])
  }
}

extension TextNodes {
  /// 1 for each token of a text, 0 behind its end, `[steps · batch]`.
  func isThere(longest: Int, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    // A share is at least 1 / longest, and becomes 1.
    let rows = try graph.reshape(shares, [graph.shape(of: shares).count])
    let most = graph.scale(rows, by: Double(longest + 1))
    let rest = graph.relu(try graph.subtract(graph.constant(1), most))
    return try graph.subtract(graph.constant(1), rest)
  }
}
