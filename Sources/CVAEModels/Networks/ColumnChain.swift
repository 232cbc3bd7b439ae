import RecordTypes
import TensorGraph

/// The columns of a row one after the other: p(x | z, y) = Π p(xᵢ | x before i, z, y).
///
/// A state begins with the result of the decoder's hidden layers. Each column reads it through layers of its
/// own, and then adds to it what later columns should know of its value. What a column adds is the same for
/// all later ones, so drawing a whole row costs little more than drawing all of its columns at once.
///
/// Such a decoder can do without z, and would leave nothing in it for maps, encodings and whatever else is
/// read from z. So in some rows, while training, columns know of each other only through z.
///
/// - Source: Larochelle and Murray, *The Neural Autoregressive Distribution Estimator*, 2011, for the
///   shared sums; Gulrajani et al., *PixelVAE*, 2017, for such a decoder behind a latent; Bowman et al.,
///   *Generating Sentences from a Continuous Space*, 2016, for hiding what is before.
struct ColumnChain: Sendable {
  /// One column of the chain.
  struct Column: Sendable {
    /// The parts that later columns see: its value, and whether there is one.
    let value: FieldInput
    /// What a level adds to the state; nil for numbers.
    private let levels: LevelRows?
    /// What a number adds to it, times the number.
    private let weight: Parameter?
    /// What a number adds to the state by being present; for a category its level is enough.
    private let presence: Parameter?
    private let layers: [Linear]
    private let activation: Activation

    fileprivate init(
      input: FieldInput, widths: [Int], count: Int, outputs: Int,
      activation: Activation, store: inout ParameterStore
    ) {
      self.activation = activation
      let path = "decoder.\(input.pathName)"
      value = input.isPartial && input.features.isIndex ? input.seen : input
      let initializer = Initializer.uniform(fanIn: count)
      levels =
        value.features.isIndex
        ? LevelRows(
          "\(path).seen", rows: value.tableRows, out: widths[0], embedding: value.embedding,
          initializer, store: &store) : nil
      weight =
        levels == nil
        ? store.declare("\(path).seen.weight", [value.tableRows, widths[0]], initializer) : nil
      presence =
        input.features.isIndex
        ? nil : store.declare("\(path).seen.presence", [1, widths[0]], initializer)
      var layers: [Linear] = []
      var width = widths[0]
      for (index, next) in widths.dropFirst().enumerated() {
        layers.append(Linear("\(path).hidden\(index)", in: width, out: next, store: &store))
        width = next
      }
      layers.append(Linear(path, in: width, out: outputs, store: &store))
      self.layers = layers
    }

    /// Appends the decoder's output for the column, given the state.
    func output(_ state: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
      var rows = state
      for layer in layers { rows = try layer(activation(rows, in: &graph), in: &graph) }
      return rows
    }

    /// Appends the state after the column.
    ///
    /// - Parameters:
    ///   - seen: Level indices `[batch]`, one past the last for no value, or numbers `[batch, width]`, 0 for
    ///     no value.
    ///   - present: 1 where there are numbers, `[batch, 1]`; nil where there always are.
    func state(
      _ state: Node, seen: Node, presence present: Node?, in graph: inout Graph
    ) throws(ShapeMismatch) -> Node {
      if let levels { return try graph.add(state, levels(seen, in: &graph)) }
      guard let weight, let presence else { return state }
      let row = graph.read(presence)
      let term = try graph.matmul(seen, graph.read(weight))
      guard let present else {
        let whole = try graph.addRow(term, graph.reshape(row, [graph.shape(of: row).columns]))
        return try graph.add(state, whole)
      }
      return try graph.add(graph.add(state, term), graph.matmul(present, row))
    }

    /// Whether numbers may be missing.
    var isPartial: Bool { presence != nil && value.isPartial }
  }

  /// In the order of drawing, which is that of the decoder's heads.
  let columns: [Column]
  /// Numbers in the state.
  let width: Int
  private let first: FieldLinear

  /// Declares `decoder.state.…` and, for each field, `decoder.<field>.…`.
  ///
  /// - Parameters:
  ///   - inputs: The generated variables; the one that says whether there is a number comes before the number.
  ///   - rows: The width of the decoder's last hidden layer.
  ///   - outputs: How many numbers the decoder gives for each variable.
  init(
    _ configuration: ModelConfiguration, inputs: [FieldInput], given: [FieldInput], rows: Int,
    outputs: [Int], store: inout ParameterStore
  ) {
    let widths = configuration.decoder.columns ?? []
    width = widths[0]
    first = FieldLinear("decoder.state", in: rows, fields: given, out: width, store: &store)
    columns = inputs.indices.map { place in
      Column(
        input: inputs[place], widths: widths, count: inputs.count,
        outputs: outputs[place], activation: configuration.activation, store: &store)
    }
  }

  /// Appends the first state, `[batch, width]`.
  func start(
    _ rows: Node, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    try first(rows, fields, in: &graph)
  }

  /// Appends the decoder's output for each field where all values are known, as in training.
  ///
  /// - Parameters:
  ///   - keep: `[batch, 1]`, 0 in rows whose columns must not see each other; nil if there are none.
  ///   - isRead: Whether the state behind the last column is wanted.
  func callAsFunction(
    _ rows: Node, _ fields: FieldNodes, keep: Node?, isRead: Bool, in graph: inout Graph
  ) throws(ShapeMismatch) -> (results: [Node], state: Node?) {
    let first = try start(rows, fields, in: &graph)
    var state = first
    var results: [Node] = []
    for column in columns {
      results.append(try column.output(state, in: &graph))
      if results.count == columns.count, !isRead { break }
      state = try column.state(
        state, seen: fields[column.value],
        presence: column.isPartial ? fields.presence(column.value, in: &graph) : nil, in: &graph)
      if let keep {
        state = try graph.add(first, graph.multiply(graph.subtract(state, first), keep))
      }
    }
    return (results, isRead ? state : nil)
  }
}
