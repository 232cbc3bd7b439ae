public import RecordTypes

/// What networks read of a field in one role: its value, or a part of it.
///
/// An index enters a program as `[batch]`, anything else as `[batch, width]`. A real field that may be unknown
/// has a second input, which is 1 where it is unknown; its value is 0 there. If a field is generated and records
/// may lack it, a separate variable with two levels says whether a record has a value; a category has one more
/// level for that instead.
public struct FieldInput: Sendable {
  /// The field.
  public let field: Field
  /// Whether it is the variable whose level 1 means that a record has no value.
  public let isAbsence: Bool
  /// The variable's name, which is unique in a model.
  public let name: String
  /// Whether it is part of the condition y; else it is part of the observation x.
  public let isGiven: Bool
  /// Whether it may be unknown ("any").
  public let acceptsMissing: Bool
  /// Whether it is generated only in some records: in others it is given, or there is no value. Where it
  /// isn't generated, an index is one past the last level, and a real field has a 0 in ``target``.
  public let isPartial: Bool
  /// Which part of the variable it is.
  public let part: Part
  /// How it enters networks.
  public internal(set) var features: FeatureForm
  /// How many numbers stand for a level in layers that read it; nil: as many as the layer has outputs.
  var embedding: Int?
  /// Whether programs may lack it, as if it were zeros.
  var isOptional = false

  /// Which part of a variable an input holds. Most variables have only their value as an input.
  public enum Part: String, Hashable, Sendable {
    /// The whole value.
    case value
    /// The value in the cells that are given, and zeros elsewhere: `[batch, width]`; or the given index, one
    /// past the last level where none is given: `[batch]`.
    case known
    /// 1 in the cells that are given, 0 in those to fill: `[batch, cells]`. An index has none.
    case mask
    /// 1 where a partial field is generated, 0 where not: `[batch, 1]`. An index has none.
    case target
    /// A partial index in a ``ColumnChain``, given or generated; one past the last level where there is no
    /// value: `[batch]`.
    case seen
  }
}

extension FieldInput {
  /// A field in its role. Only given fields may be unknown.
  public init(field: Field, isGiven: Bool, acceptsMissing: Bool, isPartial: Bool = false) {
    var features = field.module.features
    if !isGiven, field.mayBeMissing, let count = features.count {
      features = .index(count: count + 1)
    }
    self.init(
      field: field, isAbsence: false, name: field.name, isGiven: isGiven,
      acceptsMissing: isGiven && acceptsMissing, isPartial: !isGiven && isPartial, part: .value,
      features: features)
  }

  /// The variable that says whether records have a value of a generated field that is no index; no field is
  /// called `name`.
  init(absenceOf field: Field, name: String, isPartial: Bool) {
    self.init(
      field: field, isAbsence: true, name: name, isGiven: false, acceptsMissing: false,
      isPartial: isPartial, part: .value, features: .index(count: 2))
  }

  private func part(_ part: Part, isGiven: Bool, _ features: FeatureForm) -> FieldInput {
    FieldInput(
      field: field, isAbsence: isAbsence, name: name, isGiven: isGiven,
      acceptsMissing: (part == .known || part == .seen) && features.isIndex, isPartial: false,
      part: part, features: features, embedding: embedding)
  }

  /// The given cells of a masked field, as a part of the condition.
  public var known: FieldInput { part(.known, isGiven: true, features) }

  /// Which cells of a masked field are given, as a part of the condition: a picture of one channel,
  /// for other fields a number.
  public var mask: FieldInput {
    let cells = features.pictureSize.map {
      FeatureForm.picture(ImageSize(height: $0.height, width: $0.width, channels: 1))
    }
    return part(.mask, isGiven: true, cells ?? .rows(width: 1))
  }

  /// Where a partial field that is no index is generated.
  public var target: FieldInput { part(.target, isGiven: false, .rows(width: 1)) }

  /// The index of a partial variable, given or generated.
  public var seen: FieldInput { part(.seen, isGiven: false, features) }

  /// The same input for a network that reads it whether it sees the condition or not.
  var alwaysRead: FieldInput {
    FieldInput(
      field: field, isAbsence: isAbsence, name: name, isGiven: false,
      acceptsMissing: acceptsMissing, isPartial: isPartial, part: part, features: features,
      embedding: embedding, isOptional: isOptional)
  }

  /// Numbers that say what was done to pictures, a condition that only training programs have; no field is called `name`.
  init(augmentation name: String, count: Int) {
    self.init(
      field: Field(name: name, kind: .vector(count: count)), isGiven: true, acceptsMissing: false)
    isOptional = true
  }

  /// What identifies the input of a program, whatever role networks read it in.
  var identity: FieldPart { FieldPart(name: name, part: part) }

  /// Whether it is a text.
  public var isText: Bool { features.vocabulary != nil }

  /// Whether a real field has an input that says where it is unknown.
  public var hasUnknownFlag: Bool { acceptsMissing && !features.isIndex }

  /// The index that stands for a level that is unknown or isn't generated; nil for other kinds, and where
  /// there always is a level.
  public var missingLevel: Int32? {
    acceptsMissing || isPartial ? features.count.map { Int32($0) } : nil
  }

  /// Rows of the field's weight in a layer: an index has one for each level, and one for "any".
  var tableRows: Int {
    guard let count = features.count else { return features.width }
    return count + (missingLevel == nil ? 0 : 1)
  }

  /// How many inputs the field adds to a layer.
  var oneHotWidth: Int { tableRows + (hasUnknownFlag ? 1 : 0) }

  /// The variable's part of a parameter's path: dots would make paths ambiguous, and some words are names of
  /// layers.
  var pathName: String {
    let plain = name.unicodeScalars.map { scalar in
      switch scalar {
      case "%": "%25"
      case ".": "%2E"
      default: String(scalar)
      }
    }.joined()
    let isLayer =
      ["state", "pictures"].contains(plain)
      || plain.hasPrefix("hidden") && plain.dropFirst(6).allSatisfy(\.isNumber)
    let first = plain.utf8.first.map { "%" + String($0, radix: 16) } ?? ""
    return (isLayer ? first + plain.dropFirst() : plain) + (part == .value ? "" : ".\(part)")
  }
}

extension FieldInput: Hashable {
  /// Whether both are one part of one variable of a model, in one role.
  public static func == (first: FieldInput, second: FieldInput) -> Bool {
    first.identity == second.identity && first.isGiven == second.isGiven
  }

  /// Mixes variable, part and role in.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(identity)
    hasher.combine(isGiven)
  }
}

/// A variable's part in a program.
struct FieldPart: Hashable, Sendable {
  let name: String
  let part: FieldInput.Part
}

extension FieldInput: CustomStringConvertible {
  /// The variable's name and the part: `"size.mask"`.
  public var description: String { part == .value ? name : "\(name).\(part)" }
}
