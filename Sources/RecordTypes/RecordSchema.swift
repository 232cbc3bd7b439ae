/// What every record of a data set is made of.
public struct RecordSchema: Codable, Hashable, Sendable {
  /// At least one, each with a name of its own.
  public let fields: [Field]

  /// A schema; there must be a field, and no two with the same name.
  public init(fields: [Field]) {
    precondition(Self.isValid(fields), "A schema needs a field, and each field's name once.")
    self.fields = fields
  }

  /// Reads `{"fields":[…]}`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    fields = try container.decode([Field].self, forKey: .fields)
    guard Self.isValid(fields) else {
      throw DecodingError.dataCorruptedError(
        forKey: .fields, in: container,
        debugDescription: "A schema needs a field, and each field's name once.")
    }
    let width = fields.reduce(0) { $0 + $1.width }
    guard width <= Self.largestWidth else {
      throw DecodingError.dataCorruptedError(
        forKey: .fields, in: container,
        debugDescription:
          "Expected at most \(Self.largestWidth) numbers in a record, got \(width).")
    }
    guard hasSoundAbsences else {
      throw DecodingError.dataCorruptedError(
        forKey: .fields, in: container,
        debugDescription: "Expected 'absenceOf' in categories of two levels, with a number each.")
    }
  }

  /// The most numbers of a record that a file may state.
  private static let largestWidth = 1_000_000_000

  /// Whether each yes or no tells the absence of one number, which no other tells.
  private var hasSoundAbsences: Bool {
    let numbers = fields.filter { $0.kind == .number }.map(\.name)
    let absences = fields.filter { $0.absenceOf != nil }
    let told = absences.compactMap(\.absenceOf)
    return absences.allSatisfy { $0.levels.count == 2 } && told.allSatisfy(numbers.contains)
      && Set(told).count == told.count
  }

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
    guard let index = fields.firstIndex(where: { $0.name == name }) else {
      throw UnknownName(kind: "field", name: name, known: fields.map(\.name))
    }
    return index
  }

  private static func isValid(_ fields: [Field]) -> Bool {
    !fields.isEmpty && Set(fields.map(\.name)).count == fields.count
  }
}
