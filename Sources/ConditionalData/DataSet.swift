import Foundation
public import RecordSchema
import TensorFiles

/// Records in memory, column by column.
public struct DataSet: Sendable {
  /// What each record is made of.
  public let schema: RecordSchema
  /// One for each field, in the order of the schema.
  public let columns: [Column]
  /// The number of records.
  public let count: Int
  /// The records that the data itself sets apart for testing.
  public let ownTest: Range<Int>?
  /// Where the records come from, for messages.
  public let source: String
  /// Sixteen hexadecimal digits that differ when fields, values or ``ownTest`` differ, wherever the
  /// records come from and whatever their levels are called.
  public let fingerprint: String

  /// A data set of columns in the order of the schema's fields.
  ///
  /// - Throws: `DataFileFailure`, named by `source`, for columns that don't fit the schema or each
  ///   other, levels that don't exist, infinite numbers, and when there are no records.
  public init(
    schema: RecordSchema, columns: [Column], ownTest: Range<Int>? = nil, source: String = "data"
  ) throws {
    let check = DataSetCheck(source: source)
    count = try check.count(of: columns, schema)
    for (field, column) in zip(schema.fields, columns) { try check.values(column, of: field) }
    if let ownTest { try check.ownTest(ownTest, count: count) }
    self.schema = schema
    self.columns = columns
    self.ownTest = ownTest
    self.source = source
    fingerprint = Fingerprint(schema: schema, columns: columns, ownTest: ownTest).text
  }

  /// The same records with a column replaced, and the same fingerprint.
  init(_ original: DataSet, schema: RecordSchema, columns: [Column]) {
    self.schema = schema
    self.columns = columns
    count = original.count
    ownTest = original.ownTest
    source = original.source
    fingerprint = original.fingerprint
  }

  /// Reads what is at `path`: a folder of IDX files, or an `.npz` file.
  ///
  /// `schemaFile`, else a `schema.yaml` beside the data, can name levels:
  ///
  ///     fields: {label: {levels: [T-shirt, trousers, pullover]}}
  ///
  /// - Throws: `DataFileFailure`, `FileFailure`, ``SchemaFileFailure``, each with one sentence that
  ///   names the file.
  public static func load(_ path: String, schemaFile: String? = nil) throws -> DataSet {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw FileFailure(path: path, action: "open", code: ENOENT)
    }
    var table: DataTable
    let folder: String
    if isFolder.boolValue, IDXFolder.isOne(path) {
      table = try IDXFolder.read(path)
      folder = path
    } else if !isFolder.boolValue, try NPZTable.isOne(path) {
      table = try NPZTable.read(path)
      folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    } else {
      throw UnreadableForm.failure(path, isFolder: isFolder.boolValue)
    }
    let beside = URL(fileURLWithPath: folder).appendingPathComponent("schema.yaml").path
    if let schemaFile {
      try SchemaFile(schemaFile).apply(to: &table)
    } else if FileManager.default.fileExists(atPath: beside) {
      try SchemaFile(beside).apply(to: &table)
    }
    return try DataSet(
      schema: RecordSchema(fields: table.fields), columns: table.columns, ownTest: table.ownTest,
      source: path)
  }
}

/// What a reader makes of a file, before a schema file is applied and all of it is checked.
struct DataTable {
  var fields: [Field]
  var columns: [Column]
  var ownTest: Range<Int>?
}
