import CVAETraining
import ConditionalData
import Foundation
public import RecordTypes
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

extension GeneratedRecords.Values {
  /// The values of batches one after the other, at least one.
  static func joining(_ parts: [GeneratedRecords.Values]) -> GeneratedRecords.Values {
    switch parts.first {
    case .levels, nil:
      .levels(
        parts.flatMap { part -> [Int32] in if case .levels(let levels) = part { levels } else { [] }
        })
    case .reals:
      .reals(
        parts.flatMap { part -> [Float] in
          if case .reals(let numbers) = part { numbers } else { [] }
        })
    case .pixels:
      .pixels(
        parts.flatMap { part -> [Float] in if case .pixels(let pixels) = part { pixels } else { [] }
        })
    }
  }
}

extension GeneratedRecords {
  /// The columns that the data have: what tells of a number's absence makes it missing there.
  static func withHoles(_ columns: [Column], leavesHoles: Bool) -> [Column] {
    columns.filter { $0.field.absenceOf == nil }.map { column in
      let absence = columns.first { $0.field.absenceOf == column.field.name }
      guard leavesHoles, case .levels(let isAbsent) = absence?.values,
        case .reals(var numbers) = column.values
      else { return column }
      let width = column.field.width
      for row in isAbsent.indices where isAbsent[row] == 1 {
        for index in row * width..<(row + 1) * width { numbers[index] = .nan }
      }
      return Column(field: column.field, values: .reals(numbers))
    }
  }
}
