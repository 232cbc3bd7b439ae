public import RecordTypes

/// Records that a model drew, with the conditions under which it did.
public struct GeneratedRecords: Sendable {
  /// One for each record.
  public let conditions: Conditions
  /// The given fields, in the schema's order.
  public let given: [Field]
  /// The generated fields, in the schema's order, in the units of the data: numbers and levels are drawn from
  /// the likelihood, pictures are the expected value of each pixel.
  public let records: Records
  /// How numbers of tables are written, by the field's name.
  public let forms: [String: NumberForm]
  /// Given fields that were unknown and, as the model has no embedding for that, were drawn from the
  /// training records' frequencies.
  public let drawnConditions: [String]

  /// The number of records.
  public var count: Int { conditions.count }
}

extension Records {
  /// The fields that the data have: what reports a number's absence makes it missing there.
  static func generated(_ fields: [Field], _ columns: [RecordColumn], leavesHoles: Bool) -> Records {
    var (kept, values): ([Field], [RecordColumn]) = ([], [])
    for (field, column) in zip(fields, columns) where field.absenceOf == nil {
      let absence = fields.firstIndex { $0.absenceOf == field.name }.map { columns[$0] }
      kept.append(field)
      if leavesHoles, let absence {
        let isThere = absence.levels.flatMap { level in
          [Bool](repeating: level == 0, count: column.cells)
        }
        values.append(
          RecordColumn(
            column.values, width: column.width, cells: column.cells, validity: Bitmap(isThere)))
      } else {
        values.append(column)
      }
    }
    return Records(
      trusting: RecordSchema(trusting: kept), values, count: columns.first?.count ?? 0)
  }
}
