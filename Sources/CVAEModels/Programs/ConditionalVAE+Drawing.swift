public import RecordTypes
public import TensorGraph

/// How a drawing program is built.
public struct DrawingForm: Hashable, Sendable {
  /// Whether style is drawn; else it is the input ``InputSlot/style``.
  public var drawsStyle = true
  /// Whether all records are under one condition: its fields are read as a single row, which saves the cost of
  /// reading them for each record. For rows that are drawn column by column.
  public var sharesConditions = false
  /// Whether ``InputSlot/control`` extrapolates the decoder's outputs from those under an unknown condition.
  /// For records whose fields are drawn at once.
  public var isControlled = false
  /// Whether each pixel of a picture is drawn, where its likelihood is a density; else it has its expected value.
  public var drawsPixels = false
  /// The most tokens of each given text.
  public var steps: TextSteps = 0
  /// A category whose probabilities are wanted, instead of values: ``OutputSlot/prediction`` `[batch, levels]`. For
  /// rows that are drawn column by column.
  public var predicted: FieldInput?

  /// New records, each under a condition of its own.
  public init() {}
}

extension ConditionalVAE {
  /// Whether pixels of an image can be drawn: its likelihood is a density, which a Bernoulli on grey values isn't.
  public func drawsPixels(of field: Field) -> Bool {
    decoder.heads.contains { head in
      head.input.name == field.name && head.input.features.pictureSize != nil
        && !(head.likelihood is BernoulliLikelihood)
    }
  }

  /// Whether fields are drawn one after the other, each given those before it.
  public var drawsColumnByColumn: Bool { decoder.chain != nil }

  /// New records: style is drawn, z = mean + σ · style under the prior, and then each field from the decoder's
  /// output for it; where the fields are the columns of a row, each given those before it.
  ///
  /// Inputs: the given fields; for masked ones value and mask, or the known part (the values of cells to fill
  /// aren't seen); ``InputSlot/records(_:)``; ``InputSlot/temperature`` (and ``InputSlot/detailTemperature``) or ``InputSlot/style``; where values may
  /// be missing ``InputSlot/complete``. Outputs: ``OutputSlot/value(_:)`` of each generated variable; a number
  /// that is known comes out unchanged.
  ///
  /// With control the decoder's outputs (logits, or means) are
  ///
  /// `unknown + control · (given − unknown)`
  ///
  /// of the same z. That takes the given fields a second time, as ``RecordSet/unknown``, and a model that accepts
  /// unknown conditions.
  ///
  /// - Source: Ho and Salimans, *Classifier-Free Diffusion Guidance*, 2022, who extrapolate scores.
  public func drawingProgram(
    batch: Int, _ form: DrawingForm = DrawingForm()
  ) throws(ShapeMismatch) -> ModelProgram {
    var program = ProgramBuilder()
    let records = program.indexInput(.records(.own), [batch])
    let fields = try conditions(
      batch: form.sharesConditions ? 1 : batch, steps: form.steps, in: &program)
    let style = try style(records: records, drawsStyle: form.drawsStyle, in: &program)
    let latent = try prior(fields, in: &program.graph)
      .sample(noise: style.latent, in: &program.graph)
    let draws = FieldDraws(
      model: self, records: records, fields: fields,
      complete: inputs.contains { $0.field.mayBeMissing && !$0.isGiven }
        ? program.input(.complete, []) : nil, drawsPixels: form.drawsPixels)
    var values: [Node] = []
    var last: Node?
    if let chain = decoder.chain {
      var state = try chainStart(latent, fields, in: &program.graph)
      for (head, column) in zip(decoder.heads, chain.columns) {
        let output = try excluding(
          column.output(state, in: &program.graph), at: values.count, fields,
          strength: Exclusion.drawingStrength, in: &program.graph
        ) { before in values[before] }
        if head.input == form.predicted {
          program.output(.prediction, program.graph.softmax(output))
          return program.program()
        }
        let presence = try draws.presence(of: head.input, drawn: values, in: &program.graph)
        let value = try draws.value(output, of: head, presence: presence, in: &program.graph)
        values.append(value)
        state = try column.state(state, seen: value, presence: presence, in: &program.graph)
      }
      last = state
    } else {
      let outputs = try outputs(latent, .style(style.details), fields, form, in: &program)
      for (head, own) in zip(decoder.heads, outputs) {
        let output = try excluding(
          own, at: values.count, fields, strength: Exclusion.drawingStrength, in: &program.graph
        ) { _ in nil }
        let presence = try draws.presence(of: head.input, drawn: values, in: &program.graph)
        values.append(
          try draws.value(output, of: head, presence: presence, in: &program.graph))
      }
    }
    for (head, value) in zip(decoder.heads, values) { program.output(.value(head.input), value) }
    for writer in decoder.writers {
      let start = try writer.start(
        decoder.textRows(latent, last, in: &program.graph), fields, in: &program.graph)
      program.output(.textStart(writer.input), start.gates)
      program.output(.textShift(writer.input), start.shift)
      for source in writer.sources {
        program.output(.memory(source), fields.memory(source).states)
      }
    }
    return program.program()
  }

  /// The condition as networks see it.
  private func conditions(
    batch: Int, steps: TextSteps, in program: inout ProgramBuilder
  ) throws(ShapeMismatch) -> FieldNodes {
    var fields = FieldNodes(
      givenInputs + partialConditions, batch: batch, steps: steps, in: &program)
    try fields.hideTargets(of: maskedInputs, in: &program.graph)
    return try texts(fields, in: &program.graph)
  }

  /// The style of each record: an input, or drawn.
  private func style(
    records: Node, drawsStyle: Bool, in program: inout ProgramBuilder
  ) throws(ShapeMismatch) -> (latent: Node, details: [Node]) {
    guard drawsStyle else {
      return try styles(batch: program.graph.shape(of: records).count, in: &program)
    }
    let temperature = program.input(.temperature, [])
    let noise = program.graph.normal("style", records: records, columns: configuration.latent)
    var latent = try program.graph.multiply(noise, temperature)
    if let flow { latent = try flow.style(of: latent, in: &program.graph) }
    guard !detailLevels.isEmpty else { return (latent, []) }
    let detailTemperature = program.input(.detailTemperature, [])
    let details = try detailLevels.map { level throws(ShapeMismatch) in
      let noise = program.graph.normal(
        level.stylePurpose, records: records, columns: level.count)
      return try program.graph.multiply(noise, detailTemperature)
    }
    return (latent, details)
  }

  /// The decoder's output for all fields at once.
  private func outputs(
    _ latent: Node, _ details: DetailSource, _ fields: FieldNodes, _ form: DrawingForm,
    in program: inout ProgramBuilder
  ) throws(ShapeMismatch) -> [Node] {
    let given = try decoder(latent, details, fields, in: &program.graph).outputs
    guard form.isControlled else { return given }
    precondition(acceptsMissing, "Control needs a model that accepts unknown conditions.")
    var unknown = FieldNodes(
      givenInputs, batch: fields.batch, steps: fields.steps, set: .unknown, in: &program)
    unknown = try texts(unknown, in: &program.graph)
    // Known cells stay known: control applies to the other fields.
    for input in maskedInputs {
      unknown.replace(input.known, by: fields[input.known])
      if !input.features.isIndex { unknown.replace(input.mask, by: fields[input.mask]) }
    }
    let others = try decoder(latent, details, unknown, in: &program.graph).outputs
    let control = program.input(.control, [])
    var results: [Node] = []
    for (given, unknown) in zip(given, others) {
      let difference = try program.graph.subtract(given, unknown)
      let step = try program.graph.multiply(difference, control)
      results.append(try program.graph.add(unknown, step))
    }
    return results
  }

  private func chainStart(
    _ latent: Node, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    guard let state = try decoder.chainStart(latent, fields, in: &graph) else {
      preconditionFailure("This model draws all fields at once.")
    }
    return state
  }

  /// The beginning of rows whose columns are drawn by ``rowColumnProgram(at:batch:)``.
  ///
  /// Inputs: the given fields, for masked ones the known part, ``InputSlot/records(_:)`` and
  /// ``InputSlot/temperature``. Output: ``OutputSlot/state``.
  public func rowStartProgram(
    batch: Int, steps: TextSteps = 0
  ) throws(ShapeMismatch) -> ModelProgram {
    var program = ProgramBuilder()
    let records = program.indexInput(.records(.own), [batch])
    let fields = try conditions(batch: batch, steps: steps, in: &program)
    let style = try style(records: records, drawsStyle: true, in: &program)
    let latent = try prior(fields, in: &program.graph)
      .sample(noise: style.latent, in: &program.graph)
    program.output(.state, try chainStart(latent, fields, in: &program.graph))
    return program.program()
  }

  /// One column of rows: the decoder's output for the generated variable at a position, given the state.
  ///
  /// Inputs: ``InputSlot/state``, and for the column before, if there is one, ``InputSlot/seen`` (one past the
  /// last index for no value) and, for numbers that may be missing, ``InputSlot/presence``. Outputs:
  /// ``OutputSlot/prediction``, and the ``OutputSlot/state`` that the column itself begins with.
  public func rowColumnProgram(at place: Int, batch: Int) throws(ShapeMismatch) -> ModelProgram {
    guard let chain = decoder.chain else { preconditionFailure("This model has no columns.") }
    var program = ProgramBuilder()
    var state = program.input(.state, [batch, chain.width])
    if place > 0 {
      let before = chain.columns[place - 1]
      let seen =
        before.value.features.isIndex
        ? program.indexInput(.seen, [batch])
        : program.input(.seen, [batch, before.value.features.width])
      let presence = before.isPartial ? program.input(.presence, [batch, 1]) : nil
      state = try before.state(state, seen: seen, presence: presence, in: &program.graph)
      program.output(.state, state)
    }
    let output = try chain.columns[place].output(state, in: &program.graph)
    program.output(
      .prediction, try decoder.heads[place].likelihood.prediction(output, in: &program.graph))
    return program.program()
  }
}

extension ConditionalVAE {
  /// One token of texts: the distribution of the next one, given those before.
  ///
  /// Inputs: ``InputSlot/tokenGates``, the row that ``tokenGatesProgram(of:)`` gave for the token before, that of the
  /// end mark before the first; ``InputSlot/state`` `[batch, 2 · writer]`, zeros before the first;
  /// ``InputSlot/textStart`` and ``InputSlot/textShift``, what ``drawingProgram(batch:_:)`` gave; of each of
  /// ``textSources(of:)`` the ``InputSlot/memory(_:)`` that it gave, the tokens and their lengths;
  /// ``InputSlot/temperature``, above 0, by which logarithms of probabilities are divided. Outputs:
  /// ``OutputSlot/prediction``, probabilities `[batch, vocabulary]`, and ``OutputSlot/state``.
  ///
  /// - Parameter steps: The most tokens of each given text.
  public func tokenProgram(
    of input: FieldInput, batch: Int, steps: TextSteps = 0
  ) throws(ShapeMismatch) -> ModelProgram {
    let writer = writer(of: input)
    let sizes = configuration.text
    var program = ProgramBuilder()
    var memories: [TextMemory] = []
    for source in writer.sources {
      let rows = steps[source.field] * batch
      memories.append(
        TextMemory(
          states: program.input(.memory(source), [rows, sizes.memory]),
          tokens: program.indexInput(.field(source, .own), [rows]),
          lengths: program.indexInput(.lengths(source, .own), [batch])))
    }
    let next = try writer.step(
      program.input(.tokenGates, [batch, 4 * sizes.writer]),
      state: program.input(.state, [batch, 2 * sizes.writer]),
      start: program.input(.textStart, [batch, 4 * sizes.writer]),
      shift: program.input(.textShift, [batch, sizes.embedding]), memories: memories,
      temperature: program.input(.temperature, []), in: &program.graph)
    program.output(.prediction, next.probabilities)
    program.output(.state, next.state)
    return program.program()
  }

  /// What each token adds to the gates of the network that writes a text.
  ///
  /// Output: ``OutputSlot/tokenGates``.
  public func tokenGatesProgram(of input: FieldInput) throws(ShapeMismatch) -> ModelProgram {
    var program = ProgramBuilder()
    program.output(.tokenGates, try writer(of: input).tokenGates(in: &program.graph))
    return program.program()
  }

  /// The given texts that are attended to when a text is written.
  public func textSources(of input: FieldInput) -> [FieldInput] { writer(of: input).sources }

  func writer(of input: FieldInput) -> TextWriter {
    guard let writer = decoder.writers.first(where: { $0.input == input }) else {
      preconditionFailure("This model writes no '\(input)'.")
    }
    return writer
  }

  /// The texts of whose tokens training hides some, where they are written and where they are given.
  var textsWithDropout: [FieldInput] {
    configuration.text.dropout > 0 ? decoder.writers.map(\.input) + texts.inputs : []
  }
}

/// Draws variables from the decoder's outputs, and keeps what is known.
private struct FieldDraws {
  let model: ConditionalVAE
  let records: Node
  let fields: FieldNodes
  /// 1 where every value is to be there; nil where none can be missing.
  let complete: Node?
  let drawsPixels: Bool

  private func isMasked(_ input: FieldInput) -> Bool {
    model.roles.isMasked(input.field.name)
  }

  /// 1 where a field has a value, `[batch, 1]`; nil where it always has.
  func presence(
    of input: FieldInput, drawn: [Node], in graph: inout Graph
  ) throws(ShapeMismatch) -> Node? {
    guard input.field.mayBeMissing, !input.features.isIndex, let isAbsent = drawn.last else {
      return nil
    }
    let table = try graph.concatenate(
      [graph.constant(1, [1, 1]), graph.constant(0, [1, 1])], axis: 0)
    return try graph.gather(table, isAbsent)
  }

  /// A variable's value as networks see it.
  func value(
    _ output: Node, of head: Decoder.Head, presence: Node?, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    switch head.input.features {
    case .index(let count): try level(output, of: head.input, count: count, in: &graph)
    case .rows: try numbers(output, of: head, presence: presence, in: &graph)
    case .picture:
      drawsPixels
        ? try head.likelihood.sample(
          output, purpose: model.purpose(.generated, of: head.input), records: records, in: &graph)
        : try head.likelihood.prediction(output, in: &graph)
    case .tokens: preconditionFailure("Texts are written token by token.")
    }
  }

  private func level(
    _ logits: Node, of input: FieldInput, count: Int, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    var logits = logits
    if let complete, input.field.mayBeMissing {
      // The last level stands for a missing value.
      let none = try graph.concatenate(
        [graph.constant(0, [1, count - 1]), graph.constant(-1e9, [1, 1])], axis: 1)
      logits = try graph.add(logits, graph.multiply(none, complete))
    }
    return try graph.categoricalSample(
      logits, known: isMasked(input) ? fields[input.known] : nil,
      purpose: model.purpose(.generated, of: input), records: records)
  }

  private func numbers(
    _ output: Node, of head: Decoder.Head, presence: Node?, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let input = head.input
    var value = try head.likelihood.sample(
      output, purpose: model.purpose(.generated, of: input), records: records, in: &graph)
    if let presence { value = try graph.multiply(value, presence) }
    guard isMasked(input) else { return value }
    let open = try graph.subtract(graph.constant(1), fields[input.mask])
    return try graph.add(graph.multiply(value, open), fields[input.known])
  }
}
