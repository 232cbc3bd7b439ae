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
      guard let (field, part) = Self.part(given.fieldName, model.schema) else {
        others.append(argument)
        continue
      }
      try set(part, of: field, to: given)
    }
  }

  /// The text and the part that a name means; nil for a name of a field, and where the part in front of its last point
  /// isn't that of a text.
  private static func part(_ name: String, _ schema: RecordSchema) -> (String, Part)? {
    let names = schema.fields.map(\.name)
    guard names.firstIndex(spelled: name) == nil,
      let point = name.utf8.lastIndex(of: UInt8(ascii: "."))
    else { return nil }
    let field = String(name[..<point])
    guard let place = names.firstIndex(spelled: field), schema.fields[place].isText,
      let part = Part(rawValue: String(name[name.index(after: point)...]))
    else { return nil }
    return (field, part)
  }

  private mutating func set(_ part: Part, of field: String, to given: GivenArgument) throws {
    var restriction = restrictions[field] ?? TextRestriction()
    switch part {
    case .begins where restriction.pieces != nil, .fits where !restriction.beginning.isEmpty:
      throw InvalidGiven(
        place: "--given", expected: "one of '\(field).begins' and '\(field).fits'", actual: "both")
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
        throw InvalidGiven(
          place: "--given", expected: "one of '\(field).words' and '\(field).characters'",
          actual: "both")
      }
      restriction.unit = part == .words ? .words : .characters
      restriction.length = try Self.length(given)
    }
    restrictions[field] = restriction
  }

  private static func length(_ given: GivenArgument) throws -> ClosedRange<Int> {
    let failure = InvalidGiven(
      place: "'\(given.fieldName)'",
      expected: "a whole number, or a range such as '5..12', '5..' or '..12'",
      actual: "'\(given.text)'")
    let parts = given.text.split(separator: "..", omittingEmptySubsequences: false)
    let (first, last) = (String(parts.first ?? ""), String(parts.last ?? ""))
    guard parts.count <= 2, !(first.isEmpty && last.isEmpty),
      let low = first.isEmpty ? 0 : Int(first), let high = last.isEmpty ? .max : Int(last),
      low >= 0, low <= high
    else { throw failure }
    return low...high
  }
}
