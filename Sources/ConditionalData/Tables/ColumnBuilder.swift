import RecordTypes
import TensorFiles

/// Collects the cells of one column of a table, and decides what field they become.
///
/// Each interpretation is kept only as long as all cells allow it: numbers while all are numbers, times while
/// all are times, levels while there are few enough. So a table needs no more memory than its columns do in
/// the end. An interpretation counts only if writing its values gives the cells back; otherwise a note says which
/// cells differ.
package struct ColumnBuilder {
  let path: String
  let name: String

  /// The texts that stand for a missing value, unless they are stated to be levels or stand in quotes in a column of
  /// texts.
  static let missing = ["", "NA", "NaN", "nan", "null", "?", "n/a", "N/A"].map { Array($0.utf8) }
  /// The most levels of a category.
  static let mostLevels = 10_000

  /// Further texts that stand for a missing value, and how often each came.
  let words: [[UInt8]]
  private var wordCounts: [Int]
  /// How many known cells stand in quotes.
  private var quotedCount = 0
  /// Levels that are stated beforehand.
  let stated: Set<[UInt8]>
  /// Whether only a model states them.
  private let areOfModel: Bool
  private(set) var bareLevels = BareWords()
  private(set) var count = 0
  /// The cells that are no word for a missing value.
  private(set) var known = 0
  /// How often each of the texts in ``missing`` came without quotes, and how often in quotes.
  private var bareWords = [Int](repeating: 0, count: missing.count)
  private var quotedWords = [Int](repeating: 0, count: missing.count)
  /// The cells that can be read as numbers; nil once another text came.
  private(set) var readable: NumberColumn? = NumberColumn()
  /// The first cell that is no number as those before it, and the first that is no such time.
  private(set) var firstText: OddCell?
  private(set) var firstUntimely: OddCell?
  /// The cells as times, in each spelling that all of them allow; nil before the first.
  private(set) var times: [TimeColumn]?
  /// How nearly all cells can be read, once there are too many levels to look at them again.
  private var survey: CellSurvey?
  /// Level by level of ``levels``, -1 where missing; nil once there are too many.
  private(set) var codes: CellSpool<Int32>? = CellSpool()
  private(set) var levels = LevelTable()
  /// Where each of ``levels`` first stands.
  private(set) var places: [CellPlace] = []
  /// The rows of empty texts in quotes.
  private(set) var emptyTexts = CellSpool<Int>()
  /// All cells, once there are too many levels and the column may become a text.
  private(set) var collected: TextCells?
  /// Texts beyond the largest category, until one occurs a second time.
  private var distinct: DistinctTexts?
  /// The folder for cells that are not kept in memory; nil while all are.
  private(set) var folder: String?
  /// Whether cells that hold prose were not kept.
  private(set) var hasLostTexts = false

  /// A cell that is unlike others.
  struct OddCell {
    let text: String
    let line: Int
    /// Whether other cells came before it.
    let isLater: Bool
  }

  /// A column without cells.
  ///
  /// - Parameters:
  ///   - levels: Levels that the column is known to have, whatever else their texts stand for.
  ///   - areOfModel: Whether only a model knows them.
  ///   - missing: Further texts that stand for a missing value.
  init(
    path: String, name: String, levels: [String] = [], areOfModel: Bool = false,
    missing: [String] = []
  ) {
    self.path = path
    self.name = name
    words = missing.map { Array($0.utf8) }
    wordCounts = [Int](repeating: 0, count: missing.count)
    stated = Set(levels.map { Array($0.utf8) })
    self.areOfModel = areOfModel
  }

  /// Adds a record's cell.
  ///
  /// - Throws: `DataFileFailure` for a text that is no UTF-8.
  mutating func add(_ cell: UnsafeBufferPointer<UInt8>, at place: CellPlace) throws {
    count += 1
    try collected?.add(cell, at: place, path: path)
    if let word = words.firstIndex(where: { $0.elementsEqual(cell) }) {
      wordCounts[word] += 1
      readable?.addMissing()
      for index in times?.indices ?? 0..<0 { times?[index].addMissing() }
      codes?.append(-1)
      return
    }
    let word = Self.missingWord(cell)
    if let word, cell.isEmpty || !stated.contains(Array(cell)) {
      readable?.addMissing()
      for index in times?.indices ?? 0..<0 { times?[index].addMissing() }
      if place.isQuoted, !cell.isEmpty {
        quotedWords[word] += 1
        try addLevel(cell, place)
      } else {
        bareWords[word] += 1
        if place.isQuoted { emptyTexts.append(count - 1) }
        codes?.append(-1)
      }
      return
    }
    known += 1
    if place.isQuoted { quotedCount += 1 }
    if let word, areOfModel { bareLevels.add(word, row: count - 1, isQuoted: place.isQuoted) }
    try addNumber(cell, place)
    try addTime(cell, place)
    if codes == nil, areTexts { survey?.add(cell, line: place.line) }
    try addLevel(cell, place)
  }

  /// The cells as numbers; nil if one is none, or is spelled otherwise than all others.
  var numbers: NumberColumn? { readable?.errors == nil ? readable : nil }

  /// Whether the cells are neither numbers nor times of one spelling.
  private var areTexts: Bool {
    (readable == nil || readable?.errors != nil) && times?.isEmpty != false
  }

  /// Whether most known cells stand in quotes.
  var areMostlyQuoted: Bool { 2 * quotedCount > known }

  /// How nearly all cells can be read; nil where that is in no way, or where all can be read.
  func nearlyAll() throws -> CellSurvey? {
    guard areTexts else { return nil }
    if let errors = readable?.errors { return errors }
    return codes == nil ? survey : try surveyed()
  }

  /// The same while each cell's text is at hand.
  private func surveyed() throws -> CellSurvey? {
    if let readable { return readable.errors ?? CellSurvey(.numbers(readable.marks)) }
    if let style = times?.first?.style { return CellSurvey(.times(style)) }
    var counts = [Int](repeating: 0, count: levels.count)
    try codes?.readAll { if $0 >= 0 { counts[Int($0)] += 1 } }
    let texts = counts.indices.compactMap { index -> (String, CellPlace, Int)? in
      guard let text = levels.text(index), !isMissing(text) else { return nil }
      return (text, places[index], counts[index])
    }
    return CellSurvey(texts)
  }

  /// Whether a level's text stands for a missing value among numbers.
  private func isMissing(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return Self.missing.contains(bytes) && !stated.contains(bytes)
  }

  /// The place of a cell's text in ``missing``.
  static func missingWord(_ cell: UnsafeBufferPointer<UInt8>) -> Int? {
    cell.count <= 4 ? missing.firstIndex { $0.elementsEqual(cell) } : nil
  }

  private mutating func addNumber(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace
  ) throws {
    guard readable != nil, readable?.add(cell, line: place.line) == false else { return }
    readable = try remarked(cell, place)
    if readable == nil { firstText = try oddCell(cell, place) }
  }

  /// All cells and this one as numbers with other marks, such as those of 1,234.50; nil if there are none that all
  /// cells allow.
  private func remarked(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace
  ) throws -> NumberColumn? {
    guard let codes else { return nil }
    for marks in NumberSpelling.candidates(cell) {
      var column = NumberColumn(marks: marks)
      let isOne = try codes.allSatisfy { code in
        if let folder, column.values.byteCount >= 1 << 16 { try column.spill(into: folder) }
        if code < 0 {
          column.addMissing()
          return true
        }
        return levels.withText(Int(code)) { column.add($0, line: places[Int(code)].line) }
      }
      if isOne, column.add(cell, line: place.line) { return column }
    }
    return nil
  }

  private mutating func addTime(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace
  ) throws {
    if times == nil {
      times = TimeColumn.beginning(cell, after: count - 1)
    } else {
      guard times?.isEmpty == false else { return }
      for index in (times?.indices ?? 0..<0).reversed() where times?[index].add(cell) == false {
        times?.remove(at: index)
      }
    }
    if times?.isEmpty == true { firstUntimely = try oddCell(cell, place) }
  }

  private func oddCell(_ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace) throws -> OddCell {
    OddCell(
      text: try TableHeader.text(cell, path, place), line: place.line, isLater: known > 1)
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
      if levels.count > before { places.append(place) }
      codes?.append(code)
      guard levels.count > Self.mostLevels else { return }
      if textCount == levels.count { distinct = DistinctTexts(levels.allHashes) }
      survey = try surveyed()
      if folder == nil { collected = try textCells() } else { hasLostTexts = levels.areProse }
      codes = nil
      levels = LevelTable()
      places = []
    } else if distinct?.add(LevelTable.hash(cell)) == false {
      distinct = nil
    }
  }

  /// The bytes that the cells take in memory.
  var byteCount: Int {
    let numbers =
      (readable?.values.byteCount ?? 0)
      + (times ?? []).reduce(0) { $0 + $1.values.byteCount }
    let texts = (collected?.texts.byteCount ?? 0) + (distinct?.byteCount ?? 0)
    return numbers + texts + (codes?.byteCount ?? 0) + emptyTexts.byteCount
  }

  /// Moves what is kept of each cell into files in a folder. Cells that hold prose are lost.
  ///
  /// - Throws: `FileFailure`.
  mutating func spill(into folder: String) throws {
    self.folder = folder
    try readable?.spill(into: folder)
    for index in times?.indices ?? 0..<0 { try times?[index].spill(into: folder) }
    try codes?.spill(into: folder)
    try emptyTexts.spill(into: folder)
    try distinct?.spill(into: folder)
    if collected != nil { (collected, hasLostTexts) = (nil, true) }
  }

  /// Whether there are more levels than a category has, and no text occurs twice.
  func allTextsDiffer() throws -> Bool {
    guard codes == nil, let distinct else { return false }
    return try distinct.allDiffer()
  }

  /// The cells that hold a text, words for a missing value in quotes among them.
  var textCount: Int { known + quotedWords.reduce(0, +) }

  /// Words for a missing value are levels if they stand in quotes, unless all other cells are numbers or times.
  var areQuotedWordsLevels: Bool { areTexts }

  /// Where each level first stands.
  var levelPlaces: LevelPlaces {
    let named = places.enumerated().compactMap { index, place in
      levels.text(index).map { (ByteText($0), place) }
    }
    return LevelPlaces(
      path: path, places: Dictionary(named, uniquingKeysWith: { first, _ in first }))
  }

  /// How often each text stood for a missing value.
  package var missingTexts: [String: Int] {
    var counts: [String: Int] = [:]
    for (word, text) in Self.missing.enumerated() {
      let count =
        bareWords[word] + (areQuotedWordsLevels ? 0 : quotedWords[word])
        + bareLevels.missing.count { $0.word == word }
      if count > 0 { counts[String(decoding: text, as: UTF8.self)] = count }
    }
    for (text, count) in zip(words, wordCounts) where count > 0 {
      counts[String(decoding: text, as: UTF8.self), default: 0] += count
    }
    return counts
  }
}
