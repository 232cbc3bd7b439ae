/// The rows of a table, one class for each form of file.
protocol TableRows: AnyObject {
  /// The columns' names, each once.
  var names: [String] { get }
  /// The line break after the first line; empty where there is none.
  var lineBreak: [UInt8] { get }
  /// Passes the cells of the next row to `cell`, column by column: the column's number, the bytes without quotes,
  /// none for a missing value, and the position.
  ///
  /// - Returns: False at the end of the table.
  /// - Throws: `DataFileFailure` that names the line, what `cell` throws.
  func readRow(
    _ cell: (Int, UnsafeBufferPointer<UInt8>, CellPlace) throws -> Void
  ) throws -> Bool
}
