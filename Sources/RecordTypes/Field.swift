/// A named part of every record.
public struct Field: Codable, Hashable, Sendable {
  /// Its name, unique in the schema.
  public let name: String
  /// What its values are.
  public let kind: FieldKind
  /// The number whose absence this yes or no tells; nil for a field of the data.
  public let absenceOf: String?

  /// A field; a category needs at least one level, and each level once.
  public init(name: String, kind: FieldKind, absenceOf: String? = nil) {
    switch kind {
    case .category(let levels):
      precondition(!levels.isEmpty, "Category '\(name)' has no levels.")
      precondition(Set(levels).count == levels.count, "Category '\(name)' repeats a level.")
    case .vector(let count): precondition(count >= 1, "Vector '\(name)' has no numbers.")
    case .number, .image: break
    }
    self.name = name
    self.kind = kind
    self.absenceOf = absenceOf
  }

  /// The yes or no that tells whether a number is absent from a record.
  public static func absence(of number: Field) -> Field {
    Field(
      name: "\(number.name) is missing", kind: .category(levels: ["no", "yes"]),
      absenceOf: number.name)
  }

  /// The level of a category that stands for a record without one.
  public static let absentLevel = ""

  /// The numbers each record holds: a category has 1, its level's index.
  public var width: Int {
    switch kind {
    case .category, .number: 1
    case .vector(let count): count
    case .image(let size): size.count
    }
  }

  /// Whether its values are levels.
  public var isCategory: Bool {
    if case .category = kind { true } else { false }
  }

  /// Whether its values are grey values or colours.
  public var isImage: Bool {
    if case .image = kind { true } else { false }
  }

  /// A category's levels; none for the other kinds.
  public var levels: [String] {
    if case .category(let levels) = kind { levels } else { [] }
  }
}
