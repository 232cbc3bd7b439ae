/// The cells of a table's rows as they stand in its file.
package struct TableCells: Sendable {
  /// The form of the table that they are read from.
  let form: TableForm
  /// The number of cells of a row.
  let width: Int
  private var bytes: [UInt8] = []
  /// Where each cell begins, row by row, and at last where the bytes end.
  private var offsets = [0]
  private var areQuoted: [Bool] = []

  init(form: TableForm, width: Int) {
    self.form = form
    self.width = width
  }

  /// Adds the next cell.
  mutating func append(_ cell: UnsafeBufferPointer<UInt8>, isQuoted: Bool) {
    bytes.append(contentsOf: cell)
    offsets.append(bytes.count)
    areQuoted.append(isQuoted)
  }

  /// A cell's text, without quotes.
  func text(_ row: Int, _ column: Int) -> String {
    withCell(row * width + column) { cell, _ in String(decoding: cell, as: UTF8.self) }
  }

  /// Whether a cell is in quotes.
  func isQuoted(_ row: Int, _ column: Int) -> Bool { areQuoted[row * width + column] }

  /// Whether a cell stands for a missing value by its text.
  func isMissing(_ row: Int, _ column: Int) -> Bool {
    withCell(row * width + column) { cell, isQuoted in !isQuoted && ColumnBuilder.isMissing(cell) }
  }

  private func withCell<Value>(
    _ index: Int, _ body: (UnsafeBufferPointer<UInt8>, Bool) -> Value
  ) -> Value {
    bytes.withUnsafeBufferPointer { bytes in
      body(
        UnsafeBufferPointer(rebasing: bytes[offsets[index]..<offsets[index + 1]]),
        areQuoted[index])
    }
  }

  /// Adds a cell to a line: in its own form of table as it stands in the file, in another one with the same value.
  ///
  /// - Parameters:
  ///   - isKnown: Whether it has a value; nil to decide by its text.
  ///   - areTexts: Whether JSON has the column's values as texts, where the cells aren't JSON; nil to decide by the
  ///     cell.
  func append(
    _ row: Int, _ column: Int, to line: inout [UInt8], as target: TableForm, isKnown: Bool?,
    areTexts: Bool? = nil
  ) {
    withCell(row * width + column) { cell, isQuoted in
      let isMissing = isKnown.map { !$0 } ?? (!isQuoted && ColumnBuilder.isMissing(cell))
      guard let separator = target.separator else {
        if isMissing, form != .jsonl || cell.isEmpty && !isQuoted {
          line += "null".utf8
        } else if form == .jsonl ? !isQuoted : isLiteral(cell, isQuoted, areTexts) {
          line.append(contentsOf: cell)
        } else {
          JSONCell.append(cell, to: &line)
        }
        return
      }
      let keepsQuotes = isQuoted && (form != .jsonl || ColumnBuilder.isMissing(cell))
      let special = [separator, UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
      guard keepsQuotes || cell.contains(where: special.contains) else {
        line.append(contentsOf: cell)
        return
      }
      line.append(UInt8(ascii: "\""))
      for byte in cell {
        if byte == UInt8(ascii: "\"") { line.append(byte) }
        line.append(byte)
      }
      line.append(UInt8(ascii: "\""))
    }
  }
}

extension TableCells {
  /// Whether JSON has the cell of another form of table as a number or truth value.
  private func isLiteral(
    _ cell: UnsafeBufferPointer<UInt8>, _ isQuoted: Bool, _ areTexts: Bool?
  ) -> Bool {
    guard let areTexts else { return !isQuoted && JSONCell.isNumber(cell) }
    return !areTexts && JSONCell.isLiteral(cell)
  }
}

extension ColumnBuilder {
  /// Whether a cell's text stands for a missing value, where no level is called so.
  fileprivate static func isMissing(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    missingWord(cell) != nil
  }
}
