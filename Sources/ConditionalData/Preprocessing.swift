public import RecordTypes

/// What must be known about the training records to convert others into a network's numbers and back.
public struct Preprocessing: Codable, Hashable, Sendable {
  /// The scale of each number and vector, by the field's name.
  public let scales: [String: FieldScale]
  /// How often each level of each category occurs, by the field's name.
  public let levelCounts: [String: [Int]]
  /// How numbers of tables are written, by the field's name.
  public let forms: [String: NumberForm]
  /// The maps that turn a table's numbers into normal variables, in place of ``scales``, by the field's name.
  public let quantiles: [String: QuantileMap]
  /// The tokens of each text, by the field's name.
  public let vocabularies: [String: TokenVocabulary]
  /// Columns of the table that became no field.
  public let leftOut: [String]
  /// Why they became none, where that is known: a clause behind "as", by the column's name.
  public let reasonsLeftOut: [String: String]

  /// Takes known figures, for example from a model file.
  public init(
    scales: [String: FieldScale], levelCounts: [String: [Int]], forms: [String: NumberForm] = [:],
    quantiles: [String: QuantileMap] = [:], vocabularies: [String: TokenVocabulary] = [:],
    leftOut: [String] = [], reasonsLeftOut: [String: String] = [:]
  ) {
    self.scales = scales
    self.levelCounts = levelCounts
    self.forms = forms
    self.quantiles = quantiles
    self.vocabularies = vocabularies
    self.leftOut = leftOut
    self.reasonsLeftOut = reasonsLeftOut
  }

  private enum CodingKeys: String, CodingKey {
    case scales, levelCounts, forms, quantiles, vocabularies, leftOut, reasonsLeftOut
  }

  /// Reads the JSON form, in which the keys that only tables and texts have may be left out.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let forms = try container.decodeIfPresent([String: NumberForm].self, forKey: .forms) ?? [:]
    let quantiles =
      try container.decodeIfPresent([String: QuantileMap].self, forKey: .quantiles) ?? [:]
    self.init(
      scales: try container.decode([String: FieldScale].self, forKey: .scales),
      levelCounts: try container.decode([String: [Int]].self, forKey: .levelCounts),
      forms: forms,
      quantiles: Dictionary(
        uniqueKeysWithValues: quantiles.map { name, map in
          (name, forms[name].map(map.rounded) ?? map)
        }),
      vocabularies: try container.decodeIfPresent(
        [String: TokenVocabulary].self, forKey: .vocabularies) ?? [:],
      leftOut: try container.decodeIfPresent([String].self, forKey: .leftOut) ?? [],
      reasonsLeftOut:
        try container.decodeIfPresent([String: String].self, forKey: .reasonsLeftOut) ?? [:])
  }

  /// Writes the JSON form; keys that only tables and texts have are written only for them.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(scales, forKey: .scales)
    try container.encode(levelCounts, forKey: .levelCounts)
    if !forms.isEmpty { try container.encode(forms, forKey: .forms) }
    if !leftOut.isEmpty { try container.encode(leftOut, forKey: .leftOut) }
    if !reasonsLeftOut.isEmpty { try container.encode(reasonsLeftOut, forKey: .reasonsLeftOut) }
    if !quantiles.isEmpty { try container.encode(quantiles, forKey: .quantiles) }
    if !vocabularies.isEmpty { try container.encode(vocabularies, forKey: .vocabularies) }
  }

  /// Measures `records`, which must be the training split alone; missing values don't count.
  ///
  /// - Parameter fields: The fields to measure; nil for all.
  /// - Throws: `DataFileFailure` for a field without a single value, or whose numbers never vary.
  public static func fit(
    _ dataSet: DataSet, on records: [Int32], fields: [String]? = nil
  ) throws -> Preprocessing {
    var fitted: [String: FittedField] = [:]
    let wanted = fields.map { Set($0) }
    for (field, column) in zip(dataSet.schema.fields, dataSet.columns)
    where wanted?.contains(field.name) ?? true {
      fitted[field.name] = try field.codec.fit(
        TrainingColumn(
          field: field, column: column, records: records, isTable: dataSet.isTable,
          source: dataSet.source))
    }
    let scales = fitted.compactMapValues(\.scale)
    return Preprocessing(
      scales: scales, levelCounts: fitted.compactMapValues(\.levelCounts),
      forms: dataSet.forms.filter { scales[$0.key] != nil },
      quantiles: fitted.compactMapValues(\.quantiles),
      vocabularies: vocabularies(dataSet, on: records, fields: wanted),
      leftOut: dataSet.isTable ? dataSet.leftOut : [],
      reasonsLeftOut: dataSet.isTable ? dataSet.reasonsLeftOut : [:])
  }

  /// The tokens of each text: fields with as many merges share theirs, so that one can quote another.
  private static func vocabularies(
    _ dataSet: DataSet, on records: [Int32], fields: Set<String>?
  ) -> [String: TokenVocabulary] {
    let texts = zip(dataSet.schema.fields, dataSet.columns).compactMap { field, column in
      fields?.contains(field.name) ?? true
        ? field.textKind.map { (name: field.name, kind: $0, column: column) } : nil
    }
    return Dictionary(grouping: texts, by: \.kind.merges).values.reduce(into: [:]) {
      result, alike in
      let shared = TokenVocabulary.learn(alike.map(\.column), records: records, kind: alike[0].kind)
      for text in alike { result[text.name] = shared }
    }
  }

  /// A number in the units of the data as networks see it: without unit, mean 0, deviation 1.
  ///
  /// Fields without a scale, such as images, stay as they are.
  ///
  /// - Parameter position: Where it falls in the interval of a value that several records share, 0 to 1.
  public func standardised(
    _ value: Double, field: String, component: Int = 0, position: @autoclosure () -> Double = 0.5
  ) -> Float {
    if let map = quantiles[field] { return map.normal(value, position: position()) }
    return scales[field]?.standardised(value, component: component) ?? Float(value)
  }

  /// The inverse of ``standardised(_:field:component:position:)``.
  public func original(_ value: Float, field: String, component: Int = 0) -> Double {
    if let map = quantiles[field] { return map.number(value) }
    return scales[field]?.original(value, component: component) ?? Double(value)
  }

  /// Where a record falls in the interval of a shared value, 0 to 1: always the same for a record.
  public static func position(ofRecord record: Int) -> Double {
    RecordHash.uniform(record: record, seed: 0, .sharedValue)
  }
}
