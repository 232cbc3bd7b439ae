import Foundation
public import RecordTypes
import TensorFiles

/// Records, column by column, in memory or mapped into it.
public struct DataSet: Sendable {
  /// The records.
  public let records: Records
  /// The records that the data itself sets apart for testing.
  public let ownTest: Range<Int>?
  /// Where the records come from, for messages.
  public let source: String
  /// Sixteen hexadecimal digits that depend on fields, values and ``ownTest`` alone, not on where the records
  /// come from or what their levels are called.
  public let fingerprint: String
  /// What the reader left out of the data or took otherwise than it looks, and why.
  package private(set) var remarks: [DataNote] = []
  /// How numbers of tables are written, by the field's name.
  public let forms: [String: NumberForm]
  /// Columns of the data that became no field.
  public let leftOut: [String]
  /// How often each text stood for a missing value in a table, by the field's name.
  package private(set) var missingTexts: [String: [String: Int]] = [:]
  /// Where each level first stands in a table that is read for a model, by the field's name.
  private(set) var levelPlaces: [String: LevelPlaces] = [:]
  /// What the reader says of a field's values, where that is more than its kind, by the field's name.
  package private(set) var summaries: [String: String] = [:]
  /// The parts of the table of which the records are samples; nil where they are all there is.
  package private(set) var stored: StoredSplit?
  /// Whether the records are a table's rows, about whose numbers nothing is known beforehand.
  public let isTable: Bool

  /// A data set of columns in the order of the schema's fields.
  ///
  /// - Throws: `DataFileFailure`, named by `source`, for columns that don't fit the schema or each
  ///   other, levels that don't exist, infinite numbers, and when there are no records.
  public init(
    schema: RecordSchema, columns: [RecordColumn], ownTest: Range<Int>? = nil,
    source: String = "data",
    forms: [String: NumberForm] = [:], isTable: Bool = false, leftOut: [String] = []
  ) throws {
    let check = DataSetCheck(source: source)
    records = try check.records(schema, columns)
    if let ownTest { try check.ownTest(ownTest, count: records.count) }
    self.ownTest = ownTest
    self.source = source
    self.forms = forms
    self.isTable = isTable
    self.leftOut = leftOut
    fingerprint = try Fingerprint(records, ownTest: ownTest).text
  }

  /// Samples of a stored table's records, with the fingerprint of all.
  ///
  /// - Throws: As ``DataSplit/init(_:seed:validation:by:)``, ``DamagedTable``, `FileFailure`.
  public init(
    _ table: StoredTable, seed: UInt64, validation share: Double, by field: String?
  ) throws {
    let (split, records) = try StoredSplit.make(
      table, seed: seed, validation: share, by: field)
    let header = table.header
    self.records = records
    stored = split
    ownTest = nil
    source = header.name
    forms = header.forms
    isTable = true
    leftOut = header.leftOut
    fingerprint = header.fingerprint
    remarks = header.notes.map(\.note)
    missingTexts = header.missingTexts
  }

  /// The ``fingerprint`` that version 0.2.0 gave the data; nil where decoded pictures are damaged.
  public var earlierFingerprint: String? {
    try? Fingerprint(records, ownTest: ownTest, isEarlier: true).text
  }

  /// What the reader left out of the data, and why: sentences for the user.
  public var notes: [String] { remarks.map(\.sentence) }
  /// Why columns became no field, by their names: a clause behind "as", without the cells that were decisive.
  package var reasonsLeftOut: [String: String] {
    var reasons: [String: String] = [:]
    for case .leftOut(let column, let reason, _) in remarks.map(\.content) {
      reasons[column] = reason
    }
    return reasons
  }
  /// What each record is made of.
  public var schema: RecordSchema { records.schema }
  /// One for each field, in the order of the schema.
  public var columns: [RecordColumn] { records.columns }
  /// The number of records.
  public var count: Int { records.count }

  /// The number of records of which ``records`` are samples, or ``count``.
  package var totalCount: Int { stored?.table.count ?? count }

  /// Whether any record lacks a field's value.
  package func hasMissing(_ name: String) -> Bool {
    stored?.table.hasMissing(name) ?? (records[name]?.hasMissing == true)
  }

  /// The same records with columns replaced, and the same fingerprint.
  init(_ original: DataSet, fields: [Field], columns: [RecordColumn]) {
    records = Records(
      trusting: RecordSchema(trusting: fields), columns, count: original.count)
    ownTest = original.ownTest
    source = original.source
    remarks = original.remarks
    forms = original.forms
    isTable = original.isTable
    leftOut = original.leftOut
    missingTexts = original.missingTexts
    levelPlaces = original.levelPlaces
    summaries = original.summaries
    stored = original.stored
    fingerprint = original.fingerprint
  }

  /// The same records with some fields, and the same fingerprint.
  package func selecting(_ isWanted: (Field) -> Bool) -> DataSet {
    let indices = schema.fields.indices.filter { isWanted(schema.fields[$0]) }
    return DataSet(
      self, fields: indices.map { schema.fields[$0] }, columns: indices.map { columns[$0] })
  }

  /// The same records with columns replaced or added, each of another field, and the same fingerprint.
  package func setting(_ changes: [(field: Field, column: RecordColumn)]) -> DataSet {
    let changed = records.setting(changes)
    return DataSet(self, fields: changed.schema.fields, columns: changed.columns)
  }

  /// The same records with dates and times counted from where `forms`, those of a model, begin.
  public func counting(as forms: [String: NumberForm]) -> DataSet {
    let moved = zip(schema.fields, columns).map { field, column in
      guard let own = self.forms[field.name], let wanted = forms[field.name], own != wanted,
        case .numbers(let numbers) = column.values
      else { return column }
      return RecordColumn(
        .numbers(numbers.map { own.converted($0, to: wanted) ?? $0 }), width: column.width,
        cells: column.cells, validity: column.validity)
    }
    return DataSet(self, fields: schema.fields, columns: moved)
  }

  /// Reads what is at `path`, by the first of `readers` that recognises it: a folder of IDX files, a
  /// table (`.csv`, `.tsv`, `.jsonl`, also with `.gz`), an `.npz` file, a folder of texts in class folders, or what other
  /// readers add. `-` is a table on
  /// standard input.
  ///
  /// `schemaFile`, or else a `schema.yaml` beside the data, can name levels, the size that pictures are
  /// scaled to, and the kind of columns of texts:
  ///
  ///     fields: {label: {levels: [T-shirt, trousers, pullover]}, image: {size: 64}}
  ///
  /// Where data are read for a model, `model` is its schema: pictures come in its size, and columns
  /// of texts become what they were in training.
  ///
  /// - Throws: `DataFileFailure`, `FileFailure`, ``SchemaFileFailure``, each with one sentence that
  ///   names the file.
  public static func load(
    _ path: String, schemaFile: String? = nil, like model: RecordSchema? = nil,
    readers: [DataReader] = DataReader.builtIn
  ) throws -> DataSet {
    do {
      return try read(path, schemaFile, model, readers)
    } catch let damaged as DamagedCache {
      PartialFiles.removePlainFile(damaged.path)
      return try read(path, schemaFile, model, readers)
    }
  }

  private static func read(
    _ path: String, _ schemaFile: String?, _ model: RecordSchema?, _ readers: [DataReader]
  ) throws -> DataSet {
    let place = try DataPlace(path, schemaFile: schemaFile)
    let container: DataReader.Container = place.isFolder ? .folder : .file
    guard let reader = try readers.first(where: { try $0.recognises(path, in: container) }) else {
      throw UnreadableForm.failure(path, isFolder: place.isFolder, readers: readers)
    }
    let table = try reader.read(path, FieldRequests(file: place.schema, model: model))
    return try DataSet(table, place)
  }

  /// The data in what a reader has read.
  init(_ read: DataTable, _ place: DataPlace) throws {
    var table = read
    try place.schema?.apply(to: &table)
    try self.init(
      schema: table.schema(of: place.name), columns: table.columns, ownTest: table.ownTest,
      source: place.name, forms: table.forms, isTable: table.isTable, leftOut: table.leftOut)
    remarks = table.notes
    missingTexts = table.missingTexts
    levelPlaces = table.levelPlaces
    summaries = table.summaries
  }
}

/// Where data are, and the schema file that goes with them.
struct DataPlace {
  let path: String
  let isStandardInput: Bool
  let isFolder: Bool
  let schemaPath: String?
  let schema: SchemaFile?

  /// - Throws: `FileFailure` where nothing is, ``SchemaFileFailure``.
  init(_ path: String, schemaFile: String?) throws {
    var isFolder: ObjCBool = false
    isStandardInput = path == ByteStream.standardInput
    guard
      isStandardInput || FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    else { throw FileFailure(path: path, action: "open", code: ENOENT) }
    self.path = path
    self.isFolder = isFolder.boolValue
    let folder =
      self.isFolder ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path
    let beside = URL(fileURLWithPath: folder).appendingPathComponent("schema.yaml").path
    let hasOneBeside = !isStandardInput && FileManager.default.fileExists(atPath: beside)
    schemaPath = schemaFile ?? (hasOneBeside ? beside : nil)
    schema = try schemaPath.map { try SchemaFile($0) }
  }

  /// The hash of the schema file; nil without one.
  var schemaHash: UInt64? {
    get throws { try schemaPath.map { try StoredTable.hash(FileReader($0).allBytes()) } }
  }

  /// What the data are called in messages.
  var name: String { isStandardInput ? ByteStream.standardInputName : path }
}

/// Where each level of a column first stands in a file.
struct LevelPlaces {
  let path: String
  let places: [ByteText: CellPlace]
}

/// What a reader has read from a file, before a schema file is applied and everything is checked.
package struct DataTable {
  package var fields: [Field]
  package var columns: [RecordColumn]
  package var ownTest: Range<Int>?
  /// What was left out, and why.
  package var notes: [DataNote] = []
  /// How numbers are written, by the field's name.
  package var forms: [String: NumberForm] = [:]
  /// Whether it was a file of rows.
  package var isTable = false
  /// Columns of the data that became no field.
  package var leftOut: [String] = []
  /// How often each text stood for a missing value, by the field's name.
  var missingTexts: [String: [String: Int]] = [:]
  /// Where each level first stands, by the field's name; for categories of a model alone.
  var levelPlaces: [String: LevelPlaces] = [:]
  /// What a field's values are, where that is more than its kind, by the field's name.
  package var summaries: [String: String] = [:]

  /// The fields as a schema.
  func schema(of path: String) throws -> RecordSchema {
    do {
      return try RecordSchema(fields: fields)
    } catch {
      throw DataFileFailure(
        path: path, expected: error.expected, actual: error.actual, advice: error.advice)
    }
  }

}

extension DataTable {
  package init(_ fields: [Field], _ columns: [RecordColumn]) {
    self.init(fields: fields, columns: columns)
  }
}
