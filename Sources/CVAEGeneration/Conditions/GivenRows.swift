import CVAEModels
public import CVAETraining
import ConditionalData
public import RecordTypes
import TensorFiles

/// The rows of a table as conditions of records, read block by block: its columns are given fields. A cell that says
/// `any`, and a key that a JSON object lacks, is unknown; one that says `missing`, or is empty, is a missing value.
///
/// ```swift
/// let rows = try GivenRows("requests.csv", model: model)
/// while let block = try rows.next(atMost: generator.recordsAtOnce) {
///   let records = try generator.draw(DrawRequest(block, seed: 1))[0]
///   try records.table(of: block).writeRows(to: &file, as: .csv)
/// }
/// ```
///
/// Columns that took no part in the model's training, such as a number of the record, are kept beside. It is used by one
/// thread at a time.
public final class GivenRows {
  /// The names of the file's columns that are given fields, and which columns they are.
  public let columns: [(index: Int, name: String)]

  private let model: TrainedModel
  private let values: [String: GivenValue]
  private let each: Int
  private let seed: UInt64
  private let fields: [Field?]
  private var reader: TableReader
  /// The rows at hand, and how many of their records were handed over.
  private var rows: FileRows?
  private var used = 0
  private var first = 0

  /// Reads the names of the columns.
  ///
  /// - Parameters:
  ///   - path: A `.csv`, `.tsv` or `.jsonl` file, also with `.gz`, or `-` for standard input.
  ///   - values: Fields that the table doesn't have, the same for all records.
  ///   - count: How many records each row gives.
  ///   - seed: Decides what is drawn from sets and ranges.
  /// - Throws: `DataFileFailure` for columns that the model doesn't know or generates, and for a table that gives no
  ///   field; ``UnknownName``, ``MisplacedCondition``, ``InvalidGiven`` for `values`, `FileFailure`.
  public init(
    _ path: String, model: TrainedModel, values: [String: GivenValue] = [:], each count: Int = 1,
    seed: UInt64 = 1
  ) throws {
    self.model = model
    self.values = values
    each = max(1, count)
    self.seed = seed
    let reader = try TableReader(path)
    fields = try GivenColumns(reader.names, of: reader.place, model).fields()
    columns = fields.enumerated().compactMap { index, field in field.map { (index, $0.name) } }
    self.reader = reader
    for (index, name) in columns where values[name] != nil {
      throw InvalidGiven(
        place: "'\(name)'", expected: "a value in one place",
        actual: "one for all records, and column \(index + 1) of the table")
    }
    _ = try Conditions(values, count: 0, model: model)
  }

  /// The next records, at most `most`; nil at the end.
  ///
  /// - Throws: `DataFileFailure` that names line and column, for an unknown level, a text in place of a number, and a
  ///   missing value of a field that no training record lacks.
  public func next(atMost most: Int) throws -> RecordBlock? {
    if let rows, used < rows.records.count * each { return try block(rows, most) }
    used = 0
    rows = try reader.readRows(
      of: fields, forms: model.preprocessing.forms, atMost: max(1, most / each),
      mayBeMissing: { [model] field in
        field.mayBeMissing || !model.model.masksRows && model.model.acceptsMissing
      })
    return try rows.map { try block($0, most) }
  }

  private func block(_ rows: FileRows, _ most: Int) throws -> RecordBlock {
    let count = min(max(1, most), rows.records.count * each - used)
    var conditions = try Conditions(values, count: count, first: first, model: model, seed: seed)
    let indices = (used..<used + count).map { $0 / each }
    for (field, column) in zip(rows.records.schema.fields, rows.records.columns) {
      conditions.set(field, to: column.selecting(indices))
    }
    for (index, name) in columns where fields[index]?.mayBeMissing == true {
      guard let absent = rows.absent[index] else { continue }
      conditions.setAbsent(name, Bitmap(indices.map { absent[$0] }))
    }
    let block = RecordBlock(
      conditions, first: first, RowsBeside(rows, first: used, each: each))
    used += count
    first += count
    return block
  }
}

/// The columns of a table that gives conditions.
private struct GivenColumns {
  private let names: [String]
  private let place: String
  private let model: TrainedModel
  private let known: [Field]

  init(_ names: [String], of place: String, _ model: TrainedModel) {
    self.names = names
    self.place = place
    self.model = model
    known = model.conditionFields.filter { type(of: $0.codec).readsCells }
  }

  /// The field of each column; nil for one that stays as it is.
  func fields() throws -> [Field?] {
    let unused = Set(model.unusedColumns.map { Array($0.utf8) })
    let fields = names.map { name in known.first { $0.name.utf8.elementsEqual(name.utf8) } }
    let others = zip(names, fields).filter { $1 == nil }.map(\.0)
      .filter { !unused.contains(Array($0.utf8)) }
    let isField = { (name: String) in
      model.schema.fields.contains { $0.name.utf8.elementsEqual(name.utf8) }
    }
    if let generated = others.first(where: isField) {
      let summary = try model.schema.field(generated).kind.summary
      let reason =
        model.conditionFields.contains { $0.name == generated }
        ? "\(summary), which no cell can hold" : "which the model generates"
      throw failure("columns that can be given, \(list)", "'\(generated)', \(reason)")
    }
    guard others.isEmpty else {
      let found = others.map { name -> String in
        let nearest = UnknownName(kind: "column", name: name, known: known.map(\.name)).nearest
        return "'\(name)'" + (nearest.first.map { " (the nearest is '\($0)')" } ?? "")
      }
      throw failure("columns that the model knows, \(list)", NameList.text(found, atMost: 12))
    }
    guard fields.contains(where: { $0 != nil }) else {
      throw failure("a column that can be given, \(list)", NameList.text(names, atMost: 12))
    }
    return fields
  }

  private var list: String {
    known.isEmpty
      ? "of which this model has none" : NameList.text(known.map { "'\($0.name)'" }, atMost: 12)
  }

  private func failure(_ expected: String, _ actual: String) -> DataFileFailure {
    DataFileFailure(
      path: place, expected: expected, actual: actual, advice: "rename the column, or remove it")
  }
}
