public import RecordTypes

/// A file says something impossible about its fields.
public struct PreprocessingFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where it stands, for example `scales.price.mean`.
  public let key: String
  /// What should stand there.
  public let expected: String
  /// What stands there.
  public let actual: String

  /// One sentence: the key, what it needs, what came.
  public var description: String { "\(key): expected \(expected), got \(actual)." }
}

extension Preprocessing {
  /// Checks figures that come from a file: everything that ``standardised(_:field:component:position:)``,
  /// its inverse, and the writing of numbers rely on.
  ///
  /// - Throws: ``PreprocessingFailure``.
  public func validate(schema: RecordSchema) throws {
    for field in schema.fields { try field.codec.validate(self, of: field) }
    for (part, names, isRight) in [
      (
        "scales", Array(scales.keys),
        { (field: Field) in field.kind.content.storage == .numbers }
      ), ("levelCounts", Array(levelCounts.keys), \.isCategory),
      ("forms", Array(forms.keys), \.isNumber), ("quantiles", Array(quantiles.keys), \.isNumber),
      ("vocabularies", Array(vocabularies.keys), \.isText),
    ] {
      if let name = names.sorted().first(where: { name in
        schema.position(of: name).map { !isRight(schema.fields[$0]) } ?? true
      }) {
        throw PreprocessingFailure(
          key: part, expected: "fields of the schema that have them", actual: "'\(name)'")
      }
    }
    for (name, form) in forms.sorted(by: { $0.key < $1.key }) { try validate(form, of: name) }
    if let name = quantiles.filter({ !$0.value.isSound }).keys.min() {
      throw PreprocessingFailure(
        key: "quantiles.\(name)",
        expected: "knots that rise, with shares that rise from 0 to 1 and a least share above 0",
        actual: "others")
    }
  }

  func validateCounts(of field: Field) throws {
    let key = "levelCounts.\(field.name)"
    let counts = levelCounts[field.name] ?? []
    guard counts.count == field.levels.count else {
      throw PreprocessingFailure(
        key: key, expected: "\(field.levels.count) counts, one for each level",
        actual: levelCounts[field.name] == nil ? "none" : "\(counts.count)")
    }
    // As many as a Double can count one by one.
    guard let wrong = counts.first(where: { !(0...1 << 40).contains($0) }) else { return }
    throw PreprocessingFailure(
      key: key, expected: "counts of records, 0 or above", actual: "\(wrong)")
  }

  func validateScale(of field: Field) throws {
    guard let scale = scales[field.name] else {
      throw PreprocessingFailure(
        key: "scales", expected: "a scale of '\(field.name)'", actual: "none")
    }
    let lists = [
      ("mean", scale.mean), ("standardDeviation", scale.standardDeviation),
      ("minimum", scale.minimum), ("maximum", scale.maximum),
    ]
    for (name, list) in lists {
      let key = "scales.\(field.name).\(name)"
      guard list.count == field.width else {
        throw PreprocessingFailure(
          key: key, expected: "\(field.width) number\(field.width == 1 ? "" : "s")",
          actual: "\(list.count)")
      }
      if let wrong = list.first(where: { !$0.isFinite }) {
        throw PreprocessingFailure(key: key, expected: "finite numbers", actual: "\(wrong)")
      }
    }
    if let wrong = scale.standardDeviation.first(where: { $0 <= 0 }) {
      throw PreprocessingFailure(
        key: "scales.\(field.name).standardDeviation", expected: "numbers above 0",
        actual: "\(wrong)")
    }
    for (low, high) in zip(scale.minimum, scale.maximum) where low > high {
      throw PreprocessingFailure(
        key: "scales.\(field.name).maximum", expected: "at least the minimum, \(low)",
        actual: "\(high)")
    }
  }

  /// Checks that dates and times can be written.
  private func validate(_ form: NumberForm, of name: String) throws {
    if form.decimals != nil { return }
    guard form.hasOrigin else {
      throw PreprocessingFailure(
        key: "forms.\(name)", expected: "a date or time such as 2026-03-31 to count from",
        actual: "another text")
    }
    for (key, list) in [("minimum", scales[name]?.minimum), ("maximum", scales[name]?.maximum)] {
      guard let number = list?.first, !form.canWrite(number) else { continue }
      throw PreprocessingFailure(
        key: "scales.\(name).\(key)", expected: "a number that stands for a date",
        actual: "\(number)")
    }
  }
}

extension Preprocessing {
  /// The same figures for a schema that version 0.2.0 wrote: it counted missing values as a level, and as a
  /// category of their own.
  public func adapted(to schema: RecordSchema) -> Preprocessing {
    let counts = schema.fields.compactMap { field in
      levelCounts[field.name].map { (field.name, Array($0.prefix(field.levels.count))) }
    }
    return Preprocessing(
      scales: scales, levelCounts: Dictionary(uniqueKeysWithValues: counts), forms: forms,
      quantiles: quantiles, vocabularies: vocabularies, leftOut: leftOut)
  }
}

extension QuantileMap {
  /// Whether the knots rise, and so do the shares, from 0 to 1.
  var isSound: Bool {
    guard leastShare > 0, leastShare <= 1, values.allSatisfy(\.isFinite) else { return false }
    var share = 0.0
    for (below, upTo) in zip(below, upTo) {
      guard below >= share, upTo >= below, upTo <= 1 else { return false }
      share = upTo
    }
    return zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
  }
}
