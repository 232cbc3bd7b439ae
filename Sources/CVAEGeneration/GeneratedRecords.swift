import CVAETraining
import ConditionalData
import Foundation
public import RecordSchema
import TensorFiles
import TensorGraph

/// Records that a model drew, with the conditions under which it did.
public struct GeneratedRecords: Sendable {
  /// One generated field.
  public struct Column: Sendable {
    /// The field.
    public let field: Field
    /// Its values.
    public let values: Values
  }

  /// A field's values, in the units of the data.
  public enum Values: Sendable {
    /// Images, `[count, height, width, channels]`, the expected value of each pixel in 0…1.
    case pixels([Float])
    /// Numbers or vectors, `[count, width]`, drawn from the likelihood.
    case reals([Float])
    /// Level indices, drawn from the likelihood.
    case levels([Int32])
  }

  /// One for each record.
  public let conditions: Conditions
  /// The given fields, in the schema's order.
  public let given: [Field]
  /// The generated fields, in the schema's order.
  public let columns: [Column]
  /// How numbers of tables are written, by the field's name.
  public let forms: [String: NumberForm]
  /// Given fields that were unknown and, as the model has no embedding for that, were drawn from the
  /// training records' frequencies.
  public let drawnConditions: [String]

  /// The number of records.
  public var count: Int { conditions.count }
}

/// How a generated field's values come out of what the decoder says of their distribution.
struct GeneratedField {
  let field: Field
  private let preprocessing: Preprocessing
  /// Of a table's numbers: their grid, and the range that training records have.
  private let grid: (form: NumberForm, range: ClosedRange<Double>)?
  private let noise: Float

  init(_ field: Field, model: TrainedModel) {
    self.field = field
    preprocessing = model.preprocessing
    let known = preprocessing.scales[field.name]
    grid = model.preprocessing.forms[field.name].flatMap { form in
      known.map { (form, $0.minimum[0]...$0.maximum[0]) }
    }
    let name = "decoder.\(field.name).logDeviation"
    noise = model.tensors[name]?.values.first.map { Float(exp(Double($0))) } ?? 0
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
    _ numbers: UnsafeBufferPointer<Float>, rows: Range<Int>, seed: UInt64,
    to column: inout GeneratedRecords.Values
  ) {
    let position = RandomPosition(seed: seed, step: 0)
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
        let value = numbers[index] + noise * Float(draw)
        let number = Float(
          preprocessing.original(value, field: field.name, component: component))
        values.append(grid.map { Self.fitted(number, to: $0.form, within: $0.range) } ?? number)
      }
      column = .reals(values)
    case .levels(var levels):
      column = .levels([])
      let count = field.levels.count
      for row in 0..<rows.count {
        var rest = position.uniform(
          purpose, record: UInt32(rows.lowerBound + row), column: 0)
        let level = (0..<count).first { level in
          rest -= Double(numbers[row * count + level])
          return rest < 0
        }
        levels.append(Int32(level ?? count - 1))
      }
      column = .levels(levels)
    }
  }
}
