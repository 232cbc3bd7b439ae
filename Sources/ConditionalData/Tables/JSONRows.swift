import TensorFiles

/// The rows of a file with a JSON object on each line (JSON Lines): keys are columns, in the order in which they
/// first appear, and what an object lacks is missing.
///
/// The file is read twice, first for its keys.
final class JSONRows: TableRows {
  /// A cell of the row at hand.
  private struct Cell {
    /// The number of the row that it belongs to.
    var row = 0
    var value = JSONLine.Value()
  }

  let lineBreak = [UInt8(ascii: "\n")]
  let names: [String]
  private let path: String
  private var input: InputBuffer
  private var lineNumber = 0
  private var row = 0
  /// The keys' numbers.
  private var keys: LevelTable
  private var cells: [Cell]
  /// The texts of the row at hand that were written with escapes.
  private var unescaped: [UInt8] = []

  /// Reads the keys of all objects.
  ///
  /// - Parameter again: The same bytes from their beginning.
  init(
    path: String, _ input: consuming InputBuffer, again: () throws -> InputBuffer
  ) throws {
    self.path = path
    var keys = LevelTable()
    var (lineNumber, scratch): (Int, [UInt8]) = (0, [])
    var isAtEnd = false
    while !isAtEnd {
      isAtEnd = try !Self.readLine(&input, &lineNumber, path) { line in
        scratch.removeAll(keepingCapacity: true)
        try line.readObject(&scratch) { key, _ in _ = keys.index(of: key) }
      }
    }
    names = (0..<keys.count).map { keys.text($0) ?? "" }
    guard !names.isEmpty else {
      throw DataFileFailure(
        path: path, expected: "a JSON object with keys on each line",
        actual: lineNumber == 0 ? "an empty file" : "objects without any",
        advice: "write one object for each record")
    }
    self.keys = keys
    cells = [Cell](repeating: Cell(), count: keys.count)
    self.input = try again()
  }

  func readRow(
    _ cell: (Int, UnsafeBufferPointer<UInt8>, CellPlace) throws -> Void
  ) throws -> Bool {
    row += 1
    unescaped.removeAll(keepingCapacity: true)
    return try Self.readLine(&input, &lineNumber, path) { line in
      var repeated: Int?
      try line.readObject(&unescaped) { key, value in
        let column = Int(keys.index(of: key))
        guard column < cells.count else { throw changed() }
        if cells[column].row == row { repeated = repeated ?? value.place }
        cells[column] = Cell(row: row, value: value)
      }
      if let repeated { throw line.repeats(repeated) }
      try unescaped.withUnsafeBufferPointer { unescaped in
        for column in cells.indices {
          let isLacking = cells[column].row != row
          let value = isLacking ? JSONLine.Value() : cells[column].value
          let bytes = value.isUnescaped ? unescaped : line.bytes
          try cell(
            column, UnsafeBufferPointer(rebasing: bytes[value.range]),
            CellPlace(
              line: line.number, column: line.column(value.place), isQuoted: value.isText,
              isLacking: isLacking))
        }
      }
    }
  }

  private func changed() -> DataFileFailure {
    DataFileFailure(
      path: path, expected: "the keys that were there before",
      actual: "another one while reading",
      advice: "wait until whatever writes the file has finished")
  }

  /// Passes the next line that isn't blank to `body`; false at the end.
  private static func readLine(
    _ input: inout InputBuffer, _ number: inout Int, _ path: String,
    _ body: (inout JSONLine) throws -> Void
  ) throws -> Bool {
    while try input.isFilled(1) {
      let length = try input.lineLength()
      number += 1
      var line = JSONLine(
        path: path, number: number, input.bytes(input.start..<input.start + length))
      line.skipBlanks()
      let isBlank = line.isAtEnd
      if !isBlank { try body(&line) }
      input.start += length
      if try input.isFilled(1) { input.start += 1 }
      if !isBlank { return true }
    }
    return false
  }
}
