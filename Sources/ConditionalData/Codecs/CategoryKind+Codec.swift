package import RecordTypes
import TensorFiles

extension CategoryKind: FieldCodec {
  package static var readsCells: Bool { true }

  package static func content(of cells: ColumnBuilder) throws -> ColumnBuilder.Content {
    guard let category = cells.category() else {
      throw DataFileFailure(
        path: cells.path,
        expected: "at most \(ColumnBuilder.mostLevels) levels in column '\(cells.name)'",
        actual: "more", advice: "leave it out by 'ignore: [\(cells.name)]' in schema.yaml")
    }
    return category
  }

  package func makeParser(_ field: Field, form: NumberForm?) -> any CellParser {
    LevelCells(field: field)
  }

  package func fit(_ training: TrainingColumn) throws -> FittedField {
    var counts = [Int](repeating: 0, count: levels.count)
    for record in training.records {
      if let level = training.column.level(Int(record)) { counts[Int(level)] += 1 }
    }
    guard counts.contains(where: { $0 > 0 }) else { throw training.missing(training.field.name) }
    return FittedField(levelCounts: counts)
  }

  package func validate(_ preprocessing: Preprocessing, of field: Field) throws {
    try preprocessing.validateCounts(of: field)
  }

  package func encode(
    _ column: RecordColumn, _ field: Field, _ preprocessing: Preprocessing,
    position: (Int) -> Double
  ) -> EncodedColumn {
    EncodedColumn(values: .levels(column.levels), width: 1)
  }

  /// Levels are drawn as indices, so there is nothing to decode.
  package func decode(
    _ seen: UnsafeBufferPointer<Float>, _ field: Field, _ preprocessing: Preprocessing
  ) -> RecordColumn.Values { .levels(seen.map { Int32($0) }) }
}

/// Reads cells that hold levels.
private struct LevelCells: CellParser {
  let field: Field
  private var places: [[UInt8]: Int32] = [:]
  private let words: [[UInt8]]
  private var levels: [Int32?] = []
  private var bareLevels = BareWords()

  init(field: Field) {
    self.field = field
    words = field.style.missing.map { Array($0.utf8) }
    for (index, level) in field.levels.enumerated() { places[Array(level.utf8)] = Int32(index) }
  }

  var column: RecordColumn {
    var levels = levels
    for cell in bareLevels.missing { levels[cell.row] = nil }
    return .levels(levels)
  }

  mutating func add(
    _ cell: UnsafeBufferPointer<UInt8>, at place: CellPlace, path: String
  ) throws {
    let known = cell.isEmpty ? nil : places[Array(cell)]
    let word = ColumnBuilder.missingWord(cell)
    if known == nil, word != nil || words.contains(where: { $0.elementsEqual(cell) }) {
      levels.append(nil)
      return
    }
    if let word { bareLevels.add(word, row: levels.count, isQuoted: place.isQuoted) }
    guard let known else { throw try unknown(cell, place, path) }
    levels.append(known)
  }

  private func unknown(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace, _ path: String
  ) throws -> DataFileFailure {
    .unknownLevel(try TableHeader.text(cell, path, place), of: field, path, place)
  }
}

extension DataFileFailure {
  /// A cell that is no level's name.
  static func unknownLevel(
    _ text: String, of field: Field, _ path: String, _ place: CellPlace
  ) -> DataFileFailure {
    let unknown = UnknownName(kind: "level of '\(field.name)'", name: text, known: field.levels)
    return DataFileFailure(
      path: "\(path), line \(place.line), column \(place.column)",
      expected: "a level of '\(field.name)' that the model knows, such as "
        + NameList.text(unknown.nearest.isEmpty ? field.levels : unknown.nearest, atMost: 12),
      actual: "'\(text)'", advice: "correct it, or leave the cell empty")
  }
}
