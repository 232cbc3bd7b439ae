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

  /// - Parameter mayBeMissing: Whether the model knows records without a value.
  init(_ field: Field, mayBeMissing: Bool) {
    self.field = field
    self.mayBeMissing = mayBeMissing
    levels = Set(field.levels.map { Array($0.utf8) })
    words = field.style.missing.map { Array($0.utf8) }
  }

  /// What is read in the place of a cell; nil for the cell itself.
  ///
  /// - Throws: `DataFileFailure` for a missing value that the model doesn't know.
  mutating func replacement(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace, _ path: String
  ) throws -> [UInt8]? {
    let isLevel = !levels.isEmpty && levels.contains(Array(cell))
    let isWord = !isLevel && cell.elementsEqual("missing".utf8)
    let isAny = !isLevel && (place.isLacking || cell.elementsEqual("any".utf8))
    let isMissing =
      !isLevel && !isAny
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
    if isAny { return [] }
    return isWord ? (words.count == 1 ? words[0] : []) : nil
  }
}
