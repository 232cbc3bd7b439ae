import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import Synchronization
import TensorGraph

/// The records of a batch.
struct DrawingBatch: Sendable {
  /// Their places in the conditions.
  let rows: Range<Int>
  /// Their numbers in the request.
  let records: [Int]
  /// The conditions' columns of generated fields, where some record has a value.
  let given: [String: RecordColumn]
  /// The number by which a record's random numbers are addressed.
  let address: @Sendable (Int) -> Int32
  /// The styles of all records of the request, `[count, latent]`; nil where they are drawn.
  let styles: [Float]?
  let form: DrawingForm
  let control: Double
}

/// Draws batches of records, one at a time, with programs of its own.
final class DrawingWorker: Sendable {
  private struct State {
    let session: any ExecutionSession
    /// By form; compiled when first needed.
    var programs: [DrawingForm: CompiledModel] = [:]
    var restricted: RestrictedColumns?
    /// By variable; made when first needed.
    var texts: [FieldInput: TextDrawing] = [:]
  }

  private let model: TrainedModel
  private let batch: Int
  private let state: Mutex<State>

  init(_ model: TrainedModel, executor: any Executor, batch: Int) throws {
    self.model = model
    self.batch = batch
    state = Mutex(State(session: try model.makeSession(executor)))
  }

  /// Runs a program over a batch; records behind the last repeat it.
  private func run<Value: Sendable>(
    _ batch: DrawingBatch, _ program: ModelProgram, _ filler: RecordFiller, _ draws: Draws,
    _ body: @Sendable (CompiledModel, [FieldInput: TextStorage]) throws -> Value
  ) throws -> Value {
    try state.withLock { state in
      let compiled = try state.programs[batch.form] ?? state.session.compile(program)
      state.programs[batch.form] = compiled
      fill(compiled, batch, filler, draws)
      try compiled.run(at: draws.position)
      var texts: [FieldInput: TextStorage] = [:]
      for input in model.model.generatedInputs where input.isText {
        let drawing =
          try state.texts[input]
          ?? TextDrawing(input, model, session: state.session, batch: self.batch)
        state.texts[input] = drawing
        texts[input] = try drawing.draw(
          from: compiled, count: batch.rows.count,
          numbers: batch.records.map { batch.address($0) }, draws.tokens,
          batch.records.map { draws.texts[input.field.name]?[$0] }, at: draws.position)
      }
      return try body(compiled, texts)
    }
  }

  private func fill(
    _ program: CompiledModel, _ batch: DrawingBatch, _ filler: RecordFiller, _ draws: Draws
  ) {
    let last = batch.rows.count - 1
    let numbers = (0..<self.batch).map { batch.address(batch.records[min($0, last)]) }
    let rows =
      batch.form.sharesConditions
      ? [0] : (0..<self.batch).map { Int32(batch.rows.lowerBound + min($0, last)) }
    rows.withUnsafeBufferPointer {
      filler.fill(program, records: $0, numbers: numbers, at: draws.position)
    }
    if let styles = batch.styles {
      let width = model.model.styleCount
      program.withInput(.style) { buffer in
        for index in buffer.indices {
          buffer[index] =
            styles[batch.records[min(index / width, last)] * width + index % width]
        }
      }
    } else {
      program.set(.temperature, Float(draws.temperature))
      if program.model.reads(.detailTemperature) {
        program.set(.detailTemperature, Float(draws.detailTemperature))
      }
    }
    if program.model.reads(.complete) { program.set(.complete, draws.allowsMissing ? 0 : 1) }
    if batch.form.isControlled {
      program.set(.control, Float(batch.control))
      fillUnknown(program)
    }
  }

  /// The condition as if nothing were known.
  private func fillUnknown(_ program: CompiledModel) {
    for input in model.model.givenInputs {
      if let kind = input.field.textKind {
        program.withIndexInput(.field(input, .unknown)) {
          $0.update(repeating: Int32(kind.vocabulary))
        }
        program.withIndexInput(.before(input, .unknown)) { $0.update(repeating: kind.endToken) }
        program.withIndexInput(.lengths(input, .unknown)) { $0.update(repeating: 0) }
        program.withInput(.tokenShares(input, .unknown)) { $0.update(repeating: 0) }
        program.withInput(.unknown(input, .unknown)) { $0.update(repeating: 1) }
      } else if let level = input.missingLevel {
        program.withIndexInput(.field(input, .unknown)) { $0.update(repeating: level) }
      } else {
        program.withInput(.field(input, .unknown)) { $0.update(repeating: 0) }
        program.withInput(.unknown(input, .unknown)) { $0.update(repeating: 1) }
      }
    }
  }

  /// Draws a batch: a column for each generated field, in the order of drawing.
  func draw(
    _ batch: DrawingBatch, _ program: ModelProgram, _ filler: RecordFiller, _ draws: Draws
  ) throws -> [RecordColumn] {
    try run(batch, program, filler, draws) { compiled, texts in
      // Texts come last, so that a text's absence is drawn long before it.
      var absent: [String: [Int32]] = [:]
      var columns: [RecordColumn] = []
      for input in model.model.generatedInputs {
        let name = input.field.name
        if input.isAbsence {
          absent[name] = compiled.withIndexOutput(.value(input)) {
            Array($0.prefix(batch.rows.count))
          }
        } else if let text = texts[input] {
          // A text of which something is asked is there.
          let isAbsent = absent[name].map { absent in
            zip(absent, batch.records).map { draws.texts[name]?[$1] == nil ? $0 : 0 }
          }
          columns.append(
            RecordColumn(.texts(text)).replacing(
              with: batch.given[name], rows: batch.rows, absent: isAbsent))
        } else {
          columns.append(try column(input, compiled, batch, absent: absent[name]))
        }
      }
      return columns
    }
  }

  private func column(
    _ input: FieldInput, _ program: CompiledModel, _ batch: DrawingBatch, absent: [Int32]?
  ) throws -> RecordColumn {
    let (field, count) = (input.field, batch.rows.count)
    if let levels = input.features.count {
      let drawn = program.withIndexOutput(.value(input)) { Array($0.prefix(count)) }
      let none = field.mayBeMissing ? Int32(levels - 1) : -1
      let values = drawn.map { $0 == none ? 0 : Float($0) }.withUnsafeBufferPointer {
        field.codec.decode($0, field, model.preprocessing)
      }
      // A given number stays as it is, also between those that a record can have.
      return RecordColumn(values).replacing(
        with: field.isCategory ? nil : batch.given[field.name], rows: batch.rows,
        absent: field.mayBeMissing ? drawn.map { $0 == none ? 1 : 0 } : nil)
    }
    let width = input.features.width
    let values = try program.withOutput(.value(input)) { seen in
      let own = UnsafeBufferPointer(rebasing: seen[..<(count * width)])
      try GenerationFailure.check(own, of: field)
      return field.codec.decode(own, field, model.preprocessing)
    }
    let drawn = RecordColumn(values, width: field.width, cells: field.cells.count)
    return drawn.replacing(with: batch.given[field.name], rows: batch.rows, absent: absent)
  }

  /// First draws the values that must lie in a set or a range: from the model's distribution under what is
  /// given, cut to the request, while fields without a request stay hidden.
  func restricted(
    _ conditions: Conditions, _ restrictions: [String: GivenValue], first: Int, _ draws: Draws
  ) throws -> Conditions {
    try state.withLock { state in
      let columns =
        try state.restricted
        ?? RestrictedColumns(model, session: state.session, batch: batch)
      state.restricted = columns
      return try columns.draw(conditions, restrictions, first: first, draws)
    }
  }
}

extension RecordColumn {
  /// The drawn values, with given ones kept as they are and absent ones marked missing.
  ///
  /// - Parameters:
  ///   - given: Values of many records; nil for none.
  ///   - rows: Which of them these records are.
  ///   - absent: 1 in the records that lack the value; nil where none does.
  fileprivate func replacing(
    with given: RecordColumn?, rows: Range<Int>, absent: [Int32]?
  ) -> RecordColumn {
    var values = values
    switch (values, given?.values) {
    case (.numbers(var drawn), .numbers(let known)?):
      for (row, record) in rows.enumerated() where given?.isKnown(record) == true {
        for index in 0..<width { drawn[row * width + index] = known[record * width + index] }
      }
      values = .numbers(drawn)
    case (.intensities(let expected), .bytes(let bytes)?):
      // Known pixels stay as they are, to the byte.
      values = .bytes(
        ByteStorage(
          expected.indices.map { index in
            let record = rows.lowerBound + index / width
            let cell = index % width * cells / width
            if given?.isKnown(record, cell: cell) == true {
              return bytes[record * width + index % width]
            }
            let value = expected[index]
            return value > 0 ? UInt8((min(value, 1) * 255).rounded()) : 0
          }))
    case (.texts(let drawn), .texts(let known)?):
      values = .texts(
        TextStorage(
          rows.enumerated().map { row, record in
            given?.isKnown(record) == true ? known.bytes(of: record) : drawn.bytes(of: row)
          }))
    default: break
    }
    guard let absent, absent.contains(1) else {
      return RecordColumn(values, width: width, cells: cells)
    }
    let isThere = Bitmap(count: rows.count * cells) { index in
      absent[index / cells] == 0 || given?.isKnown(rows.lowerBound + index / cells) == true
    }
    return RecordColumn(values, width: width, cells: cells, validity: isThere)
  }
}
