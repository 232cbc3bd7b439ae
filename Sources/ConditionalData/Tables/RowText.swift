/// Puts the cells of rows together, in any form of table.
package struct RowText: Sendable {
  /// The form of the table.
  package let form: TableForm
  private let lineBreak: [UInt8]
  /// What stands before each cell of a row.
  private let before: [[UInt8]]

  /// Rows of columns with these names.
  package init(
    _ names: [String], form: TableForm, lineBreak: [UInt8] = [UInt8(ascii: "\n")]
  ) {
    self.form = form
    self.lineBreak = lineBreak
    before = names.enumerated().map { index, name in
      if let separator = form.separator { return index == 0 ? [] : [separator] }
      var key = [UInt8(ascii: index == 0 ? "{" : ",")]
      JSONCell.append(name.utf8, to: &key)
      return key + [UInt8(ascii: ":")]
    }
  }

  /// The first line, which names the columns; nothing for objects.
  package func header(_ names: [String]) -> [UInt8] {
    guard let separator = form.separator else { return [] }
    return Array(names.map { Array(CellText.quoted($0).utf8) }.joined(separator: [separator]))
      + lineBreak
  }

  /// Adds what stands before a cell.
  package func begin(_ cell: Int, in line: inout [UInt8]) { line += before[cell] }

  /// Adds the value of a cell that has none.
  package func appendMissing(to line: inout [UInt8]) {
    if form == .jsonl { line += "null".utf8 }
  }

  /// Ends a row.
  package func end(_ line: inout [UInt8]) {
    if form == .jsonl { line.append(UInt8(ascii: "}")) }
    line += lineBreak
  }
}
