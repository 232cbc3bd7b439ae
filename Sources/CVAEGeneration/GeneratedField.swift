import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordSchema
import TensorFiles
import TensorGraph

/// How a generated field's values come out of what the decoder says of their distribution.
struct GeneratedField {
  let field: Field
  private let preprocessing: Preprocessing
  /// Of a table's numbers: their grid, and the range that training records have.
  private let grid: (form: NumberForm, range: ClosedRange<Double>)?
  /// The deviation of all records; nil where the decoder says each one's behind the means.
  private let noise: Float?

  init(_ field: Field, model: TrainedModel) {
    self.field = field
    preprocessing = model.preprocessing
    let known = preprocessing.scales[field.name]
    grid = model.preprocessing.forms[field.name].flatMap { form in
      known.map { (form, $0.minimum[0]...$0.maximum[0]) }
    }
    let name = model.model.deviationName(of: field)
    noise = name.map { name in Float(exp(Double(model.tensors[name]?.values.first ?? -.infinity))) }
  }

  /// The nearest number that a record of the table could have.
  private static func fitted(
    _ number: Float, to form: NumberForm, within range: ClosedRange<Double>
  ) -> Float {
    Float(form.rounded(min(max(Double(number), range.lowerBound), range.upperBound)))
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
    _ numbers: UnsafeBufferPointer<Float>, rows: Range<Int>, at position: RandomPosition,
    leavesHoles: Bool, to column: inout GeneratedRecords.Values
  ) {
    let purpose = RandomPurpose("generated " + field.name)
    switch column {
    case .pixels(var pixels):
      column = .pixels([])
      pixels.append(contentsOf: numbers.prefix(rows.count * field.width))
      column = .pixels(pixels)
    case .reals(var values):
      column = .reals([])
      for index in 0..<rows.count * field.width {
        let (row, component) = (index / field.width, index % field.width)
        let draw = position.normal(
          purpose, record: UInt32(rows.lowerBound + row), column: component)
        let value: Float
        if let noise {
          value = numbers[index] + noise * Float(draw)
        } else {
          let start = row * 2 * field.width + component
          value = numbers[start] + numbers[start + field.width] * Float(draw)
        }
        let number = Float(
          preprocessing.original(value, field: field.name, component: component))
        values.append(grid.map { Self.fitted(number, to: $0.form, within: $0.range) } ?? number)
      }
      column = .reals(values)
    case .levels(var levels):
      column = .levels([])
      let all = field.levels.count
      // The level that stands for none is the last.
      let count = leavesHoles || field.levels.last != Field.absentLevel ? all : all - 1
      for row in 0..<rows.count {
        let share = position.uniform(
          purpose, record: UInt32(rows.lowerBound + row), column: 0)
        let weights = numbers.extracting(row * all..<row * all + count)
        var rest = share * (count == all ? 1 : Double(weights.reduce(0, +)))
        let level = weights.firstIndex { weight in
          rest -= Double(weight)
          return rest < 0
        }
        levels.append(Int32(level ?? count - 1))
      }
      column = .levels(levels)
    }
  }
}
