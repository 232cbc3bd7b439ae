import RecordTypes
import TensorFiles

extension StoredTable {
  /// So many columns of numbers are measured in one pass over the blocks.
  private static let columnsAtOnce = 4

  /// Measures the training records of a table in passes over its blocks: levels are counted, means and ranges are exact,
  /// and distributions come from a ``QuantileSketch``.
  ///
  /// - Throws: As ``Preprocessing/fit(_:on:fields:)``, ``DamagedTable``.
  func preprocessing(_ rule: SplitRule, split: Field?, fields: [String]) throws -> Preprocessing {
    let wanted = header.fields.filter { fields.contains($0.name) }
    var counts: [String: [Int]] = [:]
    let categories = wanted.filter(\.isCategory)
    if !categories.isEmpty { counts = try levelCounts(categories, rule, split) }
    var scales: [String: FieldScale] = [:]
    var quantiles: [String: QuantileMap] = [:]
    let numbers = wanted.filter { !$0.isCategory }
    for start in stride(from: 0, to: numbers.count, by: Self.columnsAtOnce) {
      let some = Array(numbers[start..<min(start + Self.columnsAtOnce, numbers.count)])
      for (field, fitted) in zip(some, try measured(some, rule, split)) {
        scales[field.name] = fitted.scale
        quantiles[field.name] = fitted.quantiles
      }
    }
    return Preprocessing(
      scales: scales, levelCounts: counts, forms: header.forms.filter { scales[$0.key] != nil },
      quantiles: quantiles, leftOut: header.leftOut, reasonsLeftOut: reasonsLeftOut)
  }

  private var reasonsLeftOut: [String: String] {
    var reasons: [String: String] = [:]
    for case .leftOut(let column, let reason, _) in header.notes.map(\.note.content) {
      reasons[column] = reason
    }
    return reasons
  }

  private func levelCounts(
    _ fields: [Field], _ rule: SplitRule, _ split: Field?
  ) throws -> [String: [Int]] {
    var counts = fields.map { [Int](repeating: 0, count: $0.levels.count) }
    try forEachBlock(of: .train, rule, split, fields: fields.map(\.name)) { records in
      for (place, column) in records.columns.enumerated() {
        for record in 0..<records.count {
          if let level = column.level(record) { counts[place][Int(level)] += 1 }
        }
      }
    }
    for (field, counts) in zip(fields, counts) where !counts.contains(where: { $0 > 0 }) {
      throw lacking(field)
    }
    return Dictionary(zip(fields.map(\.name), counts)) { first, _ in first }
  }

  private func measured(
    _ fields: [Field], _ rule: SplitRule, _ split: Field?
  ) throws -> [FittedField] {
    var sketches = fields.map { _ in QuantileSketch() }
    var moments = fields.map { field in
      StreamedMoments(
        largest: schema.position(of: field.name).map { header.columns[$0].largest } ?? 1)
    }
    try forEachBlock(of: .train, rule, split, fields: fields.map(\.name)) { records in
      for (place, column) in records.columns.enumerated() {
        for (record, number) in column.numbers.enumerated() where column.isKnown(record) {
          sketches[place].add(number)
          moments[place].add(number)
        }
      }
    }
    return try fields.indices.map { place in
      let (field, sketch) = (fields[place], sketches[place])
      guard sketch.count > 0 else { throw lacking(field) }
      // Equal to what is measured in memory, to the last bit.
      if let exact = sketch.exact {
        let scale = try FieldScale(training(field), [exact])
        return FittedField(scale: scale, quantiles: QuantileMap(exact))
      }
      let own = moments[place]
      guard !own.isConstant else {
        throw FieldScale.constant(field.name, own.minimum, path: header.name)
      }
      return FittedField(
        scale: FieldScale(
          mean: [own.mean], standardDeviation: [own.deviation], minimum: [own.minimum],
          maximum: [own.maximum]),
        quantiles: QuantileMap(sorted: sketch.sorted))
    }
  }

  private func lacking(_ field: Field) -> DataFileFailure {
    training(field).missing(field.name)
  }

  /// A column without records, for messages.
  private func training(_ field: Field) -> TrainingColumn {
    TrainingColumn(
      field: field, column: .missing(field, count: 0), records: [], isTable: true,
      source: header.name)
  }
}
