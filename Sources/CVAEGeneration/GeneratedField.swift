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
  func values(
    _ prediction: UnsafeBufferPointer<Float>, rows: Range<Int>, _ draws: Draws
  ) -> RecordColumn {
    let first = UInt32(rows.lowerBound)
    switch field.kind {
    case .image(let size):
      return RecordColumn(
        .intensities(Array(prediction.prefix(rows.count * size.count))), width: size.count,
        cells: size.pixels)
    case .number, .vector:
      let numbers = column.drawNumbers(
        prediction, count: rows.count, first: first, at: draws.position)
      return .numbers(numbers, width: field.width)
    case .category:
      return .levels(
        column.drawLevels(
          prediction, count: rows.count, of: column.drawnLevels(draws), first: first,
          at: draws.position))
    }
  }
}
