import RecordTypes

/// How nearly all cells of a column can be read, as numbers or times of one spelling, and which ones can't.
struct CellSurvey {
  /// What nearly all cells are.
  enum Reading {
    case numbers(NumberSpelling?)
    case times(TimeStyle)

    /// In words: `"numbers"`.
    var name: String { if case .numbers = self { "numbers" } else { "times" } }

    func reads(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
      switch self {
      case .numbers(let marks):
        marks.map { $0.number(cell) != nil } ?? (NumberText(cell) != nil)
      case .times(let style): TimeText(cell, in: style) != nil
      }
    }
  }

  let reading: Reading
  /// The first different cells that can't be read so, and where each first stands.
  private(set) var odd: [(text: String, line: Int)] = []
  /// How many cells can't be read so.
  private(set) var oddCount = 0

  /// How many odd cells are named.
  private static let mostNamed = 3

  /// A column all of whose cells so far are read.
  init(_ reading: Reading) { self.reading = reading }

  /// Nil unless at most a tenth of the texts, or of the cells, can't be read in the spelling of most.
  ///
  /// - Parameter texts: The different texts, in the order in which they first stand.
  init?(_ texts: [(text: String, place: CellPlace, count: Int)]) {
    let numbers = NumberNames(texts.map(\.text))
    let style = Self.style(texts.map(\.text))
    let areTimes = style.map { $0.count > numbers.values.count { $0 != nil } } == true
    reading =
      style.flatMap { areTimes ? .times($0.style) : nil } ?? .numbers(numbers.marks)
    var oddTexts = 0
    for (text, place, count) in texts
    where !Array(text.utf8).withUnsafeBufferPointer(reading.reads) {
      oddTexts += 1
      add(text, line: place.line, count: count)
    }
    let cells = texts.reduce(0) { $0 + $1.count }
    let isNearlyAll = oddTexts * 10 <= texts.count || oddCount * 10 <= cells
    guard isNearlyAll, oddTexts < texts.count else { return nil }
  }

  /// The spelling of times that most texts have.
  private static func style(_ texts: [String]) -> (style: TimeStyle, count: Int)? {
    var counts: [TimeStyle: Int] = [:]
    for text in texts {
      for time in Array(text.utf8).withUnsafeBufferPointer(TimeText.readings) {
        counts[time.style, default: 0] += 1
      }
    }
    return counts.max { $0.value < $1.value }.map { ($0.key, $0.value) }
  }

  /// Adds a further cell.
  mutating func add(_ cell: UnsafeBufferPointer<UInt8>, line: Int) {
    if !reading.reads(cell) { addOdd(cell, line: line) }
  }

  /// Adds a cell that isn't meant as it can be read.
  mutating func addOdd(_ cell: UnsafeBufferPointer<UInt8>, line: Int) {
    if odd.count < Self.mostNamed {
      add(String(decoding: cell, as: UTF8.self), line: line, count: 1)
    } else {
      oddCount += 1
    }
  }

  private mutating func add(_ text: String, line: Int, count: Int) {
    oddCount += count
    guard odd.count < Self.mostNamed, !odd.contains(where: { ByteText($0.text) == ByteText(text) })
    else { return }
    odd.append((text, line))
  }

  /// What is odd, and what to do about it; completes a sentence. Nil where nothing is odd.
  func note(of column: String) -> String? {
    guard !odd.isEmpty else { return nil }
    var cells = odd.map { "'\($0.text)' in line \($0.line)" }
    if oddCount > odd.count {
      cells.append("\(NameList.count(oddCount - odd.count, "other cell"))")
    }
    let words = odd.map { Self.quoted($0.text) }.joined(separator: ", ")
    return
      "nearly all are \(reading.name)\(example), but \(NameList.text(cells)) \(oddCount == 1 ? "is" : "are") not; "
      + "correct \(oddCount == 1 ? "it" : "them"), or, where nothing is known, say "
      + "'fields: {\(Self.quoted(column)): {missing: [\(words)]}}' in schema.yaml"
  }

  /// ` such as '1,234'` where thousands are grouped and an odd cell is a number, too.
  private var example: String {
    guard case .numbers(let marks?) = reading, !marks.group.isEmpty,
      odd.contains(where: { NumberNames.value($0.text) != nil })
    else { return "" }
    return " such as '\(marks.text(1234))'"
  }

  /// A text as YAML reads it back: plain if it is a word, else in quotes.
  private static func quoted(_ text: String) -> String {
    let isWord =
      text.utf8.allSatisfy { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 == 0x5F }
      && !text.isEmpty
    let escaped = text.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }
    return isWord ? text : "\"" + escaped.joined() + "\""
  }
}
