import RecordTypes
import TensorFiles

/// The conditions that columns must meet to be a data set.
struct DataSetCheck {
  let source: String

  /// The number of records, the same in every column.
  func count(of columns: [Column], _ schema: RecordSchema) throws -> Int {
    guard columns.count == schema.fields.count else {
      throw failure(
        "a column for each of \(schema.fields.count) fields", "\(columns.count) columns",
        "give one column for each field")
    }
    var counts: [(field: String, count: Int)] = []
    for (field, column) in zip(schema.fields, columns) {
      guard let count = column.count else {
        throw failure(
          "whole records in field '\(field.name)'", "values that \(field.width) doesn't divide",
          "complete the last record")
      }
      counts.append((field.name, count))
    }
    for other in counts where other.count != counts[0].count {
      throw failure(
        "as many records in field '\(other.field)' as in '\(counts[0].field)', which has "
          + "\(counts[0].count)", "\(other.count)", "give every field the same number of records")
    }
    guard counts[0].count > 0 else {
      throw failure("at least one record", "none", "check how the data were made")
    }
    guard counts[0].count <= Int(Int32.max) else {
      throw failure("at most \(Int32.max) records", "\(counts[0].count)", "split the data")
    }
    return counts[0].count
  }

  /// The values of `column` must be such as `field` can have.
  func values(_ column: Column, of field: Field) throws {
    switch (field.kind, column) {
    case (.category(let levels), .levels(let indices)):
      let wrong = indices.firstIndex { $0 < -1 || $0 >= levels.count }
      guard let wrong else { return }
      throw failure(
        "levels 0 to \(levels.count - 1), or -1 for a missing one, in field '\(field.name)'",
        "\(indices[wrong]) in record \(wrong)", "name more levels or correct the record")
    case (.number, .reals(let numbers, let width)) where width == 1:
      try finite(numbers, of: field)
    case (.vector(let count), .reals(let numbers, let width)) where width == count:
      try finite(numbers, of: field)
    case (.image(let size), .bytes(_, let width)) where width == size.count: return
    default:
      throw failure(
        "a column that fits field '\(field.name)', \(field.kind.summary)", column.summary,
        "correct the schema or the column")
    }
  }

  private func finite(_ numbers: [Float], of field: Field) throws {
    guard let wrong = numbers.firstIndex(where: { $0.isInfinite }) else { return }
    throw failure(
      "finite numbers, or NaN for a missing one, in field '\(field.name)'",
      "\(numbers[wrong]) in record \(wrong / field.width)", "correct the record")
  }

  /// The records set apart must exist.
  func ownTest(_ records: Range<Int>, count: Int) throws {
    guard records.lowerBound >= 0, records.upperBound <= count else {
      throw failure(
        "test records within 0..<\(count)", "\(records)", "correct the range of test records")
    }
  }

  private func failure(_ expected: String, _ actual: String, _ advice: String) -> DataFileFailure {
    DataFileFailure(path: source, expected: expected, actual: actual, advice: advice)
  }
}

extension Column {
  fileprivate var summary: String {
    switch self {
    case .bytes(_, let width): "bytes, \(width) for each record"
    case .levels: "levels"
    case .reals(_, let width): "real numbers, \(width) for each record"
    }
  }
}
