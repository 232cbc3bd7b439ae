import RecordTypes
import TensorFiles

/// Reads what a cell of a request may hold beside a value: `any` for a value that is drawn, and `missing`, or what stands
/// for a missing value in data, for none.
struct RequestWords {
  private let field: Field
  private let mayBeMissing: Bool
  private let levels: Set<[UInt8]>
  private let words: [[UInt8]]
  /// Whether each record is requested to lack the value.
  private(set) var absent: [Bool] = []
  /// Whether each record's cell is `any` or `missing`.
  private(set) var areWords: [Bool] = []

  /// - Parameter mayBeMissing: Whether the model knows records without a value.
  init(_ field: Field, mayBeMissing: Bool) {
    self.field = field
    self.mayBeMissing = mayBeMissing
    levels = Set(field.levels.map { Array($0.utf8) })
    words = field.style.missing.map { Array($0.utf8) }
  }

  /// Adds a record's cell; false for a word, which stands for an empty cell.
  ///
  /// - Throws: `DataFileFailure` for a missing value that the model doesn't know.
  mutating func add(
    _ cell: UnsafeBufferPointer<UInt8>, at place: CellPlace, path: String
  ) throws -> Bool {
    let isLevel = !levels.isEmpty && levels.contains(Array(cell))
    let isWord = !isLevel && cell.elementsEqual("missing".utf8)
    let isAny = !isLevel && (place.isLacking || cell.elementsEqual("any".utf8))
    // In quotes, an empty cell or a word such as NA is a text.
    let isText = field.isText && place.isQuoted && !isWord
    let isMissing =
      !isLevel && !isAny && !isText
      && (isWord || ColumnBuilder.missingWord(cell) != nil
        || words.contains { $0.elementsEqual(cell) })
    guard mayBeMissing || !isMissing else {
      throw DataFileFailure(
        path: "\(path), line \(place.line), column \(place.column)",
        expected: "a value of '\(field.name)', which no training record lacks, or 'any'",
        actual: cell.isEmpty ? "none" : "'\(try TableHeader.text(cell, path, place))'",
        advice: "write 'any' for a value that is drawn")
    }
    absent.append(isMissing)
    areWords.append(isWord || isAny)
    return !isWord && !isAny
  }

  /// The refusal of a cell that is no value, with what a request's cell may be.
  func refusal(_ failure: DataFileFailure, _ cell: UnsafeBufferPointer<UInt8>) -> DataFileFailure {
    let text = String(decoding: cell, as: UTF8.self)
    let isSeveral =
      text == "*"
      || ["|", ".."].contains { mark in
        text.contains(mark) && !field.levels.contains { $0.contains(mark) }
      }
    let advice =
      isSeveral
      ? "ranges and sets are for --given, not for cells; write one value, or 'any'"
      : mayBeMissing
        ? "correct it, write 'any', or leave the cell empty for a row without a value"
        : "correct it, or write 'any'"
    return DataFileFailure(
      path: failure.path, expected: failure.expected, actual: failure.actual, advice: advice)
  }
}
