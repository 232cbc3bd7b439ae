import CVAEModels
import CVAETraining
import RecordSchema
import TensorGraph

/// How a field's values come out of what the decoder says of all fields at once.
struct GeneratedField {
  let field: Field
  private let column: RowColumn

  init(_ field: Field, model: TrainedModel) {
    self.field = field
    column = RowColumn(field, model: model)
  }

  func emptyColumn(count: Int) -> GeneratedRecords.Values {
    switch field.kind {
    case .image:
      var pixels: [Float] = []
      pixels.reserveCapacity(count * field.width)
      return .pixels(pixels)
    case .number, .vector: return .reals([])
    case .category: return .levels([])
    }
  }

  /// Adds the rows' values to a column.
  func append(
    _ prediction: UnsafeBufferPointer<Float>, rows: Range<Int>, _ draws: Draws,
    to column: inout GeneratedRecords.Values
  ) {
    let first = UInt32(rows.lowerBound)
    let count = rows.count * field.width
    switch column {
    case .pixels: column.append(.pixels(Array(prediction.prefix(count))))
    case .reals:
      var seen = [Float](repeating: 0, count: count)
      var numbers = [Float](repeating: .nan, count: count)
      numbers.withUnsafeMutableBufferPointer { numbers in
        seen.withUnsafeMutableBufferPointer { seen in
          self.column.drawNumbers(
            prediction, into: numbers, seen: seen, first: first, at: draws.position)
        }
      }
      column.append(.reals(numbers))
    case .levels:
      var levels = [Int32](repeating: -1, count: rows.count)
      let count = self.column.drawnLevels(draws)
      levels.withUnsafeMutableBufferPointer { levels in
        self.column.drawLevels(
          prediction, into: levels, of: count, first: first, at: draws.position)
      }
      column.append(.levels(levels))
    }
  }
}
