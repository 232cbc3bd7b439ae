import CVAEModels
import CVAETraining
import RecordSchema
import TensorGraph

/// One of the passes that draw a row whose fields may be given or not: some fields, under those that are
/// given and those that passes before drew.
///
/// p(x) = Π p(xᵢ | those before), each factor a draw of z from p(z | what is known) and one from the decoder:
/// fields that depend on each other closely come out so, where a single z would have to tell of all of
/// them.
struct RowPass {
  let program: any CompiledProgram
  let heads: [GeneratedField]

  /// A pass for each field, in the schema's order; what tells of a number's absence goes with it. None
  /// for a model of another kind.
  static func all(
    of model: TrainedModel, session: any ExecutionSession, batch: Int
  ) throws -> [RowPass] {
    guard model.model.masksRows else { return [] }
    let fields = model.model.maskedInputs.map(\.field)
    let order = model.model.rowOrder.compactMap { name in fields.first { $0.name == name } }
    return try order.map { field in
      let own = fields.filter { $0.name == field.name || $0.absenceOf == field.name }
      return RowPass(
        program: try session.compile(
          model.model.generationProgram(batch: batch, fields: own.map(\.name))),
        heads: own.map { GeneratedField($0, model: model) })
    }
  }
}

/// What decides the random numbers of rows.
struct RowDraws {
  let seed: UInt64
  let sample: Int
  /// Whether values may be missing as they are in training records.
  let leavesHoles: Bool

  var position: RandomPosition { RandomPosition(seed: seed, step: UInt32(sample)) }
}

extension Conditions {
  /// Takes values for what is unknown of some records' field.
  mutating func complete(
    _ field: Field, _ rows: Range<Int>, with values: GeneratedRecords.Values
  ) {
    switch (columns[field.name], values) {
    case (.levels(var levels), .levels(let drawn)):
      columns[field.name] = nil
      for (index, row) in rows.enumerated() where levels[row] < 0 { levels[row] = drawn[index] }
      columns[field.name] = .levels(levels)
    case (.reals(var numbers), .reals(let drawn)):
      columns[field.name] = nil
      let start = rows.lowerBound * field.width
      for index in drawn.indices where numbers[start + index].isNaN {
        numbers[start + index] = drawn[index]
      }
      columns[field.name] = .reals(numbers)
    default: return
    }
  }
}
