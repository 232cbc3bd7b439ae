public import RecordTypes

/// How a field enters a program: the names and meaning of its graph inputs.
///
/// A category is an index input `[batch]` of levels, anything else a real input `[batch, width]`.
/// A real field that may be unknown has a second input, 1 where it is, and zeros in the first there.
/// A masked field enters networks by up to three inputs, see ``Part``.
public struct FieldInput: Hashable, Sendable {
  /// The field.
  public let field: Field
  /// Whether it is part of the condition y; else of the observation x.
  public let isGiven: Bool
  /// Whether it may be unknown ("any").
  public let acceptsMissing: Bool
  /// Whether it is generated in some records only: in others it is given, or there is no value. Where it
  /// isn't, a category has the index behind its last level, and a real field a 0 in ``target``.
  public let isPartial: Bool
  /// Which part of the field it is.
  public let part: Part

  /// What of a field an input holds. Most fields have their value alone.
  public enum Part: String, Hashable, Sendable {
    /// The whole value.
    case value
    /// The value in the cells that are given, and zeros elsewhere: `[batch, width]`; of a category
    /// the index of the level that is given, or the one behind the last for none: `[batch]`.
    case known
    /// 1 in the cells that are given, 0 in those to fill: `[batch, cells]`. A category has none.
    case mask
    /// 1 where a partial field is generated, 0 where not: `[batch, 1]`. A category has none.
    case target
    /// Of a partial category in a ``ColumnChain``: its level, given or generated, or the one behind the last
    /// where there is none: `[batch]`.
    case seen
  }

  /// A field in its role. Only given fields may be unknown.
  public init(field: Field, isGiven: Bool, acceptsMissing: Bool, isPartial: Bool = false) {
    self.field = field
    self.isGiven = isGiven
    self.acceptsMissing = isGiven && acceptsMissing
    self.isPartial = !isGiven && isPartial
    part = .value
  }

  private init(field: Field, isGiven: Bool, part: Part) {
    self.field = field
    self.isGiven = isGiven
    acceptsMissing = (part == .known || part == .seen) && field.isCategory
    isPartial = false
    self.part = part
  }

  /// The given cells of a masked field, as a part of the condition.
  public var known: FieldInput { FieldInput(field: field, isGiven: true, part: .known) }

  /// Which cells of a masked field are given, as a part of the condition: an image of one channel,
  /// for other fields a number.
  public var mask: FieldInput {
    let cells = field.cells
    let kind: FieldKind =
      field.isImage
      ? .image(ImageSize(height: cells.height, width: cells.width, channels: 1)) : .number
    return FieldInput(field: Field(name: field.name, kind: kind), isGiven: true, part: .mask)
  }

  /// Where a partial field that is no category is generated.
  public var target: FieldInput {
    FieldInput(field: Field(name: field.name, kind: .number), isGiven: false, part: .target)
  }

  /// The level of a partial category, given or generated.
  public var seen: FieldInput { FieldInput(field: field, isGiven: false, part: .seen) }

  /// The same input for a network that reads it whether it sees the condition or not.
  var alwaysSeen: FieldInput { FieldInput(field: field, isGiven: false, alwaysSeen: self) }

  private init(field: Field, isGiven: Bool, alwaysSeen other: FieldInput) {
    self.field = field
    self.isGiven = isGiven
    acceptsMissing = other.acceptsMissing
    isPartial = other.isPartial
    part = other.part
  }

  /// The graph input's name: the field's own. Only a field that has the name of one of the
  /// programs' other inputs (such as `records`) gets another.
  public var name: String {
    let collides =
      ProgramInput(rawValue: field.name) != nil || field.name.hasPrefix("%")
      || Self.suffixes.contains(where: field.name.hasSuffix)
      || FieldPrefix.allCases.contains { field.name.hasPrefix($0.rawValue) }
    return (collides ? "%" + field.name : field.name) + partSuffix
  }

  private var partSuffix: String { part == .value ? "" : "." + part.rawValue }

  /// The real input `[batch, 1]` that is 1 where the field is unknown; nil for a category and for a
  /// field that is always known.
  public var missingName: String? {
    acceptsMissing && !field.isCategory ? name + Self.missingSuffix : nil
  }

  /// The index that stands for an unknown level, or one that isn't generated; nil for other kinds, and
  /// where there always is one.
  public var missingLevel: Int32? {
    acceptsMissing || isPartial ? levelCount.map(Int32.init) : nil
  }

  /// The number of levels of a category.
  public var levelCount: Int? {
    if case .category(let levels) = field.kind { levels.count } else { nil }
  }

  /// Rows of the field's weight in a layer: a category has one for each level, and one for "any".
  var tableRows: Int {
    guard let levelCount else { return field.width }
    return levelCount + (missingLevel == nil ? 0 : 1)
  }

  /// What the field adds to the number of a layer's inputs.
  var oneHotWidth: Int { tableRows + (missingName == nil ? 0 : 1) }

  /// The field's part of a parameter's path: dots would make paths ambiguous, and `hidden0` is the
  /// name of a layer.
  var pathName: String {
    let plain = field.name.map { character in
      switch character {
      case "%": "%25"
      case ".": "%2E"
      default: String(character)
      }
    }.joined()
    let isLayer = plain.hasPrefix("hidden") && plain.dropFirst(6).allSatisfy(\.isNumber)
    return (isLayer ? "%68" + plain.dropFirst() : plain) + partSuffix
  }

  private static let missingSuffix = ".missing"
  private static let suffixes = [missingSuffix, ".known", ".mask", ".target", ".seen"]
}
