/// Which fields are given (the condition y) and which are generated (the observation x).
public struct Roles: Codable, Hashable, Sendable {
  /// The names of the given fields, in the order in which they were named.
  public let given: [String]
  /// The names of all other fields, in the order of the schema.
  public let generated: [String]

  /// Splits the fields of `schema`.
  ///
  /// - Throws: ``UnknownName`` for a field that doesn't exist, ``InvalidRoles``.
  public init(given: [String], schema: RecordSchema) throws {
    for (position, name) in given.enumerated() {
      _ = try schema.field(name)
      guard !given[..<position].contains(name) else { throw InvalidRoles.repeated(field: name) }
    }
    let generated = schema.fields.map(\.name).filter { !given.contains($0) }
    guard !generated.isEmpty else { throw InvalidRoles.nothingGenerated(given: given) }
    self.given = given
    self.generated = generated
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
