package import RecordTypes
import TensorFiles

/// Collects the cells of one column of a table, and decides what field they become.
///
/// Each interpretation is kept only as long as all cells allow it: numbers while all are numbers, times while
/// all are times, levels while there are few enough. So a table needs no more memory than its columns do in
/// the end.
package struct ColumnBuilder {
  let path: String
  let name: String

  /// The texts that stand for a missing value.
  static let missing = ["", "NA", "NaN", "nan", "null", "?", "n/a", "N/A"].map { Array($0.utf8) }
  /// The most levels of a category.
  static let mostLevels = 10_000

  private var count = 0
  private var known = 0
  /// The cells as numbers, NaN where missing; nil once a text came.
  private var numbers: [Double]? = []
  private var decimals = 0
  /// Whether each number is one more than the one before.
  private var isSequence = true
  private var lastNumber: Double?
  private var numberCount = 0
  private var firstText: (text: String, line: Int)?
  /// The cells as times, nil where missing; nil altogether once something else came.
  private var times: [TimeText?]? = []
  /// Level by level of ``levels``, -1 where missing; nil once there are too many.
  private var codes: [Int32]? = []
  private var levels = LevelTable()
  /// Hashes of texts beyond the largest category, until one occurs a second time.
  private var distinct: Set<UInt64>?

  init(path: String, name: String) {
    self.path = path
    self.name = name
  }

  /// Adds a record's cell.
  ///
  /// - Throws: `DataFileFailure` for a text that is no UTF-8.
  mutating func add(_ cell: UnsafeBufferPointer<UInt8>, at place: CellPlace) throws {
    count += 1
    if Self.isMissing(cell) {
      numbers?.append(.nan)
      times?.append(nil)
      codes?.append(-1)
      return
    }
    known += 1
    try addNumber(cell, place)
    if let time = times == nil ? nil : TimeText(cell) { times?.append(time) } else { times = nil }
    try addLevel(cell, place)
  }

  static func isMissing(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    cell.count <= 4 && missing.contains { $0.elementsEqual(cell) }
  }

  private mutating func addNumber(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace
  ) throws {
    guard let number = NumberText(cell) else {
      if firstText == nil { firstText = (try TableHeader.text(cell, path, place), place.line) }
      numbers = nil
      return
    }
    numberCount += 1
    decimals = max(decimals, number.decimals)
    if let lastNumber, number.value != lastNumber + 1 { isSequence = false }
    lastNumber = number.value
    numbers?.append(number.value)
  }

  private mutating func addLevel(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace
  ) throws {
    if codes != nil {
      let before = levels.count
      let code = levels.index(of: cell)
      if levels.count > before, levels.text(Int(code)) == nil {
        throw TableHeader.notUTF8(path, place)
      }
      codes?.append(code)
      guard levels.count > Self.mostLevels else { return }
      if known == levels.count { distinct = levels.allHashes }
      codes = nil
      levels = LevelTable()
    } else if distinct != nil, distinct?.insert(LevelTable.hash(cell)).inserted == false {
      distinct = nil
    }
  }

  /// What the column becomes.
  package enum Content {
    case field(FieldKind, RecordColumn, NumberForm?)
    /// It becomes no field; the reason completes a sentence that ends in "as …".
    case nothing(String)
  }

  /// Whole numbers with at most so many different values are levels, in the order of the numbers.
  static let mostOrdinals = 20

  /// Numbers make a field of numbers, or a category where they are whole and few; dates and times
  /// make numbers; texts make a category, unless most of them differ.
  ///
  /// - Parameter kind: The kind that the user has declared; nil to decide by the cells.
  /// - Throws: `DataFileFailure` for a text where a number is needed, and for more levels than a category
  ///   can have.
  func content(as kind: (any FieldCodec.Type)?) throws -> Content {
    guard known > 0 else { return .nothing("it has no value") }
    if let kind { return try kind.content(of: self) }
    if let numbers { return numeric(numbers) }
    if let times { return self.times(times) }
    return texts()
  }

  /// The cells as numbers or times.
  ///
  /// - Throws: `DataFileFailure` that names the line of a text.
  func asNumbers() throws -> Content {
    if let numbers { return reals(numbers) }
    if let times { return self.times(times) }
    throw DataFileFailure(
      path: firstText.map { "\(path), line \($0.line)" } ?? path,
      expected: "a number in column '\(name)'",
      actual: firstText.map { "'\($0.text)'" } ?? "none",
      advice: "correct it, or leave it empty where it is unknown")
  }

  private func numeric(_ numbers: [Double]) -> Content {
    if known == count, count > 2, isSequence {
      return .nothing("it numbers the records: each value is one more than the last")
    }
    // Levels are texts: 3 and 3.0 are two levels, but one number.
    if codes != nil, levels.count <= 4 * Self.mostOrdinals {
      let values = Set(numbers.filter { !$0.isNaN })
      let areWhole = values.allSatisfy { $0 == $0.rounded() && abs($0) < 0x1p24 }
      if areWhole, values.count <= Self.mostOrdinals, let own = category() { return own }
    }
    // A number that never varies becomes a category with one level.
    if codes != nil, levels.count == 1, let own = category() { return own }
    return reals(numbers)
  }

  private func texts() -> Content {
    guard let category = category() else {
      return .nothing(
        distinct == nil
          ? "it has more than \(Self.mostLevels) different texts" : "all of its texts differ")
    }
    let differ = levels.count
    let mostDiffer = differ > max(Self.mostOrdinals, known / 2)
    guard mostDiffer || differ == known && known > 1 else { return category }
    var reason = "\(differ) of its \(known) texts differ"
    if differ == known { reason = "all of its texts differ" }
    let texts = known - numberCount
    if texts * 10 <= known, let firstText {
      reason +=
        "; nearly all are numbers, but '\(firstText.text)' in line \(firstText.line) is not"
    }
    return .nothing(reason)
  }

  private func reals(_ numbers: [Double]) -> Content {
    let form: NumberForm? = decimals < NumberText.mostDecimals ? .decimals(decimals) : nil
    return .field(.number, .numbers(numbers), form)
  }

  private func times(_ times: [TimeText?]) -> Content {
    let known = times.compactMap(\.self)
    let areDays = known.allSatisfy { $0.second == nil }
    let values = times.map { $0.map { areDays ? $0.day : $0.seconds } }
    let first = values.compactMap(\.self).min() ?? 0
    let form: NumberForm =
      areDays
      ? .days(since: NumberForm.days(since: "1970-01-01").text(Double(first)))
      : .seconds(since: NumberForm.seconds(since: "1970-01-01").text(Double(first)))
    return .field(.number, .numbers(values.map { $0.map { Double($0 - first) } }), form)
  }

  /// The levels in order, numbers by their values; nil where there are too many.
  func category() -> Content? {
    guard let codes else { return nil }
    let texts = (0..<levels.count).map { levels.text($0) ?? "" }
    let values = texts.map { Double($0) }
    let areNumbers = numbers != nil && values.allSatisfy { $0 != nil }
    let names = areNumbers ? values.map { Self.plainText($0 ?? 0) } : texts
    let sorted =
      areNumbers
      ? Set(values.compactMap(\.self)).sorted().map(Self.plainText) : names.sorted()
    let order = Dictionary(uniqueKeysWithValues: zip(sorted, Int32(0)...))
    let moved = names.map { order[$0] ?? -1 }
    return .field(
      .category(levels: sorted), .levels(codes.map { $0 < 0 ? nil : moved[Int($0)] }), nil)
  }

  /// 3 for 3.0, so that `3` and `3.0` are one level.
  static func plainText(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 0x1p53 ? "\(Int(number))" : "\(number)"
  }
}
