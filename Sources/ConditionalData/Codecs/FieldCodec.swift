package import RecordTypes
import TensorFiles

/// Turns the values of a kind of field into a network's numbers and back, and cells of tables into values.
package protocol FieldCodec: FieldContent {
  /// Whether a column of a table can be of this kind.
  static var readsCells: Bool { get }
  /// The field that a column becomes when it is declared to be of this kind.
  ///
  /// - Throws: `DataFileFailure` for cells that such values can't have.
  static func content(of cells: ColumnBuilder) throws -> ColumnBuilder.Content
  /// Reads the cells of a column whose field is known.
  func makeParser(_ field: Field, form: NumberForm?) -> any CellParser
  /// Measures the values that a field has in the training records.
  ///
  /// - Throws: `DataFileFailure` for values from which nothing can be learned.
  func fit(_ training: TrainingColumn) throws -> FittedField
  /// Checks what a file says about the field.
  ///
  /// - Throws: ``PreprocessingFailure``.
  func validate(_ preprocessing: Preprocessing, of field: Field) throws
  /// All values as networks see them, 0 for those that are missing.
  ///
  /// - Parameter position: Where a record falls in the interval of a value that several records share, 0 to 1.
  func encode(
    _ column: RecordColumn, _ field: Field, _ preprocessing: Preprocessing,
    position: (Int) -> Double
  ) -> EncodedColumn
  /// The values for numbers as networks see or draw them, `[count, width]`.
  func decode(
    _ seen: UnsafeBufferPointer<Float>, _ field: Field, _ preprocessing: Preprocessing
  ) -> RecordColumn.Values
}

extension FieldCodec {
  /// No column of a table can be of this kind.
  package static var readsCells: Bool { false }

  /// Refuses: no cell holds such a value.
  package static func content(of cells: ColumnBuilder) throws -> ColumnBuilder.Content {
    .nothing("no cell of a table holds \(name)s")
  }

  /// Reads numbers, dates and times.
  package func makeParser(_ field: Field, form: NumberForm?) -> any CellParser {
    NumberCells(field: field, form: form)
  }

  /// For numbers, their scale.
  package func validate(_ preprocessing: Preprocessing, of field: Field) throws {
    if storage == .numbers { try preprocessing.validateScale(of: field) }
  }

  /// Nothing to measure.
  package func fit(_ training: TrainingColumn) throws -> FittedField { FittedField() }

  /// Numbers by their distribution or scale.
  package func encode(
    _ column: RecordColumn, _ field: Field, _ preprocessing: Preprocessing,
    position: (Int) -> Double
  ) -> EncodedColumn {
    let (map, scale) = (preprocessing.quantiles[field.name], preprocessing.scales[field.name])
    let width = field.width
    let numbers = column.numbers.enumerated().map { index, number -> Float in
      let record = index / width
      guard column.isKnown(record) else { return 0 }
      return map?.normal(number, position: position(record))
        ?? scale?.standardised(number, component: index % width) ?? Float(number)
    }
    return EncodedColumn(values: .reals(numbers), width: width)
  }

  /// The numbers; for a table, the nearest ones that a record could have.
  package func decode(
    _ seen: UnsafeBufferPointer<Float>, _ field: Field, _ preprocessing: Preprocessing
  ) -> RecordColumn.Values {
    let (map, scale) = (preprocessing.quantiles[field.name], preprocessing.scales[field.name])
    let width = field.width
    let numbers = seen.enumerated().map { index, value in
      map?.number(value) ?? scale?.original(value, component: index % width) ?? Double(value)
    }
    guard let form = preprocessing.forms[field.name], let scale else { return .numbers(numbers) }
    let (least, greatest, grid) = (scale.minimum[0], scale.maximum[0], form.grid)
    return .numbers(numbers.map { grid.rounded(min(max($0, least), greatest)) })
  }
}

/// Reads one column's cells.
package protocol CellParser {
  /// Adds a record's cell.
  ///
  /// - Throws: `DataFileFailure` that names line and column.
  mutating func add(
    _ cell: UnsafeBufferPointer<UInt8>, at place: CellPlace, path: String) throws
  /// The column that was read.
  var column: RecordColumn { get }
}

/// A column as networks see it.
package struct EncodedColumn: Sendable {
  /// The numbers, and where they lie.
  package enum Values: Sendable {
    /// `byte · (1/255)`.
    case bytes(ByteStorage)
    /// As they are.
    case reals([Float])
    /// Indices of a table's rows.
    case levels([Int32])
    /// Sequences of indices, one for each record.
    case tokens(TokenRows)
  }

  /// The values of all records.
  package let values: Values
  /// Numbers for each record.
  package let width: Int
}

/// A field's column, and the records that a model learns from.
package struct TrainingColumn {
  package let field: Field
  package let column: RecordColumn
  package let records: [Int32]
  /// Whether it comes from a table, about whose numbers nothing is known beforehand.
  package let isTable: Bool
  package let source: String

  /// The known numbers of a component, in the order of the records.
  func numbers(_ component: Int = 0) -> [Double] {
    records.compactMap { column.number(Int($0), component: component) }
  }

  /// No training record has a value.
  func missing(_ name: String) -> DataFileFailure {
    DataFileFailure(
      path: source, expected: "a value of field '\(name)' in some training record",
      actual: "missing ones only", advice: "leave the field out or complete the data")
  }
}

/// What was measured of a field.
package struct FittedField {
  var scale: FieldScale?
  var levelCounts: [Int]?
  var quantiles: QuantileMap?
}

extension Field {
  /// The codec that turns its values into a network's numbers and back.
  package var codec: any FieldCodec {
    guard let codec = kind.content as? any FieldCodec else {
      preconditionFailure("There is no codec for \(kind.summary).")
    }
    return codec
  }
}
