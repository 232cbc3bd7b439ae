/// Which fields are given (the condition y) and which are generated (the observation x).
public struct Roles: Hashable, Sendable {
  /// The names of the given fields, in the order in which they were named.
  public let given: [String]
  /// The names of all other fields, in the order of the schema.
  public let generated: [String]
  /// The names of generated fields some of whose cells may be given, different ones in each record.
  public let masked: [String]

  private let givenSet: Set<String>
  private let generatedSet: Set<String>
  private let maskedSet: Set<String>

  private init(given: [String], generated: [String], masked: [String]) {
    (self.given, self.generated, self.masked) = (given, generated, masked)
    (givenSet, generatedSet, maskedSet) = (Set(given), Set(generated), Set(masked))
  }

  /// Whether the field of that name is given.
  public func isGiven(_ name: String) -> Bool { givenSet.contains(name) }

  /// Whether the field of that name is generated.
  public func isGenerated(_ name: String) -> Bool { generatedSet.contains(name) }

  /// Whether the field of that name is generated and some of its cells may be given.
  public func isMasked(_ name: String) -> Bool { maskedSet.contains(name) }
}

extension Roles: Codable {
  private enum CodingKeys: String, CodingKey { case given, generated, masked }

  /// Reads the three lists of names.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      given: try container.decode([String].self, forKey: .given),
      generated: try container.decode([String].self, forKey: .generated),
      masked: try container.decode([String].self, forKey: .masked))
  }
}

extension Roles {
  /// Splits the fields of `schema`.
  ///
  /// - Throws: ``UnknownName`` for a field that doesn't exist, ``InvalidRoles``.
  public init(given: [String], schema: RecordSchema) throws {
    var names: Set<String> = []
    for name in given {
      _ = try schema.field(name)
      guard names.insert(name).inserted else { throw InvalidRoles.repeated(field: name) }
    }
    let generated = schema.fields.map(\.name).filter { !names.contains($0) }
    guard !generated.isEmpty else { throw InvalidRoles.nothingGenerated(given: given) }
    self.init(given: given, generated: generated, masked: [])
  }

  /// The word that stands for ``any(schema:)`` in place of given fields.
  public static let anyWord = "any"

  /// Arbitrary conditioning: any pixels of the images may be given, and every other field too; where there
  /// is no image, any fields are given, and the others are generated.
  ///
  /// - Source: Ivanov, Figurnov and Vetrov, *Variational Autoencoder with Arbitrary Conditioning*,
  ///   2019.
  public static func any(schema: RecordSchema) -> Roles {
    let images = schema.fields.filter { $0.kind.content.isMaskedByCell }.map(\.name)
    let others = schema.fields.filter { !$0.kind.content.isMaskedByCell }.map(\.name)
    if images.isEmpty { return Roles(given: [], generated: others, masked: others) }
    return Roles(given: others, generated: images, masked: images)
  }

  /// The roles that given names stand for: ``any(schema:)`` for `any` alone, unless a field has that name.
  ///
  /// - Throws: ``UnknownName`` for a field that doesn't exist, ``InvalidRoles``.
  public static func named(_ given: [String], schema: RecordSchema) throws -> Roles {
    let hasField = schema.position(of: anyWord) != nil
    return given == [anyWord] && !hasField
      ? any(schema: schema) : try Roles(given: given, schema: schema)
  }

  /// The names that ``named(_:schema:)`` makes these roles from.
  public var givenNames: [String] { masked.isEmpty ? given : [Self.anyWord] }

  /// A field's role in words.
  public func name(of field: String) -> String {
    if isMasked(field) {
      return given.isEmpty ? "given or generated" : "generated, any part of it may be given"
    }
    return isGiven(field) ? "given" : "generated"
  }
}

/// Roles that no model can have.
public enum InvalidRoles: Error, Equatable, Sendable, CustomStringConvertible {
  /// A field was given twice.
  case repeated(field: String)
  /// Every field was given.
  case nothingGenerated(given: [String])

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .repeated(let field):
      "Expected each given field once, got '\(field)' twice; name it once."
    case .nothingGenerated(let given):
      "Expected at least one field to generate, got all of them as given "
        + "(\(given.joined(separator: ", "))); leave one out."
    }
  }
}
