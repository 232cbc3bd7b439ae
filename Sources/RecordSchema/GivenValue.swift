/// What a given field is set to.
public enum GivenValue: Hashable, Sendable {
  /// The level with this index.
  case level(Int)
  /// This number, in the data's own units.
  case number(Double)
  /// Each level in turn, written `*`.
  case every
  /// Unknown, written `any`.
  case any
}

/// `FIELD=VALUE` from a command line.
public struct GivenArgument: Hashable, Sendable {
  /// What stands before the first equals sign.
  public let fieldName: String
  /// What stands after it.
  public let text: String

  /// Sets the field of that name to what `text` says.
  public init(fieldName: String, text: String) {
    self.fieldName = fieldName
    self.text = text
  }

  /// Splits `label=boot` at its first equals sign.
  ///
  /// - Throws: ``InvalidGiven`` where a part is missing.
  public static func parse(_ argument: String) throws -> GivenArgument {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw InvalidGiven(
        place: "--given", expected: "FIELD=VALUE, such as 'label=3'", actual: "'\(argument)'")
    }
    return GivenArgument(fieldName: String(parts[0]), text: String(parts[1]))
  }

  /// The value in the terms of `schema`: a level by its name or else its index, a finite number,
  /// `any`, or for a category `*`. A level named like one of these words wins.
  ///
  /// - Throws: ``UnknownName`` for a field or level that doesn't exist, ``InvalidGiven``.
  public func value(in schema: RecordSchema) throws -> GivenValue {
    let field = try schema.field(fieldName)
    if let index = field.levels.firstIndex(of: text) { return .level(index) }
    if text == "any" { return .any }
    switch field.kind {
    case .category(let levels): return try level(of: levels)
    case .number:
      guard let number = Double(text), number.isFinite else {
        throw InvalidGiven(
          place: "'\(fieldName)'", expected: "a finite number or 'any'", actual: "'\(text)'")
      }
      return .number(number)
    case .vector, .image:
      throw InvalidGiven(
        place: "'\(fieldName)'",
        expected: "'any', as \(field.kind.summary) can't be written out", actual: "'\(text)'")
    }
  }

  private func level(of levels: [String]) throws -> GivenValue {
    if text == "*" { return .every }
    guard let index = Int(text) else {
      throw UnknownName(kind: "level of '\(fieldName)'", name: text, known: levels)
    }
    guard levels.indices.contains(index) else {
      throw InvalidGiven(
        place: "'\(fieldName)'",
        expected: "a level's name or an index from 0 to \(levels.count - 1)", actual: "\(index)")
    }
    return .level(index)
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
