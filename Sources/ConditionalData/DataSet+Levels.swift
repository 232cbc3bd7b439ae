public import RecordTypes

extension DataSet {
  /// The same records with their categories in the terms of another schema, such as a model's, so
  /// that an index means the same level in both.
  ///
  /// Levels are matched by name. Where the data only number theirs ("0", "1", …), they are matched
  /// by index. Fields that the other schema lacks stay as they are.
  ///
  /// - Throws: ``UnknownName`` for a level that the other schema lacks.
  public func matchingLevels(of other: RecordSchema) throws -> DataSet {
    var fields = schema.fields
    var columns = columns
    for (index, field) in schema.fields.enumerated() {
      guard case .levels(let values) = columns[index], let wanted = other.category(field.name),
        wanted != field.levels
      else { continue }
      let isNumbered = field.levels == field.levels.indices.map(String.init)
      let places = field.levels.map { name in wanted.firstIndex(of: name) }
      if !isNumbered || places.allSatisfy({ $0 != nil }) {
        columns[index] = .levels(
          try values.map { value in
            guard value >= 0 else { return value }
            guard let place = places[Int(value)] else {
              throw UnknownName(
                kind: "level of '\(field.name)'", name: field.levels[Int(value)], known: wanted)
            }
            return Int32(place)
          })
      } else if let highest = values.max(), Int(highest) >= wanted.count {
        throw UnknownName(
          kind: "level of '\(field.name)'", name: field.levels[Int(highest)], known: wanted)
      }
      fields[index] = Field(name: field.name, kind: .category(levels: wanted))
    }
    return DataSet(self, schema: RecordSchema(fields: fields), columns: columns)
  }
}

extension RecordSchema {
  /// The levels of a category; nil where there is no such field or it is of another kind.
  fileprivate func category(_ name: String) -> [String]? {
    for field in fields where field.name == name && field.isCategory { return field.levels }
    return nil
  }
}
