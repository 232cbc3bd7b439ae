public import ConditionalData
public import RecordTypes

/// Records that a model drew, with the conditions that it drew them under.
public struct GeneratedRecords: Sendable {
  /// One for each record.
  public let conditions: Conditions
  /// The given fields, in the schema's order.
  public let given: [Field]
  /// The generated fields, in the schema's order, in the units of the data: numbers and levels are drawn from
  /// the likelihood, pictures are the expected value of each pixel, or bytes where some were given.
  public let records: Records
  /// How numbers of tables are written, by the field's name.
  public let forms: [String: NumberForm]
  /// Given fields that were unknown and, since the model has no embedding for that, were drawn as often as
  /// the training records have each value.
  public let drawnConditions: [String]

  /// The number of records.
  public var count: Int { conditions.count }

  /// The records of a block as a file has them: beside the rows of the file that gives them, if there is one.
  ///
  /// That file's columns come first, in its order, and its cells stay as they are; cells that are missing get the values
  /// that were drawn for them. The other fields follow, in the schema's order.
  public func table(of block: RecordBlock) -> RecordTable {
    let given = Records(
      trusting: RecordSchema(trusting: given), given.compactMap { conditions.records[$0.name] },
      count: count)
    return RecordTable([given, records], forms: forms, beside: block.beside)
  }

  /// Given and generated fields side by side, as a file has them.
  ///
  /// - Parameters:
  ///   - inputs: The numbers of the records that these were made from, as a first column `input`.
  ///   - origins: What of those records follows, for each of these one row: columns `input FIELD`.
  public func table(inputs: [Int32]? = nil, origins: Records? = nil) -> RecordTable {
    let given = Records(
      trusting: RecordSchema(trusting: given), given.compactMap { conditions.records[$0.name] },
      count: count)
    guard let inputs else { return RecordTable([given, records], forms: forms) }
    // If a field is called "input", the column's name gets a number.
    var unused = UnusedNames((given.schema.fields + records.schema.fields).map(\.name))
    let name = unused.take("input")
    var (fields, columns) = (
      [Field(name: name, kind: .number)], [RecordColumn.numbers(inputs.map(Double.init))]
    )
    var forms = forms
    forms[name] = .decimals(0)
    for (field, column) in zip(origins?.schema.fields ?? [], origins?.columns ?? []) {
      let name = unused.take("input \(field.name)")
      fields.append(Field(name: name, kind: field.kind, style: field.style))
      columns.append(column)
      forms[name] = forms[field.name]
    }
    let origin = Records(trusting: RecordSchema(trusting: fields), columns, count: count)
    return RecordTable([origin, given, records], forms: forms)
  }
}
