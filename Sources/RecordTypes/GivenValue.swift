/// The value or values that a given field is set to.
public enum GivenValue: Hashable, Sendable {
  /// The level with this index.
  case level(Int)
  /// This number, in the data's own units.
  case number(Double)
  /// This text.
  case text(String)
  /// One of these levels, written `Fair|Good`.
  case levels([Int])
  /// A number in this range, in the data's own units, written `5000..8000`, `5000..` or `..8000`.
  case range(ClosedRange<Double>)
  /// Each level in turn, written `*`.
  case every
  /// Unknown, written `any`.
  case any
  /// Missing, as an empty cell of a table is; written `missing`, or as nothing.
  case missing
}

extension GivenValue {
  /// What a word means for every field: `any`, `missing`, or nothing, which means missing too; nil for others.
  public init?(word: String) {
    switch word {
    case "any": self = .any
    case "missing", "": self = .missing
    default: return nil
    }
  }

  /// What a word means for a field, the words that its table has for a missing value among them; nil for others.
  package init?(word: String, of field: Field) {
    if field.style.missing.firstIndex(spelled: word) != nil {
      self = .missing
    } else {
      self.init(word: word)
    }
  }
}

/// `FIELD=VALUE` from a command line.
public struct GivenArgument: Hashable, Sendable {
  /// The text before the equals sign.
  public let fieldName: String
  /// The text after it.
  public let text: String

  /// Sets the field of that name to what `text` says.
  public init(fieldName: String, text: String) {
    self.fieldName = fieldName
    self.text = text
  }

  /// Splits `label=boot` behind the longest of the `known` names that it begins with; where it begins with none
  /// of them, at its first equals sign.
  ///
  /// - Throws: ``InvalidGiven`` where there is no name or no equals sign.
  public static func parse(_ argument: String, known: [String] = []) throws -> GivenArgument {
    let sign = UInt8(ascii: "=")
    let bytes = argument.utf8
    let lengths = known.map { Array($0.utf8) + [sign] }.filter { bytes.starts(with: $0) }
    let length = lengths.map(\.count).max().map { $0 - 1 } ?? bytes.prefix { $0 != sign }.count
    guard length > 0, length < bytes.count else {
      throw InvalidGiven(
        place: "--given", expected: "FIELD=VALUE, such as 'label=3'", actual: "'\(argument)'")
    }
    return GivenArgument(
      fieldName: String(decoding: bytes.prefix(length), as: UTF8.self),
      text: String(decoding: bytes.dropFirst(length + 1), as: UTF8.self))
  }

  /// The value in the terms of `schema`.
  ///
  /// For a category it is a level's name, or, if no level's name is a number, a level's index, counted from 0;
  /// several of these with `|` between them; if all levels' names are numbers, a range with `..` between its ends,
  /// one of which may be left out, for the levels in it; or `*`. For a number it is a finite number, or a range. For
  /// any field it may be `any`, and `missing` or nothing for a missing value. A text that is exactly a level's name
  /// always means that level.
  ///
  /// - Throws: ``UnknownName`` for a field or level that doesn't exist, ``InvalidGiven``.
  public func value(in schema: RecordSchema) throws -> GivenValue {
    let field = try schema.field(fieldName)
    if let index = field.levels.firstIndex(spelled: text) { return .level(index) }
    if let word = GivenValue(word: text, of: field) { return word }
    if field.isCategory {
      if text == "*" { return .every }
      let names = text.utf8.split(
        separator: UInt8(ascii: "|"), omittingEmptySubsequences: false
      ).map { String(decoding: $0, as: UTF8.self) }
      if names.count == 1 {
        return try range(of: field.levels).map { .levels($0) }
          ?? .level(try level(text, of: field.levels))
      }
      guard !names.contains("*") || field.levels.firstIndex(spelled: "*") != nil else {
        throw InvalidGiven(
          place: "'\(fieldName)'",
          expected:
            "levels with '|' between them, or '*' alone, which stands for each level in turn",
          actual: "'\(text)'")
      }
      return .levels(try names.map { try level($0, of: field.levels) })
    }
    if field.isText { return .text(text) }
    guard field.isNumber else {
      throw InvalidGiven(
        place: "'\(fieldName)'",
        expected: "'any', as \(field.kind.summary) can't be written out", actual: "'\(text)'")
    }
    return try number(mayBeMissing: field.mayBeMissing) { Double($0) }
  }

  /// A number or a range of numbers, each of which `parse` reads.
  ///
  /// - Parameters:
  ///   - expected: What a single number is called.
  ///   - ends: The least and the greatest number, where a range that lacks an end begins or ends.
  ///   - mayBeMissing: Whether the field may be given as missing.
  ///   - last: The last number that a text stands for, if it stands for several, as a day does for its times.
  /// - Throws: ``InvalidGiven``.
  public func number(
    _ expected: String = "a finite number", ends: ClosedRange<Double>? = nil,
    mayBeMissing: Bool = false, last: (String) -> Double? = { _ in nil },
    _ parse: (String) -> Double?
  ) throws -> GivenValue {
    func read(_ text: String) throws -> Double {
      guard let number = parse(text), number.isFinite else {
        let isSet = self.text.utf8.contains(UInt8(ascii: "|"))
        throw InvalidGiven(
          place: "'\(fieldName)'",
          expected: "\(expected), a range such as 'low..high', "
            + (mayBeMissing ? "'any' or 'missing'" : "or 'any'")
            + (isSet ? ", as sets are for categories" : ""), actual: "'\(self.text)'")
      }
      return number
    }
    guard let range = rangeEnds else {
      let first = try read(text)
      return last(text).map { .range(first...max(first, $0)) } ?? .number(first)
    }
    let low = try range.low.isEmpty ? ends?.lowerBound ?? read("") : read(range.low)
    let high =
      try range.high.isEmpty
      ? ends?.upperBound ?? read("") : last(range.high) ?? read(range.high)
    guard low <= high else {
      throw InvalidGiven(
        place: "'\(fieldName)'",
        expected: range.low.isEmpty || range.high.isEmpty
          ? "a range that has a training record's value in it"
          : "a range from its lower end to its upper one", actual: "'\(text)'")
    }
    return .range(low...high)
  }

  /// The texts before and behind two points, of which one may be empty; nil where there are no points.
  private var rangeEnds: (low: String, high: String)? {
    guard let dots = text.firstRange(of: ".."), text.utf8.count > 2 else { return nil }
    return (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
  }

  /// The levels whose numbers lie in a range; nil for a text that is no range of numbers.
  private func range(of levels: [String]) throws -> [Int]? {
    guard let ends = rangeEnds else { return nil }
    let numbers = NumberNames(levels)
    func number(_ text: String, _ open: Double) -> Double? {
      text.isEmpty ? open : numbers.value(text)
    }
    guard let low = number(ends.low, -.infinity), let high = number(ends.high, .infinity) else {
      return nil
    }
    func refusal(_ expected: String) -> InvalidGiven {
      InvalidGiven(place: "'\(fieldName)'", expected: expected, actual: "'\(text)'")
    }
    guard low <= high else { throw refusal("a range from its lower end to its upper one") }
    if let other = numbers.values.firstIndex(where: { $0 == nil }) {
      let set = levels.prefix(2).joined(separator: "|")
      throw refusal("levels such as '\(set)', as '\(levels[other])' is no number")
    }
    let within = levels.indices.filter { place in
      numbers.values[place].map { $0 >= low && $0 <= high } == true
    }
    guard within.isEmpty else { return within }
    let nearest = numbers.nearest(to: low.isFinite ? low : high).map { "'\(levels[$0])'" }
    throw refusal(
      "a range with a level in it, of which \(nearest.joined(separator: " and ")) "
        + "\(nearest.count == 1 ? "is" : "are") nearest")
  }

  private func level(_ name: String, of levels: [String]) throws -> Int {
    if let index = levels.firstIndex(spelled: name) { return index }
    guard let index = Int(name), Field.haveIndices(levels) else {
      throw UnknownName(
        kind: "level of '\(fieldName)'", name: name,
        known: levels)
    }
    guard levels.indices.contains(index) else {
      throw InvalidGiven(
        place: "'\(fieldName)'",
        expected: "a level's name or an index from 0 to \(levels.count - 1)", actual: "\(index)")
    }
    return index
  }
}

/// A given value that can't be understood.
public struct InvalidGiven: Error, Equatable, Sendable, CustomStringConvertible {
  /// The option or field it was for.
  public let place: String
  /// What can stand there.
  public let expected: String
  /// What stood there.
  public let actual: String

  /// A value for `place` that should be what `expected` says.
  public init(place: String, expected: String, actual: String) {
    self.place = place
    self.expected = expected
    self.actual = actual
  }

  /// One sentence a user can act on.
  public var description: String {
    "\(place): expected \(expected), got \(actual)."
  }
}
