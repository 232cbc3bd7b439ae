package import RecordTypes
import TensorFiles

extension NumberKind: FieldCodec {
  package static var readsCells: Bool { true }

  package static func content(of cells: ColumnBuilder) throws -> ColumnBuilder.Content {
    try cells.asNumbers()
  }

  package func makeParser(_ field: Field, form: NumberForm?) -> any CellParser {
    NumberCells(field: field, form: form)
  }

  package func fit(_ training: TrainingColumn) throws -> FittedField {
    let numbers = training.numbers()
    return FittedField(
      scale: try FieldScale(training, [numbers]),
      quantiles: training.isTable ? QuantileMap(numbers) : nil)
  }

  package func validate(_ preprocessing: Preprocessing, of field: Field) throws {
    try preprocessing.validateScale(of: field)
  }

  package func encode(
    _ column: RecordColumn, _ field: Field, _ preprocessing: Preprocessing,
    position: (Int) -> Double
  ) -> EncodedColumn {
    EncodedColumn(
      values: .reals(
        column.numbers.enumerated().map { record, number in
          column.isKnown(record)
            ? preprocessing.standardised(number, field: field.name, position: position(record)) : 0
        }), width: 1)
  }

  /// The numbers; for a table, the nearest numbers that a record could have.
  package func decode(
    _ seen: UnsafeBufferPointer<Float>, _ field: Field, _ preprocessing: Preprocessing
  ) -> RecordColumn.Values {
    let map = preprocessing.quantiles[field.name]
    let scale = preprocessing.scales[field.name]
    let numbers = seen.map { value in
      map?.number(value) ?? scale?.original(value, component: 0) ?? Double(value)
    }
    guard let form = preprocessing.forms[field.name], let scale else { return .numbers(numbers) }
    let (least, greatest) = (scale.minimum[0], scale.maximum[0])
    return .numbers(numbers.map { form.rounded(min(max($0, least), greatest)) })
  }
}

/// Reads cells that hold numbers, dates or times.
struct NumberCells: CellParser {
  let field: Field
  let form: NumberForm?
  private var numbers: [Double?] = []

  init(field: Field, form: NumberForm?) {
    self.field = field
    self.form = form
  }

  var column: RecordColumn { .numbers(numbers) }

  mutating func add(
    _ cell: UnsafeBufferPointer<UInt8>, at place: CellPlace, path: String
  ) throws {
    numbers.append(ColumnBuilder.isMissing(cell) ? nil : try number(cell, place, path))
  }

  private func number(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace, _ path: String
  ) throws -> Double {
    if case .decimals = form ?? .decimals(0), let number = NumberText(cell) { return number.value }
    let text = try TableHeader.text(cell, path, place)
    if let form, let time = form.number(ofTime: text) { return time }
    var expected = "a number"
    if let form { if case .decimals = form {} else { expected = "a date such as \(form.text(0))" } }
    throw DataFileFailure(
      path: "\(path), line \(place.line), column \(place.column)",
      expected: "\(expected) in column '\(field.name)'", actual: "'\(text)'",
      advice: "correct it, or leave the cell empty")
  }
}
