import ArgumentParser
import CVAEGeneration
import CVAETraining
import RecordTypes

/// What `--given` asks of generated texts: `review.begins=The battery`, `review.contains=charger, cable`, and
/// `review.words=5..12` or `review.characters=20`; or `review.fits=The * lasts * hours`.
struct TextArguments {
  /// What is asked, by the fields' names.
  private(set) var restrictions: [String: TextRestriction] = [:]
  /// The arguments that set whole fields.
  private(set) var others: [String] = []

  private enum Part: String, CaseIterable {
    case begins, contains, words, characters, fits
  }

  init(_ arguments: [String], model: TrainedModel) throws {
    let parsed = try GenerationRequest.parse(arguments, known: model.schema.fields.map(\.name))
    for (argument, given) in zip(arguments, parsed) {
      guard let (field, part) = try Self.part(given.fieldName, model.schema) else {
        others.append(argument)
        continue
      }
      try set(part, of: field, to: given)
    }
  }

  /// The text and the part that a name means; nil for a name of a field, and where the part in front of its last point
  /// isn't that of a text.
  ///
  /// - Throws: `UnknownName` for a part that texts don't have.
  private static func part(_ name: String, _ schema: RecordSchema) throws -> (String, Part)? {
    let names = schema.fields.map(\.name)
    guard names.firstIndex(spelled: name) == nil,
      let point = name.utf8.lastIndex(of: UInt8(ascii: "."))
    else { return nil }
    let field = String(name[..<point])
    let word = String(name[name.utf8.index(after: point)...])
    let place = names.firstIndex(spelled: field)
    if place == nil, Part(rawValue: word) != nil, schema.fields.contains(where: \.isText) {
      throw UnknownName(
        kind: "text", name: field, known: schema.fields.filter(\.isText).map(\.name))
    }
    guard let place, schema.fields[place].isText else { return nil }
    guard let part = Part(rawValue: word) else {
      throw UnknownName(
        kind: "part of '\(field)'", name: word, known: Part.allCases.map(\.rawValue))
    }
    return (field, part)
  }

  /// - Throws: `ValidationError` for parts that exclude each other, whatever their values.
  private mutating func set(_ part: Part, of field: String, to given: GivenArgument) throws {
    var restriction = restrictions[field] ?? TextRestriction()
    switch part {
    case .begins where restriction.pieces != nil, .fits where !restriction.beginning.isEmpty:
      throw ValidationError("'\(field).begins' and '\(field).fits' exclude each other.")
    case .begins where given.text.isEmpty:
      throw InvalidGiven(
        place: "'\(given.fieldName)'", expected: "what texts begin with", actual: "nothing")
    case .begins: restriction.beginning = given.text
    case .fits:
      guard let holes = TextRestriction(given.text, hole: "*") else {
        throw InvalidGiven(
          place: "'\(given.fieldName)'", expected: "a text with '*' where something is missing",
          actual: "'\(given.text)'")
      }
      restriction.beginning = holes.beginning
      restriction.pieces = holes.pieces
    case .contains:
      restriction.words = given.text.split(separator: ",", omittingEmptySubsequences: false).map {
        String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
    case .words, .characters:
      guard restriction.length == nil else {
        throw ValidationError("'\(field).words' and '\(field).characters' exclude each other.")
      }
      restriction.unit = part == .words ? .words : .characters
      restriction.length = try Self.length(given)
    }
    restrictions[field] = restriction
  }

  private static func length(_ given: GivenArgument) throws -> ClosedRange<Int> {
    func failure(_ expected: String) -> InvalidGiven {
      InvalidGiven(
        place: "'\(given.fieldName)'", expected: expected, actual: "'\(given.text)'")
    }
    let parts = given.text.split(separator: "..", omittingEmptySubsequences: false)
    let (first, last) = (String(parts.first ?? ""), String(parts.last ?? ""))
    guard parts.count <= 2, !(first.isEmpty && last.isEmpty),
      let low = first.isEmpty ? 0 : Int(first), let high = last.isEmpty ? .max : Int(last),
      low >= 0, high >= 0
    else { throw failure("a whole number, or a range such as '5..12', '5..' or '..12'") }
    guard low <= high else { throw failure("a range from its lower end to its upper one") }
    return low...high
  }
}
