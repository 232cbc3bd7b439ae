import ConditionalData
import RecordTypes

/// Real and synthetic rows with the same columns, the same levels, and dates that count from the
/// same day.
struct ComparedTables {
  let real: Records
  let synthetic: Records

  /// Takes the real rows' numbers and categories, and finds their columns in the synthetic rows by
  /// name. Levels are matched by name too; those that only synthetic rows have come last.
  init(real: DataSet, synthetic: DataSet) throws(FidelityFailure) {
    let compared = real.records.compared
    let counted = synthetic.counting(as: real.forms)
    var (fields, columns): ([Field], [RecordColumn]) = ([], [])
    for field in compared.schema.fields {
      guard let index = counted.schema.fields.firstIndex(where: { $0.name == field.name }) else {
        throw .missingColumn(field.name, source: synthetic.source)
      }
      let (other, column) = (counted.schema.fields[index], counted.columns[index])
      guard field.isCategory ? other.isCategory : other.isNumber else {
        throw .kindDiffers(
          column: field.name, expected: field.kind.summary, actual: other.kind.summary,
          source: synthetic.source)
      }
      guard field.isCategory else {
        fields.append(field)
        columns.append(column)
        continue
      }
      let known = field.levels.places
      let names = field.levels + other.levels.filter { known[ByteText($0)] == nil }
      let places = names.places
      let moved = other.levels.compactMap { places[ByteText($0)].map { Int32($0) } }
      fields.append(Field(name: field.name, kind: .category(levels: names)))
      columns.append(
        RecordColumn(.levels(column.levels.map { moved[Int($0)] }), validity: column.validity))
    }
    guard !fields.isEmpty else { throw .noColumns(source: real.source) }
    let schema = RecordSchema(trusting: fields)
    self.real = Records(trusting: schema, compared.columns, count: compared.count)
    self.synthetic = Records(trusting: schema, columns, count: counted.count)
  }
}
