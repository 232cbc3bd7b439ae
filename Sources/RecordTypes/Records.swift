/// Records, column by column: a data set, conditions, generated records, or a table to complete.
public struct Records: Hashable, Sendable {
  /// The fields of each record.
  public let schema: RecordSchema
  /// One for each field, in the order of the schema.
  public let columns: [RecordColumn]
  /// The number of records.
  public let count: Int

  /// Columns in the order of the schema's fields.
  ///
  /// - Parameter count: The number of records, needed if the schema has no field.
  /// - Throws: ``InvalidRecords`` for columns that don't fit the schema or each other, levels that
  ///   don't exist, and numbers that are not finite.
  public init(
    schema: RecordSchema, columns: [RecordColumn], count: Int = 0
  ) throws(InvalidRecords) {
    guard columns.count == schema.fields.count else {
      throw InvalidRecords(
        expected: "a column for each of \(schema.fields.count) fields",
        actual: "\(columns.count) columns", advice: "give one column for each field")
    }
    for (field, column) in zip(schema.fields, columns) {
      try column.check(field)
      guard column.count == columns[0].count else {
        throw InvalidRecords(
          expected: "as many records in field '\(field.name)' as in '\(schema.fields[0].name)', "
            + "which has \(columns[0].count)", actual: "\(column.count)",
          advice: "give every field the same number of records")
      }
    }
    self.init(trusting: schema, columns, count: columns.first?.count ?? max(0, count))
  }

  /// Columns that are known to fit.
  package init(trusting schema: RecordSchema, _ columns: [RecordColumn], count: Int) {
    self.schema = schema
    self.columns = columns
    self.count = count
  }

  /// The column of a field; nil where there is none of that name.
  public subscript(_ name: String) -> RecordColumn? {
    schema.position(of: name).map { columns[$0] }
  }

  /// Some records, in their order.
  public func selecting(_ records: some Collection<Int>) -> Records {
    Records(
      trusting: schema, columns.map { $0.selecting(records) }, count: records.count)
  }

  /// Records of one schema one after the other; at least one part.
  package static func joining(_ parts: [Records]) -> Records {
    guard let first = parts.first else {
      preconditionFailure("Nothing says what joined records are made of.")
    }
    if parts.count == 1 { return first }
    return Records(
      trusting: first.schema,
      first.columns.indices.map { index in .joining(parts.map { $0.columns[index] }) },
      count: parts.reduce(0) { $0 + $1.count })
  }

  /// The same with a column replaced, or added after the others if the field is new.
  package func setting(_ field: Field, to column: RecordColumn) -> Records {
    setting([(field, column)])
  }

  /// The same with several columns set, each of another field.
  package func setting(_ changes: [(field: Field, column: RecordColumn)]) -> Records {
    var (fields, columns) = (schema.fields, columns)
    for (field, column) in changes {
      if let index = schema.position(of: field.name) {
        (fields[index], columns[index]) = (field, column)
      } else {
        fields.append(field)
        columns.append(column)
      }
    }
    return Records(trusting: RecordSchema(trusting: fields), columns, count: count)
  }
}

/// No records can be made of these fields or columns.
public struct InvalidRecords: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was needed.
  public let expected: String
  /// What came.
  public let actual: String
  /// What to do, without a full stop.
  public let advice: String

  /// Makes the error from the parts of its sentence.
  public init(expected: String, actual: String, advice: String) {
    self.expected = expected
    self.actual = actual
    self.advice = advice
  }

  /// One sentence a user can act on.
  public var description: String { "expected \(expected), got \(actual); \(advice)." }
}

extension RecordColumn {
  /// Checks that `field` can have these values, and that they make whole records.
  fileprivate func check(_ field: Field) throws(InvalidRecords) {
    guard valueCount == count * width else {
      throw InvalidRecords(
        expected: "whole records in field '\(field.name)'",
        actual: "values that \(width) doesn't divide", advice: "complete the last record")
    }
    if let validity, validity.count != count * cells {
      throw InvalidRecords(
        expected: "validity of \(count * cells) cells in field '\(field.name)'",
        actual: "that of \(validity.count)", advice: "give one bit for each cell")
    }
    guard field.fits(self) else {
      throw InvalidRecords(
        expected: "a column that fits field '\(field.name)', \(field.kind.summary)",
        actual: summary, advice: "correct the schema or the column")
    }
    switch values {
    case .levels(let indices):
      guard case .levels(let count) = field.kind.content.storage else { return }
      guard let wrong = indices.indices.first(where: { indices[$0] < 0 || indices[$0] >= count })
      else { return }
      throw InvalidRecords(
        expected: "levels 0 to \(count - 1) in field '\(field.name)'",
        actual: "\(indices[wrong]) in record \(wrong)",
        advice: "name more levels or correct the record")
    case .numbers(let numbers): try checkFinite(numbers, field)
    case .intensities(let numbers): try checkFinite(numbers, field)
    case .texts(let texts):
      guard let wrong = texts.firstInvalid else { return }
      throw InvalidRecords(
        expected: "texts in UTF-8 in field '\(field.name)'",
        actual: "bytes that aren't in record \(wrong)", advice: "correct the record")
    case .bytes: return
    }
  }

  private func checkFinite(
    _ numbers: [some FloatingPoint], _ field: Field
  ) throws(InvalidRecords) {
    guard let wrong = numbers.firstIndex(where: { !$0.isFinite }) else { return }
    throw InvalidRecords(
      expected: "finite numbers in field '\(field.name)'",
      actual: "\(numbers[wrong]) in record \(wrong / width)", advice: "correct the record")
  }

  private var summary: String {
    switch values {
    case .levels: "levels"
    case .numbers: width == 1 ? "numbers" : "\(width) numbers for each record"
    case .bytes: "bytes, \(width) for each record"
    case .intensities: "intensities, \(width) for each record"
    case .texts: "texts"
    }
  }
}

extension Field {
  /// Whether a column's values are of the field's kind.
  fileprivate func fits(_ column: RecordColumn) -> Bool {
    guard column.width == width, column.cells == cells.count else { return false }
    return switch (kind.content.storage, column.values) {
    case (.levels, .levels), (.numbers, .numbers), (.bytes, .bytes), (.bytes, .intensities),
      (.texts, .texts):
      true
    default: false
    }
  }
}
