public import RecordTypes

extension DataSet {
  /// The same records with absence as a part of them: a category with missing values gets the level
  /// ``RecordTypes/Field/absentLevel``, and a number or vector a field beside it that says whether it is
  /// missing, see ``RecordTypes/Field/absence(of:)``.
  ///
  /// - Parameter names: The fields whose absence is to be modelled; others stay as they are.
  public func modellingAbsence(of names: [String]) -> DataSet {
    let absent = zip(schema.fields, columns).filter { field, column in
      names.contains(field.name) && column.hasMissing
    }.map(\.0.name)
    return recording(absence: absent, fields: absent.compactMap(absenceField))
  }

  /// The same records with their absence as `model` has it.
  public func modellingAbsence(like model: RecordSchema) -> DataSet {
    let absences = model.fields.filter { field in
      field.absenceOf.map { name in schema.fields.contains { $0.name == name } } ?? false
    }
    let names =
      absences.compactMap(\.absenceOf)
      + model.fields.filter { $0.levels.contains(Field.absentLevel) }.map(\.name)
    return recording(absence: names, fields: absences)
  }

  private func absenceField(_ name: String) -> Field? {
    schema.fields.first { $0.name == name && !$0.isCategory }.map(Field.absence)
  }

  /// `absences` are the fields to add that say whether a number is missing.
  private func recording(absence names: [String], fields absences: [Field]) -> DataSet {
    if names.isEmpty { return self }
    var (fields, columns) = (schema.fields, columns)
    for (index, field) in schema.fields.enumerated() where names.contains(field.name) {
      guard case .category(var levels) = field.kind else { continue }
      if !levels.contains(Field.absentLevel) { levels.append(Field.absentLevel) }
      let absent = Int32(levels.firstIndex(of: Field.absentLevel) ?? 0)
      fields[index] = Field(name: field.name, kind: .category(levels: levels))
      let column = columns[index]
      columns[index] = .levels((0..<count).map { column.level($0) ?? absent })
    }
    for field in absences {
      guard let index = schema.fields.firstIndex(where: { $0.name == field.absenceOf }) else {
        continue
      }
      let column = columns[index]
      fields.append(field)
      columns.append(.levels((0..<count).map { column.isKnown($0) ? 0 : 1 }))
    }
    return DataSet(self, fields: fields, columns: columns)
  }

  /// The same records with absences as missing values again, and no fields that report them.
  public func withAbsenceAsMissing() -> DataSet {
    var (fields, columns): ([Field], [RecordColumn]) = ([], [])
    for (field, column) in zip(schema.fields, self.columns) where field.absenceOf == nil {
      guard field.levels.last == Field.absentLevel, field.levels.count > 1 else {
        fields.append(field)
        columns.append(column)
        continue
      }
      let absent = Int32(field.levels.count - 1)
      fields.append(
        Field(name: field.name, kind: .category(levels: Array(field.levels.dropLast()))))
      columns.append(.levels(column.levels.map { $0 == absent ? nil : $0 }))
    }
    return DataSet(self, fields: fields, columns: columns)
  }
}
