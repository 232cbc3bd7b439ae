public import RecordTypes
public import TensorGraph

extension ConditionalVAE {
  /// The fields of rows that are drawn one after the other, in this order; empty for a model that draws all
  /// fields at once. What tells of a number's absence comes before the number.
  public var rowOrder: [Field] {
    decoder.chain?.columns.map { decoder.heads[$0.head].input.field } ?? []
  }

  /// Whole rows: z is drawn from p(z | y), then one column after the other, each from what the decoder says
  /// of it given those before.
  ///
  /// Inputs: the given fields, of masked ones what is known, ``ProgramInput/records``,
  /// ``ProgramInput/complete``, and ``ProgramInput/temperature`` or ``ProgramInput/style``. Outputs: for each
  /// generated field, by its name, its values as networks see them: numbers `[batch, width]`, known ones as
  /// they are known and 0 for missing ones, or the indices of levels `[batch]`.
  ///
  /// - Parameters:
  ///   - drawsStyle: Whether style is drawn; else it is an input.
  ///   - sharesConditions: Whether all rows are under one condition: fields are read of one row alone, which
  ///     spares what they would cost in each.
  public func rowProgram(
    batch: Int, drawsStyle: Bool = true, sharesConditions: Bool = false
  ) throws(ShapeMismatch) -> Program {
    guard let chain = decoder.chain else {
      preconditionFailure("This model draws all fields at once.")
    }
    var graph = Graph()
    let records = graph.indexInput(ProgramInput.records.rawValue, [batch])
    let fields = try rowFields(batch: sharesConditions ? 1 : batch, in: &graph)
    var state = try rowStart(
      fields, records: records, drawsStyle: drawsStyle, in: &graph)
    let draws = RowDraws(model: self, records: records, fields: fields, in: &graph)
    var drawn: [String: Node] = [:]
    for column in chain.columns {
      let head = decoder.heads[column.head]
      let output = try column.output(state, in: &graph)
      let field = head.input.field
      let presence = try draws.presence(of: field, absence: drawn, in: &graph)
      let value =
        field.isCategory
        ? try draws.level(output, of: head.input, in: &graph)
        : try draws.number(output, of: head, presence: presence, in: &graph)
      drawn[field.name] = value
      state = try column.state(
        state, seen: value, presence: presence, in: &graph)
    }
    return Program(
      graph: graph,
      outputs: chain.columns.compactMap { column in
        let name = decoder.heads[column.head].input.field.name
        return drawn[name].map { Program.Output(name, $0) }
      })
  }

  private func rowFields(batch: Int, in graph: inout Graph) throws(ShapeMismatch) -> FieldNodes {
    var fields = FieldNodes(givenInputs + partialConditions, batch: batch, in: &graph)
    try fields.hideTargets(of: maskedInputs, in: &graph)
    return fields
  }

  /// The state with which the chain begins, `[batch, width]`.
  private func rowStart(
    _ fields: FieldNodes, records: Node, drawsStyle: Bool, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let (batch, latent) = (graph.shape(of: records).count, configuration.latent)
    let style: Node
    if drawsStyle {
      let temperature = graph.input(ProgramInput.temperature.rawValue, [])
      style = try graph.multiply(
        graph.normal("style", records: records, columns: latent), temperature)
    } else {
      style = graph.input(ProgramInput.style.rawValue, [batch, latent])
    }
    let prior = try prior(fields, in: &graph)
    let state = try decoder.chainStart(prior.sample(noise: style, in: &graph), fields, in: &graph)
    guard let state else { preconditionFailure("This model draws all fields at once.") }
    return state
  }

  /// The beginning of rows whose columns ``rowColumnProgram(at:batch:)`` tells of.
  ///
  /// Inputs: the given fields, of masked ones what is known, ``ProgramInput/records`` and
  /// ``ProgramInput/temperature``. Output: `state` `[batch, width]`.
  public func rowStartProgram(batch: Int) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let records = graph.indexInput(ProgramInput.records.rawValue, [batch])
    let fields = try rowFields(batch: batch, in: &graph)
    let state = try rowStart(fields, records: records, drawsStyle: true, in: &graph)
    return Program(graph: graph, outputs: [Program.Output(RowPort.state, state)])
  }

  /// One column of rows: what the decoder says of the field at a place of ``rowOrder``, given the state.
  ///
  /// Inputs: `state`, and of the field before, if there is one, what was seen of it: `seen`, numbers
  /// `[batch, width]` or level indices `[batch]` (behind the last for none), and for numbers that may be
  /// missing `presence` `[batch, 1]`. Outputs: `prediction`, as a generation program's, and the `state`
  /// that the field's own column begins with.
  public func rowColumnProgram(at place: Int, batch: Int) throws(ShapeMismatch) -> Program {
    guard let chain = decoder.chain else { preconditionFailure("This model has no columns.") }
    var graph = Graph()
    var state = graph.input(RowPort.state, [batch, chain.width])
    var outputs: [Program.Output] = []
    if place > 0 {
      let before = chain.columns[place - 1]
      let field = before.value.field
      let seen =
        field.isCategory
        ? graph.indexInput(RowPort.seen, [batch]) : graph.input(RowPort.seen, [batch, field.width])
      let presence = before.isPartial ? graph.input(RowPort.presence, [batch, 1]) : nil
      state = try before.state(state, seen: seen, presence: presence, in: &graph)
      outputs.append(Program.Output(RowPort.state, state))
    }
    let column = chain.columns[place]
    let output = try column.output(state, in: &graph)
    let prediction = try decoder.heads[column.head].likelihood.prediction(output, in: &graph)
    outputs.append(Program.Output(RowPort.prediction, prediction))
    return Program(graph: graph, outputs: outputs)
  }
}

/// Draws columns from what the decoder says of them, but for what is known.
private struct RowDraws {
  private let model: ConditionalVAE
  private let records: Node
  private let fields: FieldNodes
  /// 1 where every value is to be there.
  private let complete: Node

  init(model: ConditionalVAE, records: Node, fields: FieldNodes, in graph: inout Graph) {
    self.model = model
    self.records = records
    self.fields = fields
    complete = graph.input(ProgramInput.complete.rawValue, [])
  }

  private func isMasked(_ field: Field) -> Bool { model.roles.masked.contains(field.name) }

  /// 1 where a number is there, `[batch, 1]`; nil where it always is.
  func presence(
    of field: Field, absence drawn: [String: Node], in graph: inout Graph
  ) throws(ShapeMismatch) -> Node? {
    if field.isCategory { return nil }
    let teller = model.schema.fields.first { $0.absenceOf == field.name }
    guard let teller, let isAbsent = drawn[teller.name] else { return nil }
    let table = try graph.concatenate(
      [graph.constant(1, [1, 1]), graph.constant(0, [1, 1])], axis: 0)
    return try graph.gather(table, isAbsent)
  }

  /// A category's level, indices `[batch]`.
  func level(
    _ logits: Node, of input: FieldInput, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let field = input.field
    let levels = field.levels.count
    var logits = logits
    if field.absenceOf != nil || field.levels.last == Field.absentLevel {
      // The level that stands for none is the last.
      let none = try graph.concatenate(
        [graph.constant(0, [1, levels - 1]), graph.constant(-1e9, [1, 1])], axis: 1)
      logits = try graph.add(logits, graph.multiply(none, complete))
    }
    return try graph.categoricalSample(
      logits, known: isMasked(field) ? fields[input.known] : nil,
      purpose: RowPort.purpose(of: field), records: records)
  }

  /// A number or vector, `[batch, width]`.
  func number(
    _ output: Node, of head: Decoder.Head, presence: Node?, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let field = head.input.field
    var value = try head.likelihood.sample(
      output, purpose: RowPort.purpose(of: field), records: records, in: &graph)
    if let presence { value = try graph.multiply(value, presence) }
    guard isMasked(field) else { return value }
    let open = try graph.subtract(graph.constant(1), fields[head.input.mask])
    return try graph.add(graph.multiply(value, open), fields[head.input.known])
  }
}

/// The names of inputs and outputs by which the programs of rows hang together.
public enum RowPort {
  /// What columns know of those before them.
  public static let state = "state"
  /// The value of the column before.
  public static let seen = "seen"
  /// Whether there is one.
  public static let presence = "presence"
  /// What the decoder says of the column.
  public static let prediction = "prediction"

  /// What addresses the random numbers by which a field is drawn.
  public static func purpose(of field: Field) -> RandomPurpose { "generated \(field.name)" }
}
