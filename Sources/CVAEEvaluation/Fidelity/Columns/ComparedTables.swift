import ConditionalData
import RecordTypes

/// Real and synthetic rows with the same columns, the same levels, and dates that count from the
/// same day.
struct ComparedTables {
  let real: TableRows
  let synthetic: TableRows

  /// Takes the real rows' numbers and categories, and finds their columns in the synthetic rows by
  /// name. Levels are matched by name too; those that only synthetic rows have come last.
  init(real: DataSet, synthetic: DataSet) throws(FidelityFailure) {
    let counted = synthetic.counting(as: real.forms)
    var own: [TableColumn] = []
    var others: [TableColumn] = []
    for (field, column) in zip(real.schema.fields, real.columns) {
      guard case .number = field.kind else {
        guard field.isCategory else { continue }
        let (other, values) = try Self.column(of: field, in: counted)
        guard case .levels(let levels) = column, case .levels(let otherLevels) = values else {
          throw Self.differs(field, other, synthetic)
        }
        let names = field.levels + other.levels.filter { !Set(field.levels).contains($0) }
        let places = Dictionary(uniqueKeysWithValues: zip(names, Int32(0)...))
        let moved = other.levels.map { places[$0] ?? -1 }
        own.append(TableColumn(name: field.name, values: .levels(levels, names: names)))
        others.append(
          TableColumn(
            name: field.name,
            values: .levels(otherLevels.map { $0 < 0 ? -1 : moved[Int($0)] }, names: names)))
        continue
      }
      let (other, values) = try Self.column(of: field, in: counted)
      guard case .reals(let numbers, 1) = column, case .number = other.kind,
        case .reals(let otherNumbers, 1) = values
      else { throw Self.differs(field, other, synthetic) }
      own.append(TableColumn(name: field.name, values: .numbers(numbers)))
      others.append(TableColumn(name: field.name, values: .numbers(otherNumbers)))
    }
    guard !own.isEmpty else { throw .noColumns(source: real.source) }
    self.real = TableRows(own)
    self.synthetic = TableRows(others)
  }

  private static func column(
    of field: Field, in data: DataSet
  ) throws(FidelityFailure) -> (field: Field, values: Column) {
    guard let index = data.schema.fields.firstIndex(where: { $0.name == field.name }) else {
      throw .missingColumn(field.name, source: data.source)
    }
    return (data.schema.fields[index], data.columns[index])
  }

  private static func differs(
    _ field: Field, _ other: Field, _ synthetic: DataSet
  ) -> FidelityFailure {
    .kindDiffers(
      column: field.name, expected: field.kind.summary, actual: other.kind.summary,
      source: synthetic.source)
  }
}
