import CVAEModels
import CVAETraining
import RecordTypes
import TensorGraph

/// How a field's values come out of what the decoder says of all fields at once.
struct GeneratedField {
  let field: Field
  private let column: RowColumn

  init(_ field: Field, model: TrainedModel) {
    self.field = field
    column = RowColumn(field, model: model)
  }

  /// The rows' values.
  ///
  /// - Throws: ``GenerationFailure`` where the decoder says what is no number.
  func values(
    _ prediction: UnsafeBufferPointer<Float>, rows: Range<Int>, _ draws: Draws
  ) throws -> GeneratedRecords.Values {
    let first = UInt32(rows.lowerBound)
    let count = rows.count * field.width
    try GenerationFailure.check(prediction, of: field)
    switch field.kind {
    case .image: return .pixels(Array(prediction.prefix(count)))
    case .number, .vector:
      var seen = [Float](repeating: 0, count: count)
      var numbers = [Float](repeating: .nan, count: count)
      numbers.withUnsafeMutableBufferPointer { numbers in
        seen.withUnsafeMutableBufferPointer { seen in
          column.drawNumbers(
            prediction, into: numbers, seen: seen, first: first, at: draws.position)
        }
      }
      try GenerationFailure.check(numbers, of: field)
      return .reals(numbers)
    case .category:
      var levels = [Int32](repeating: -1, count: rows.count)
      levels.withUnsafeMutableBufferPointer { levels in
        column.drawLevels(
          prediction, into: levels, of: column.drawnLevels(draws), first: first,
          at: draws.position)
      }
      return .levels(levels)
    }
  }
}
