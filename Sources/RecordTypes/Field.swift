/// A named part of every record.
public struct Field: Codable, Hashable, Sendable {
  /// Its name, unique in the schema.
  public let name: String
  /// What its values are.
  public let kind: FieldKind
  /// The number whose absence this yes or no tells; nil for a field of the data.
  public let absenceOf: String?

  /// A field, which a ``RecordSchema`` checks.
  public init(name: String, kind: FieldKind, absenceOf: String? = nil) {
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

  /// Whether an index can stand for a level: no level's name is a number, which would mean another one.
  public static func haveIndices(_ levels: [String]) -> Bool {
    levels.allSatisfy { Double($0) == nil }
  }
}
