/// A named part of every record.
public struct Field: Hashable, Sendable {
  /// Its name, unique in the schema.
  public let name: String
  /// The kind of its values.
  public let kind: FieldKind
  /// Whether a record may lack it; a model that generates it then learns that too.
  public let mayBeMissing: Bool
  /// How tables write its cells.
  public let style: CellStyle

  /// A field, which a ``RecordSchema`` checks.
  public init(
    name: String, kind: FieldKind, mayBeMissing: Bool = false, style: CellStyle = CellStyle()
  ) {
    self.name = name
    self.kind = kind
    self.mayBeMissing = mayBeMissing
    self.style = style
  }

  /// The same field, which records may lack or not.
  public func missing(_ mayBeMissing: Bool) -> Field {
    Field(name: name, kind: kind, mayBeMissing: mayBeMissing, style: style)
  }

  /// The same field with values of another kind.
  package func having(_ kind: FieldKind) -> Field {
    Field(name: name, kind: kind, mayBeMissing: mayBeMissing, style: style)
  }

  /// The same field, written in another way.
  package func written(as style: CellStyle) -> Field {
    Field(name: name, kind: kind, mayBeMissing: mayBeMissing, style: style)
  }

  /// The values each record holds: a category has 1, its level's index.
  public var width: Int { kind.shape.reduce(1, *) }

  /// The cells of its values that are known or unknown one by one.
  public var cells: CellGrid { kind.content.cells }

  /// A category's levels; none for the other kinds.
  public var levels: [String] { (kind.content as? CategoryKind)?.levels ?? [] }

  /// Whether its values are levels.
  public var isCategory: Bool { if case .levels = kind.content.storage { true } else { false } }

  /// Whether its values are single numbers.
  public var isNumber: Bool { kind.content.storage == .numbers && kind.shape.isEmpty }

  /// Whether an index can stand for a level: only if no level's name is a number, spelled as numbers of tables may be
  /// (`10`, `10%`, `€1.000,50`), so that a number never means two levels.
  public static func haveIndices(_ levels: [String]) -> Bool {
    levels.allSatisfy { NumberNames.value($0) == nil }
  }
}

/// As JSON, `{"kind":{…},"name":"label"}`, with `"mayBeMissing":true` where records may lack it, and `"style"` where
/// there is something to say of it.
extension Field: Codable {
  private enum CodingKeys: String, CodingKey { case name, kind, mayBeMissing, style }

  /// Reads the JSON form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    kind = try container.decode(FieldKind.self, forKey: .kind)
    mayBeMissing = try container.decodeIfPresent(Bool.self, forKey: .mayBeMissing) ?? false
    style = try container.decodeIfPresent(CellStyle.self, forKey: .style) ?? CellStyle()
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(kind, forKey: .kind)
    // In version 0.2.0, which wrote no such key, a last level with an empty name stood for a missing value.
    if mayBeMissing || levels.last == "" {
      try container.encode(mayBeMissing, forKey: .mayBeMissing)
    }
    if style != CellStyle() { try container.encode(style, forKey: .style) }
  }
}
