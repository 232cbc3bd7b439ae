package import RecordTypes
import TensorFiles

extension NumberKind: FieldCodec {
  package static var readsCells: Bool { true }

  package static func content(of cells: ColumnBuilder) throws -> ColumnBuilder.Content {
    try cells.asNumbers()
  }

  package func fit(_ training: TrainingColumn) throws -> FittedField {
    let numbers = training.numbers()
    return FittedField(
      scale: try FieldScale(training, [numbers]),
      quantiles: training.isTable ? QuantileMap(numbers) : nil)
  }
}

/// Reads cells that hold numbers, dates or times.
struct NumberCells: CellParser {
  let field: Field
  let form: NumberForm?
  private let words: [[UInt8]]
  private(set) var numbers: [Double?] = []

  init(field: Field, form: NumberForm?) {
    self.field = field
    self.form = form
    words = field.style.missing.map { Array($0.utf8) }
  }

  var column: RecordColumn { .numbers(numbers) }

  mutating func add(
    _ cell: UnsafeBufferPointer<UInt8>, at place: CellPlace, path: String
  ) throws {
    let isMissing =
      ColumnBuilder.missingWord(cell) != nil || words.contains { $0.elementsEqual(cell) }
    numbers.append(isMissing ? nil : try number(cell, place, path))
  }

  private func number(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace, _ path: String
  ) throws -> Double {
    let form = form ?? .decimals(0)
    if form.decimals != nil, let number = NumberText(cell) { return number.value }
    let text = try TableHeader.text(cell, path, place)
    if let number = form.number(spelled: text) { return number }
    let expected = form.decimals == nil ? "a date such as \(form.text(0))" : "a number"
    throw DataFileFailure(
      path: "\(path), line \(place.line), column \(place.column)",
      expected: "\(expected) in column '\(field.name)'", actual: "'\(text)'",
      advice: "correct it, or leave the cell empty")
  }
}
