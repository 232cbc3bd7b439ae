import RecordTypes
import TensorFiles

/// The conditions that records must meet to be a data set.
struct DataSetCheck {
  let source: String

  /// The records in the columns, at least one.
  func records(_ schema: RecordSchema, _ columns: [RecordColumn]) throws -> Records {
    let records: Records
    do {
      records = try Records(schema: schema, columns: columns)
    } catch {
      throw failure(error.expected, error.actual, error.advice)
    }
    guard records.count > 0 else {
      throw failure("at least one record", "none", "check how the data were made")
    }
    guard records.count <= Int(Int32.max) else {
      throw failure("at most \(Int32.max) records", "\(records.count)", "split the data")
    }
    return records
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
