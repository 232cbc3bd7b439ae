import RecordTypes
import TensorGraph

/// The fields' values in one graph.
struct FieldNodes: Sendable {
  /// Rows in each.
  let batch: Int
  /// The most tokens of each text.
  let steps: TextSteps
  /// The numbers of written texts' tokens, which address the random numbers of dropout; none without dropout.
  var tokenNumbers: [FieldPart: Node] = [:]
  private var texts: [FieldPart: TextNodes] = [:]
  private var memories: [FieldPart: TextMemory] = [:]
  private var values: [FieldPart: Node] = [:]
  private var unknown: [FieldPart: Node] = [:]
  /// 1 where a column of a masked field is given, `[batch, width]`.
  private var given: [FieldPart: Node] = [:]

  /// Declares the program's inputs for `inputs`; the known part of a masked field that is neither index nor text is not
  /// an input but computed, see ``hideTargets(of:in:)``.
  ///
  init(
    _ inputs: [FieldInput], batch: Int, steps: TextSteps, set: RecordSet = .own,
    in program: inout ProgramBuilder
  ) {
    self.batch = batch
    self.steps = steps
    for input in inputs where input.part != .known || input.features.isIndex || input.isText {
      switch input.features {
      case .index: values[input.identity] = program.indexInput(.field(input, set), [batch])
      case .rows, .picture:
        values[input.identity] = program.input(.field(input, set), [batch, input.features.width])
      case .tokens:
        let rows = steps[input.field] * batch
        texts[input.identity] = TextNodes(
          tokens: program.indexInput(.field(input, set), [rows]),
          before: program.indexInput(.before(input, set), [rows]),
          lengths: program.indexInput(.lengths(input, set), [batch]),
          shares: program.input(.tokenShares(input, set), [rows, 1]))
      }
      if input.hasUnknownFlag {
        unknown[input.identity] = program.input(.unknown(input, set), [batch, 1])
      }
    }
  }

  /// A text's tokens.
  func text(_ input: FieldInput) -> TextNodes {
    guard let nodes = texts[input.identity] else {
      preconditionFailure("This program has no text '\(input)'.")
    }
    return nodes
  }

  /// What a ``TextReader`` made of each place of a text.
  func memory(_ input: FieldInput) -> TextMemory {
    guard let memory = memories[input.identity] else {
      preconditionFailure("Nothing has read '\(input)'.")
    }
    return memory
  }

  /// Puts what was read of a text in its place.
  mutating func replace(_ input: FieldInput, by row: Node, _ memory: TextMemory) {
    values[input.identity] = row
    memories[input.identity] = memory
  }

  /// A field's value: indices `[batch]` or reals `[batch, width]`; of a text, what a ``TextReader`` made of it.
  subscript(_ input: FieldInput) -> Node {
    guard let node = values[input.identity] else {
      preconditionFailure("This program has no field '\(input)'.")
    }
    return node
  }

  /// A field's value where the program has it; what was done to pictures is only there in training.
  func value(ifThere input: FieldInput) -> Node? { values[input.identity] }

  /// 1 where a real field is unknown, `[batch, 1]`; nil where it is always known.
  func unknown(_ input: FieldInput) -> Node? { unknown[input.identity] }

  /// Puts another value in a field's place.
  mutating func replace(_ input: FieldInput, by node: Node) { values[input.identity] = node }

  /// Computes the known part of each of `masked`: its value times its mask. Values that are replaced
  /// must be before.
  mutating func hideTargets(
    of masked: [FieldInput], in graph: inout Graph
  ) throws(ShapeMismatch) {
    for input in masked where !input.features.isIndex && !input.isText {
      let columns = try Self.spread(self[input.mask], over: input.features.width, in: &graph)
      given[input.identity] = columns
      values[input.known.identity] = try graph.multiply(self[input], columns)
    }
  }

  /// Repeats each cell for the columns that belong to it: a pixel for its channels.
  private static func spread(
    _ mask: Node, over width: Int, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let shape = graph.shape(of: mask)
    let share = width / shape.columns
    if share == 1 { return mask }
    let cells = try graph.reshape(mask, [shape.rows, shape.columns, 1])
    let columns = try graph.broadcast(cells, to: [shape.rows, shape.columns, share])
    return try graph.reshape(columns, [shape.rows, width])
  }

  /// 1 where a partial field that is no index has a value, given or generated, `[batch, 1]`.
  func presence(_ input: FieldInput, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let target = self[input.target]
    guard let given = values[input.mask.identity] else { return target }
    return try graph.add(target, given)
  }

  /// 1 where a column counts in the likelihood, 0 where not, `[batch, width]`; nil for a field all of whose
  /// columns count, and for an index, whose value says whether it counts.
  func targets(_ input: FieldInput, in graph: inout Graph) throws(ShapeMismatch) -> Node? {
    // The tokens of a text say where it ends.
    if input.isText { return nil }
    if input.isPartial {
      return input.features.isIndex
        ? nil : try Self.spread(self[input.target], over: input.features.width, in: &graph)
    }
    guard let columns = given[input.identity] else { return nil }
    return try graph.subtract(graph.constant(1), columns)
  }
}
