/// The kind of a field's values: one of the kinds in ``all``, with its settings.
public struct FieldKind: Sendable {
  /// The kind and its settings.
  public let content: any FieldContent

  /// All kinds.
  public static let all: [any FieldContent.Type] = [
    CategoryKind.self, NumberKind.self, DiscreteKind.self, VectorKind.self, ImageKind.self,
    TextKind.self,
  ]

  /// A kind with its settings.
  public init(_ content: any FieldContent) { self.content = content }

  /// One of several named levels.
  public static func category(levels: [String]) -> FieldKind {
    FieldKind(CategoryKind(levels: levels))
  }
  /// One real number.
  public static let number = FieldKind(NumberKind())
  /// A fixed count of real numbers.
  public static func vector(count: Int) -> FieldKind { FieldKind(VectorKind(count: count)) }
  /// Grey values or colours.
  public static func image(_ size: ImageSize) -> FieldKind { FieldKind(ImageKind(size: size)) }
  /// A text, of which `longest` tokens are kept.
  public static func text(
    longest: Int = 64, tokens: TokenUnit = .pairs, merges: Int = 2048
  ) -> FieldKind {
    FieldKind(TextKind(longest: longest, tokens: tokens, merges: merges))
  }

  /// In words: `"a category of 10 levels"`.
  public var summary: String { content.summary }
  /// The extents of one record's values; none for a single value.
  public var shape: [Int] { content.shape }
}

extension FieldKind: Hashable {
  /// Whether both are of one kind, with equal settings.
  public static func == (first: FieldKind, second: FieldKind) -> Bool {
    AnyHashable(first.content) == AnyHashable(second.content)
  }

  /// Mixes kind and settings in.
  public func hash(into hasher: inout Hasher) { AnyHashable(content).hash(into: &hasher) }
}

/// As JSON, the kind's settings and its name, as in `{"count":3,"kind":"vector"}`.
extension FieldKind: Codable {
  private enum CodingKeys: String, CodingKey { case kind }

  /// Reads the JSON form.
  ///
  /// - Throws: ``UnknownName`` for a kind that doesn't exist.
  public init(from decoder: any Decoder) throws {
    let name = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .kind)
    guard let type = Self.all.first(where: { $0.name == name }) else {
      throw UnknownName(kind: "kind of field", name: name, known: Self.all.map { $0.name })
    }
    content = try type.init(from: decoder)
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    try content.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type(of: content).name, forKey: .kind)
  }
}
