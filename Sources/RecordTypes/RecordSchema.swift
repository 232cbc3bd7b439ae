/// The fields that every record of a data set has.
public struct RecordSchema: Codable, Hashable, Sendable {
  /// The fields, each with a different name.
  public let fields: [Field]
  private let positions: [String: Int]

  /// A schema of fields in their order.
  ///
  /// - Throws: ``InvalidRecords`` for a name that two fields have, and for a field that can't have values.
  public init(fields: [Field]) throws(InvalidRecords) {
    self.init(trusting: fields)
    for (index, field) in fields.enumerated() {
      // Names are keys of dictionaries all over, so two spellings of one name are refused as well.
      if let other = positions[field.name], other != index {
        throw InvalidRecords(
          expected: "each field's name once",
          actual: field.name.repeated(after: fields[other].name), advice: "rename one of them")
      }
      try field.kind.content.check(field: field.name)
    }
  }

  /// Fields that are known to be valid.
  package init(trusting fields: [Field]) {
    self.fields = fields
    positions = Dictionary(
      zip(fields.map(\.name), fields.indices), uniquingKeysWith: { first, _ in first })
  }

  private enum CodingKeys: String, CodingKey { case fields }

  /// Reads `{"fields":[…]}`, at least one, also as version 0.2.0 wrote it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    do {
      try self.init(
        fields: EarlierField.current(container.decode([EarlierField].self, forKey: .fields)))
      guard !fields.isEmpty else {
        throw InvalidRecords(expected: "a field", actual: "none", advice: "name one")
      }
    } catch let error as InvalidRecords {
      throw DecodingError.dataCorruptedError(
        forKey: .fields, in: container, debugDescription: "\(error)")
    }
    let width = fields.reduce(0) { $0 + $1.width }
    guard width <= Self.largestWidth else {
      throw DecodingError.dataCorruptedError(
        forKey: .fields, in: container,
        debugDescription:
          "Expected at most \(Self.largestWidth) numbers in a record, got \(width).")
    }
  }

  /// The most numbers that a file may state for a record.
  private static let largestWidth = 1_000_000_000

  /// The field of that name.
  ///
  /// - Throws: ``UnknownName``.
  public func field(_ name: String) throws -> Field {
    fields[try index(of: name)]
  }

  /// The position of the field of that name, which is that of its column too.
  ///
  /// - Throws: ``UnknownName``.
  public func index(of name: String) throws -> Int {
    guard let index = position(of: name) else {
      throw UnknownName(kind: "field", name: name, known: fields.map(\.name))
    }
    return index
  }

  /// The position of the field of that name; nil where there is none.
  package func position(of name: String) -> Int? { positions[name] }
}

/// A field of a schema that version 0.2.0 may have written: it kept the absence of a number as a category
/// beside it, and that of a category as a last level without a name.
private struct EarlierField: Decodable {
  let field: Field
  /// The number whose absence this category reports.
  let absenceOf: String?
  /// Whether a newer version wrote it, in which a level with an empty name is like any other.
  let isCurrent: Bool

  private enum CodingKeys: String, CodingKey { case absenceOf, mayBeMissing }

  init(from decoder: any Decoder) throws {
    field = try Field(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    absenceOf = try container.decodeIfPresent(String.self, forKey: .absenceOf)
    isCurrent = container.contains(.mayBeMissing)
  }

  /// The fields as the current version has them.
  static func current(_ fields: [EarlierField]) -> [Field] {
    let absent = Set(fields.compactMap(\.absenceOf))
    return fields.filter { $0.absenceOf == nil }.map { earlier in
      let field = earlier.field
      if absent.contains(field.name) { return field.missing(true) }
      guard !earlier.isCurrent, field.levels.count > 1, field.levels.last == "" else {
        return field
      }
      return Field(
        name: field.name, kind: .category(levels: field.levels.dropLast()), mayBeMissing: true)
    }
  }
}
