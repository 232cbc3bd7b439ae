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
  /// Sixteen hexadecimal digits that differ when fields, values or ``ownTest`` differ, wherever the
  /// records come from and whatever their levels are called.
  public let fingerprint: String
  /// What the reader left out of the data, and why: sentences for the user.
  public let notes: [String]
  /// How numbers of tables are written, by the field's name.
  public let forms: [String: NumberForm]
  /// Columns of the data that became no field.
  public let leftOut: [String]
  /// Whether the records are a table's rows, of whose numbers nothing is known beforehand.
  public let isTable: Bool

  /// A data set of columns in the order of the schema's fields.
  ///
  /// - Throws: `DataFileFailure`, named by `source`, for columns that don't fit the schema or each
  ///   other, levels that don't exist, infinite numbers, and when there are no records.
  public init(
    schema: RecordSchema, columns: [RecordColumn], ownTest: Range<Int>? = nil,
    source: String = "data",
    notes: [String] = [], forms: [String: NumberForm] = [:], isTable: Bool = false,
    leftOut: [String] = []
  ) throws {
    let check = DataSetCheck(source: source)
    records = try check.records(schema, columns)
    if let ownTest { try check.ownTest(ownTest, count: records.count) }
    self.ownTest = ownTest
    self.source = source
    self.notes = notes
    self.forms = forms
    self.isTable = isTable
    self.leftOut = leftOut
    fingerprint = try Fingerprint(records, ownTest: ownTest).text
  }

  /// What each record is made of.
  public var schema: RecordSchema { records.schema }
  /// One for each field, in the order of the schema.
  public var columns: [RecordColumn] { records.columns }
  /// The number of records.
  public var count: Int { records.count }

  /// The same records with columns replaced, and the same fingerprint.
  init(_ original: DataSet, fields: [Field], columns: [RecordColumn]) {
    records = Records(
      trusting: RecordSchema(trusting: fields), columns, count: original.count)
    ownTest = original.ownTest
    source = original.source
    notes = original.notes
    forms = original.forms
    isTable = original.isTable
    leftOut = original.leftOut
    fingerprint = original.fingerprint
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

  /// Reads what is at `path`: a folder of IDX files, a folder of pictures in class folders or with a
  /// `metadata.csv`, a table (`.csv`, `.tsv`, also with `.gz`), or an `.npz` file.
  ///
  /// `schemaFile`, else a `schema.yaml` beside the data, can name levels, and say what pictures are
  /// scaled to and what columns of texts are:
  ///
  ///     fields: {label: {levels: [T-shirt, trousers, pullover]}, image: {size: 64}}
  ///
  /// Where pictures are read for a model, `model` is its schema: they come in its size, and columns
  /// of texts become what they were in training. Many pictures are decoded once into `cache`, and
  /// mapped from there; without one they stay in memory.
  ///
  /// - Throws: `DataFileFailure`, `FileFailure`, ``SchemaFileFailure``, each with one sentence that
  ///   names the file.
  public static func load(
    _ path: String, schemaFile: String? = nil, like model: RecordSchema? = nil,
    cache: PictureCache? = nil
  ) throws -> DataSet {
    do {
      return try read(path, schemaFile, model, cache)
    } catch let damaged as DamagedCache {
      PartialFiles.removePlainFile(damaged.path)
      return try read(path, schemaFile, model, cache)
    }
  }

  private static func read(
    _ path: String, _ schemaFile: String?, _ model: RecordSchema?, _ cache: PictureCache?
  ) throws -> DataSet {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw FileFailure(path: path, action: "open", code: ENOENT)
    }
    let isPlainFile = !isFolder.boolValue
    let folder = isPlainFile ? URL(fileURLWithPath: path).deletingLastPathComponent().path : path
    let beside = URL(fileURLWithPath: folder).appendingPathComponent("schema.yaml").path
    let hasOneBeside = FileManager.default.fileExists(atPath: beside)
    let schema = try (schemaFile ?? (hasOneBeside ? beside : nil)).map { try SchemaFile($0) }
    var table: DataTable
    if !isPlainFile, IDXFolder.isOne(path) {
      table = try IDXFolder.read(path)
    } else if !isPlainFile, PictureFolder.isOne(path) {
      table = try PictureFolder.read(path, FieldRequests(file: schema, model: model), cache: cache)
    } else if isPlainFile, TableFile.isOne(path) {
      table = try TableFile.read(path, FieldRequests(file: schema, model: model))
    } else if isPlainFile, try NPZTable.isOne(path) {
      table = try NPZTable.read(path)
    } else {
      throw UnreadableForm.failure(path, isFolder: isFolder.boolValue)
    }
    try schema?.apply(to: &table)
    return try DataSet(
      schema: table.schema(of: path), columns: table.columns, ownTest: table.ownTest,
      source: path, notes: table.notes, forms: table.forms,
      isTable: table.isTable, leftOut: table.leftOut)
  }
}

/// What a reader makes of a file, before a schema file is applied and all of it is checked.
struct DataTable {
  var fields: [Field]
  var columns: [RecordColumn]
  var ownTest: Range<Int>?
  /// What was left out, and why: sentences.
  var notes: [String] = []
  /// How numbers are written, by the field's name.
  var forms: [String: NumberForm] = [:]
  /// Whether it was a file of rows.
  var isTable = false
  /// Columns of the data that became no field.
  var leftOut: [String] = []

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
