package import RecordTypes
import TensorFiles

extension ColumnBuilder {
  /// What the column becomes.
  package enum Content {
    case field(FieldKind, CellValues, NumberForm?)
    /// It becomes no field; the reason completes a sentence that ends in "as …", and `cells` names the cells that
    /// were decisive, if any were, or says what to do.
    case nothing(String, cells: String = "")
  }

  /// Numbers with at most so many different values are levels, in the order of the numbers, if they are whole.
  static let mostOrdinals = 20

  /// Numbers make a field of numbers, or a category where they are whole and few; dates and times
  /// make numbers; texts make a category, unless most of them differ; those that do and hold words make texts.
  ///
  /// - Parameter kind: The kind that the user has declared; nil to decide by the cells.
  /// - Throws: `DataFileFailure` for a text where a number is needed, and for more levels than a category
  ///   can have.
  func content(as kind: (any FieldCodec.Type)?) throws -> Content {
    guard known > 0 else { return .nothing("it has no value") }
    if let kind { return try kind.content(of: self) }
    if let numbers, try !areCodes(numbers) {
      if let dates = try compactDates() { return dates }
      return try numeric(numbers)
    }
    if numbers == nil, let times = times?.first { return try content(times) }
    return try texts()
  }

  /// Whether they are numbers by their digits alone: some have zeros before them, or more digits than numbers keep;
  /// or few differ and some are spelled otherwise than a number is.
  private func areCodes(_ numbers: NumberColumn) throws -> Bool {
    if numbers.oddities[.leadingZeros] != nil || numbers.oddities[.manyDigits] != nil {
      return true
    }
    guard hasFewTexts else { return false }
    return try numbers.oddities[.spelling] != nil || !numbers.haveEvenZeros
      || haveTwoSpellings(numbers)
  }

  /// Whether few cells differ, so that a category is at hand.
  private var hasFewTexts: Bool { codes != nil && levels.count <= 4 * Self.mostOrdinals }

  /// Whether a number occurs in two spellings, such as 10 and 10.0.
  private func haveTwoSpellings(_ numbers: NumberColumn) throws -> Bool {
    guard numbers.oddities.isEmpty, textCount == known else { return false }
    return try different(numbers).count < levels.count
  }

  /// The numbers, each once.
  private func different(_ numbers: NumberColumn) throws -> Set<Double> {
    var values: Set<Double> = []
    try numbers.values.readAll { if !$0.isNaN { values.insert($0) } }
    return values
  }

  /// Numbers of eight digits that are all dates, such as 20260331, and more than a category has.
  private func compactDates() throws -> Content? {
    guard let first = times?.first, first.style.mark == nil,
      codes == nil || levels.count > Self.mostOrdinals
    else { return nil }
    return try content(first)
  }

  /// The cells as numbers or times.
  ///
  /// - Throws: `DataFileFailure` that names the first cell that is unlike those before it.
  func asNumbers() throws -> Content {
    if let dates = try compactDates() { return dates }
    if let numbers { return content(numbers) }
    if let times = times?.first {
      guard let reason = times.severalOffsets else { return try content(times) }
      throw DataFileFailure(
        path: path, expected: "times of one offset in column '\(name)'", actual: reason,
        advice: TimeColumn.oneOffset)
    }
    let wereTimes = firstUntimely?.isLater == true
    let error = readable?.errors?.odd.first.map {
      OddCell(text: $0.text, line: $0.line, isLater: true)
    }
    let odd = wereTimes ? firstUntimely : firstText ?? error
    throw DataFileFailure(
      path: odd.map { "\(path), line \($0.line)" } ?? path,
      expected: "\(wereTimes ? "a date or time" : "a number") in column '\(name)'",
      actual: odd.map { "'\($0.text)'" } ?? "none",
      advice:
        "correct it, leave it empty where it is unknown, or name it under 'missing' in schema.yaml")
  }

  private func numeric(_ numbers: NumberColumn) throws -> Content {
    if known == count, count > 2, numbers.isSequence {
      return .nothing("it numbers the records: each value is one more than the last")
    }
    if hasFewTexts {
      let values = try different(numbers)
      let areWhole = values.allSatisfy { $0 == $0.rounded() && abs($0) < 0x1p24 }
      // A number that never varies becomes a category with one level.
      if values.count == 1 || areWhole && values.count <= Self.mostOrdinals, let own = category() {
        return own
      }
    }
    return content(numbers)
  }

  private func texts() throws -> Content {
    guard let category = category() else {
      let reason =
        try allTextsDiffer()
        ? "all of its texts differ" : "it has more than \(Self.mostLevels) different texts"
      return try asTexts() ?? nothing(reason)
    }
    let differ = levels.count
    let mostDiffer = differ > max(Self.mostOrdinals, textCount / 2)
    guard mostDiffer || differ == textCount && textCount > 1 else { return category }
    let reason =
      differ == textCount ? "all of its texts differ" : "\(differ) of its \(textCount) texts differ"
    return try asTexts() ?? nothing(reason)
  }

  private func nothing(_ reason: String) throws -> Content {
    let cells = try oddCells()
    return .nothing(reason, cells: cells.isEmpty ? Self.hint : cells)
  }

  /// Short names of things and codes differ, too, so that only the user knows.
  private static let hint = "; if they are texts, say 'kind: text' in schema.yaml"

  /// Which cells keep the column from being numbers or times, if nearly all are; begins with a semicolon.
  private func oddCells() throws -> String {
    if let numbers {
      for oddity in [NumberText.Oddity.leadingZeros, .manyDigits] {
        if let odd = numbers.oddities[oddity] {
          return "; they are no numbers, as '\(odd.text)' in line \(odd.line) has "
            + (oddity == .leadingZeros ? "a zero before it" : "more digits than a number keeps")
        }
      }
    }
    if let note = try nearlyAll()?.note(of: name) { return "; \(note)" }
    if numbers == nil, let odd = firstUntimely, odd.isLater {
      return "; '\(odd.text)' in line \(odd.line) is no date or time spelled like those before it"
    }
    return ""
  }

  /// What the user should know of a column that became a field of some kind: what was taken for what.
  func note(of kind: FieldKind) throws -> String? {
    if kind.content is TextKind {
      return "is taken as a text, as most of its cells differ and hold words"
    }
    if kind != .number {
      let odd = try oddCells()
      guard kind.content is CategoryKind, !odd.isEmpty else { return nil }
      return "is taken as a category\(odd)"
    }
    if let first = times?.first, try numbers == nil || compactDates() != nil {
      if first.style.mark == nil { return "is taken as dates without hyphens" }
      guard let second = times?.dropFirst().first(where: { $0.style.order != first.style.order })
      else { return nil }
      return second.style.order == .monthDayYear
        ? "is taken as dates with the day before the month, though none shows which comes first"
        : nil
    }
    return numbers?.note
  }

  private func content(_ numbers: NumberColumn) -> Content {
    .field(.number, CellValues(numbers.values), numbers.form)
  }

  private func content(_ times: TimeColumn) throws -> Content {
    if let offsets = times.severalOffsets {
      return .nothing(
        "its times have \(offsets), which can't be written back from a time alone; "
          + TimeColumn.oneOffset + ", or say 'kind: category' in schema.yaml")
    }
    let (values, form) = try times.numbers()
    return .field(.number, values, form)
  }

  /// The levels as they are spelled, in order, numbers by their values; nil where there are too many.
  func category() -> Content? {
    guard let codes else { return nil }
    // Nil for a text that stands for a missing value.
    let texts = (0..<levels.count).map { index -> ByteText? in
      let text = levels.text(index) ?? ""
      let bytes = Array(text.utf8)
      let isLevel =
        areQuotedWordsLevels || stated.contains(bytes) || !Self.missing.contains(bytes)
      return isLevel ? ByteText(text) : nil
    }
    let named = texts.indices.filter { texts[$0] != nil }
    let order = LevelOrder.places(named.map { texts[$0]?.text ?? "" }).map { named[$0] }
    var moved = [Int32?](repeating: nil, count: texts.count)
    for (place, index) in order.enumerated() { moved[index] = Int32(place) }
    return .field(
      .category(levels: order.compactMap { texts[$0]?.text }),
      CellValues(codes, order: moved, missing: bareLevels.missing.map(\.row)), nil)
  }
}
