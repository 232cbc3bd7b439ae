public import RecordTypes

extension DataSet {
  /// The same records with absence as a part of them: a category with missing values gets the level
  /// ``RecordTypes/Field/absentLevel``, and a number or vector a field beside it that says whether it is
  /// missing, see ``RecordTypes/Field/absence(of:)``.
  ///
  /// - Parameter names: The fields whose absence is to be modelled; others stay as they are.
  public func modellingAbsence(of names: [String]) -> DataSet {
    let absent = zip(schema.fields, columns).filter { field, column in
      names.contains(field.name) && column.missing != nil
    }.map(\.0.name)
    return recording(
      absence: absent, of: RecordSchema(fields: schema.fields + absent.compactMap(absenceField)))
  }

  /// The same records with their absence as `model` has it.
  public func modellingAbsence(like model: RecordSchema) -> DataSet {
    let absences = model.fields.filter { field in
      field.absenceOf.map { name in schema.fields.contains { $0.name == name } } ?? false
    }
    let names =
      absences.compactMap(\.absenceOf)
      + model.fields.filter { $0.levels.contains(Field.absentLevel) }.map(\.name)
    return recording(absence: names, of: RecordSchema(fields: schema.fields + absences))
  }

  private func absenceField(_ name: String) -> Field? {
    schema.fields.first { $0.name == name && !$0.isCategory }.map(Field.absence)
  }

  /// `wanted` has this schema's fields, and behind them those that tell of absence.
  private func recording(absence names: [String], of wanted: RecordSchema) -> DataSet {
    if names.isEmpty { return self }
    var fields = schema.fields
    var columns = columns
    for (index, field) in schema.fields.enumerated() where names.contains(field.name) {
      guard case .category(var levels) = field.kind, case .levels(let indices) = columns[index]
      else { continue }
      if !levels.contains(Field.absentLevel) { levels.append(Field.absentLevel) }
      let absent = Int32(levels.firstIndex(of: Field.absentLevel) ?? 0)
      fields[index] = Field(name: field.name, kind: .category(levels: levels))
      columns[index] = .levels(indices.map { $0 < 0 ? absent : $0 })
    }
    for field in wanted.fields.dropFirst(schema.fields.count) {
      guard let index = schema.fields.firstIndex(where: { $0.name == field.absenceOf }) else {
        continue
      }
      let missing = columns[index].missing ?? [Bool](repeating: false, count: count)
      fields.append(field)
      columns.append(.levels(missing.map { $0 ? 1 : 0 }))
    }
    return DataSet(self, schema: RecordSchema(fields: fields), columns: columns)
  }
}

extension DataSet {
  /// The same records with absences as missing values again, and no fields that tell of them.
  public func withAbsenceAsMissing() -> DataSet {
    let kept = schema.fields.indices.filter { schema.fields[$0].absenceOf == nil }
    var fields: [Field] = []
    var columns: [Column] = []
    for index in kept {
      let field = schema.fields[index]
      guard field.levels.last == Field.absentLevel, field.levels.count > 1,
        case .levels(let levels) = self.columns[index]
      else {
        fields.append(field)
        columns.append(self.columns[index])
        continue
      }
      let absent = Int32(field.levels.count - 1)
      fields.append(
        Field(name: field.name, kind: .category(levels: Array(field.levels.dropLast()))))
      columns.append(.levels(levels.map { $0 == absent ? -1 : $0 }))
    }
    return DataSet(self, schema: RecordSchema(fields: fields), columns: columns)
  }
}
