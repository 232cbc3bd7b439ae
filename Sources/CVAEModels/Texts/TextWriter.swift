import RecordTypes
import TensorGraph

/// Writes a text token by token: log p(x | z, y) = Σ log p(token | tokens before, z, y), the end mark included.
///
/// What it reads of a record, z and the condition, enters every step and the output. Tokens that come before are read
/// by the table that gives the outputs, too. In each step it attends to every given text, and may take its next token
/// from one whose tokens are the same; see ``TextAttention``.
///
/// - Source: Bowman et al., *Generating Sentences from a Continuous Space*, 2016; Press and Wolf, *Using the Output
///   Embedding to Improve Language Models*, 2017, for the shared table.
struct TextWriter: Sendable {
  let input: FieldInput
  private let hidden: Int
  private let dropout: Double
  private let table: Parameter
  private let gates: Parameter
  private let weight: Parameter
  private let output: Parameter
  private let bias: Parameter
  /// What a record adds to the gates in every step.
  private let ofGates: FieldLinear
  /// What it adds to the output.
  private let ofOutput: FieldLinear
  /// Nil where no text is given.
  private let attention: TextAttention?

  /// The given texts that it attends to.
  var sources: [FieldInput] { attention?.sources ?? [] }

  /// Declares the parameters `<name>.gates`, `<name>.weight`, `<name>.output`, `<name>.bias` and those of the record,
  /// `<name>.start.…` and `<name>.shift.…`.
  ///
  /// - Parameter rows: The width of what it reads beside the given fields.
  init(
    _ name: String, _ configuration: TextConfiguration, input: FieldInput, kind: TextKind,
    rows: Int, given: [FieldInput], store: inout ParameterStore
  ) {
    self.input = input
    hidden = configuration.writer
    dropout = configuration.dropout
    let embedding = configuration.embedding
    table = store.tokenTable(kind, configuration)
    gates = store.declare("\(name).gates", [embedding, 4 * hidden], .uniform(fanIn: hidden))
    weight = store.declare("\(name).weight", [hidden, 4 * hidden], .uniform(fanIn: hidden))
    output = store.declare("\(name).output", [hidden, embedding], .uniform(fanIn: hidden))
    bias = store.declare("\(name).bias", [kind.vocabulary], .zeros)
    ofGates = FieldLinear(
      "\(name).start", in: rows, fields: given, out: 4 * hidden, store: &store)
    ofOutput = FieldLinear(
      "\(name).shift", in: rows, fields: given, out: embedding, store: &store)
    attention = TextAttention(
      "\(name).attention", configuration, input: input,
      sources: given.filter { $0.isText && $0.name != input.name }, store: &store)
  }

  /// Appends log p(x | z, y) of each record's text, `[batch]`; 0 for a record without one.
  ///
  /// - Parameter rows: `[batch, rows]`.
  func callAsFunction(
    _ rows: Node, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let scores = try tokenScores(rows, fields, in: &graph)
    let steps = graph.shape(of: scores).count / fields.batch
    return try graph.sum(graph.reshape(scores, [steps, fields.batch]), axes: [0])
  }

  /// Appends log p of each token, given those before it, `[steps · batch]`; 0 behind a text's end.
  func tokenScores(
    _ rows: Node, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let text = fields.text(input)
    let batch = fields.batch
    let tokens = try dropped(
      graph.gather(graph.read(table), text.before), "tokens", fields, in: &graph)
    let states = try graph.lstm(
      graph.matmul(tokens, graph.read(gates)), shared: ofGates(rows, fields, in: &graph),
      weight: graph.read(weight), lengths: text.lengths)
    let seen = try dropped(states, "state", fields, in: &graph)
    let attended = try attention?(states, memories(fields), batch: batch, in: &graph)
    let steps = graph.shape(of: states).rows / batch
    let logits = try logits(
      seen, context: attended?.context, shift: ofOutput(rows, fields, in: &graph), steps: steps,
      in: &graph)
    var scores = try graph.categoricalLogLikelihood(logits: logits, indices: text.tokens)
    if let attended {
      scores = try attended.mixed(
        scores, targets: text.tokens, isThere: text.isThere(longest: steps, in: &graph), in: &graph)
    }
    return scores
  }

  private func memories(_ fields: FieldNodes) -> [TextMemory] { sources.map(fields.memory) }

  /// The logits of the next token, `[steps · batch, vocabulary]`.
  private func logits(
    _ states: Node, context: Node?, shift: Node, steps: Int, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    var own = try graph.matmul(states, graph.read(output))
    if let context { own = try graph.add(own, context) }
    let shape = graph.shape(of: own)
    let all = shape.rows / steps * shape.columns
    let shifted = try graph.addRow(
      graph.reshape(own, [steps, all]), graph.reshape(shift, [all]))
    let products = try graph.matmul(
      graph.reshape(shifted, shape), graph.read(table), transposeRight: true)
    return try graph.addRow(products, graph.read(bias))
  }

  private func dropped(
    _ rows: Node, _ part: String, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    guard let numbers = fields.tokenNumbers[input.identity], dropout > 0 else { return rows }
    return try graph.dropout(
      rows, rate: dropout, purpose: RandomPurpose("dropout of \(part) \(input.name)"),
      records: numbers)
  }
}

extension TextWriter {
  /// One step, for drawing: the probabilities of the next token, `[batch, vocabulary]`, and the state behind it.
  ///
  /// - Parameters:
  ///   - before: The row of ``tokenGates(in:)`` of the token before, `[batch, 4 · hidden]`.
  ///   - state: h and c side by side, `[batch, 2 · hidden]`.
  ///   - memories: Those of ``sources``.
  ///   - temperature: What logarithms of probabilities are divided by, `[]`.
  func step(
    _ before: Node, state: Node, start: Node, shift: Node, memories: [TextMemory],
    temperature: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> (probabilities: Node, state: Node) {
    let parts = try graph.split(state, axis: 1, into: 2)
    let sums = try graph.add(
      graph.add(before, start), graph.matmul(parts[0], graph.read(weight)))
    let gate = try graph.split(sums, axis: 1, into: 4)
    let kept = try graph.multiply(graph.sigmoid(gate[1]), parts[1])
    let new = try graph.multiply(graph.sigmoid(gate[0]), graph.tanh(gate[2]))
    let cell = try graph.add(kept, new)
    let state = try graph.multiply(graph.sigmoid(gate[3]), graph.tanh(cell))
    let attended = try attention?(
      state, memories, batch: graph.shape(of: before).rows, in: &graph)
    var logits = try logits(
      state, context: attended?.context, shift: shift, steps: 1, in: &graph)
    if let attended { logits = try attended.mixed(logits, in: &graph) }
    return (
      graph.softmax(try graph.divide(logits, temperature)),
      try graph.concatenate([state, cell], axis: 1)
    )
  }

  /// What each token adds to the gates of the step behind it, `[vocabulary, 4 · hidden]`.
  ///
  /// Drawing looks its rows up: where one text is drawn, reading the weights takes nearly all of the time.
  func tokenGates(in graph: inout Graph) throws(ShapeMismatch) -> Node {
    try graph.matmul(graph.read(table), graph.read(gates))
  }

  /// What a record adds to the gates, `[batch, 4 · hidden]`, and to the output, `[batch, embedding]`.
  func start(
    _ rows: Node, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> (gates: Node, shift: Node) {
    (try ofGates(rows, fields, in: &graph), try ofOutput(rows, fields, in: &graph))
  }
}
