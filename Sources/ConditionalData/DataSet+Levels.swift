public import RecordTypes
import TensorFiles

extension DataSet {
  /// The same records with their categories in the terms of another schema, such as a model's, so
  /// that an index means the same level in both.
  ///
  /// Levels are matched by name. Where the data only number theirs ("0", "1", …) and no level of the
  /// other schema is a number, they are matched by index. A number out of few is one of the other schema's, the
  /// nearest, and a text has the other schema's tokens. Fields that the other schema lacks stay as they are.
  ///
  /// - Parameter name: A category whose levels that the other schema lacks are kept, after those that it has.
  /// - Throws: ``UnknownLevel`` of another category, or `DataFileFailure` that names line and column, where a table was
  ///   read for a model of that schema.
  public func matchingLevels(
    of other: RecordSchema, keepingUnknownOf name: String? = nil
  ) throws -> DataSet {
    var (fields, columns) = (schema.fields, columns)
    for (index, field) in schema.fields.enumerated() {
      let own = other.position(of: field.name).map { other.fields[$0] }
      if field.isText, let own, own.isText {
        fields[index] = field.having(own.kind)
        continue
      }
      if field.isNumber, let own, own.kind.content is DiscreteKind {
        fields[index] = field.having(own.kind)
        continue
      }
      guard let wanted = own?.levels,
        field.isCategory, !wanted.isEmpty, field.kind != .category(levels: wanted)
      else { continue }
      let isNumbered =
        field.levels == field.levels.indices.map(String.init) && Field.haveIndices(wanted)
      let places = wanted.places
      var order = field.levels.enumerated().map { place, name in
        isNumbered ? (place < wanted.count ? place : nil) : places[ByteText(name)]
      }
      var levels = wanted
      if field.name == name {
        for (place, known) in order.enumerated() where known == nil {
          order[place] = levels.count
          levels.append(field.levels[place])
        }
      }
      let column = columns[index]
      let moved = try (0..<count).map { record -> Int32? in
        guard let level = column.level(record) else { return nil }
        guard let place = order[Int(level)] else {
          let text = field.levels[Int(level)]
          if let own, let table = levelPlaces[field.name],
            let place = table.places[ByteText(text)]
          {
            throw DataFileFailure.unknownLevel(text, of: own, table.path, place)
          }
          throw UnknownLevel(
            field: Field(name: field.name, kind: .category(levels: wanted)),
            level: field.levels[Int(level)], record: record)
        }
        return Int32(place)
      }
      columns[index] = .levels(moved)
      fields[index] = field.having(.category(levels: levels))
    }
    return DataSet(self, fields: fields, columns: columns)
  }

  /// A category's levels with the number of records of each, or of the rarest and the most frequent where there are
  /// many: `"a category of 2 levels: boot (120) and coat (80)"`; nil for a field of another kind.
  package func levelCounts(of field: Field) -> String? {
    guard field.isCategory, let column = records[field.name] else { return nil }
    var counts = [Int](repeating: 0, count: field.levels.count)
    for record in 0..<count {
      if let level = column.level(record) { counts[Int(level)] += 1 }
    }
    let order = counts.indices.sorted { counts[$0] < counts[$1] }
    guard let first = order.first, let last = order.last else { return nil }
    let levels =
      counts.count <= 8
      ? ": "
        + NameList.text(
          zip(counts, field.levels).map { "\(NameList.level($1)) (\($0))" }, atMost: 8)
      : ", from \(NameList.count(counts[first], "record")) of '\(field.levels[first])' to "
        + "\(counts[last]) of '\(field.levels[last])'"
    return field.kind.summary + levels
  }
}
