/// The rows of a CSV or TSV file.
final class CSVRows: TableRows {
  let names: [String]
  private let path: String
  private var scanner: CSVScanner

  /// Reads the first row, the columns' names.
  init(path: String, separator: UInt8, _ input: consuming InputBuffer) throws {
    self.path = path
    var scanner = CSVScanner(path: path, separator: separator, input)
    names = try TableHeader.names(&scanner, path: path)
    // The only column's empty cell is an empty line.
    scanner.keepsEmptyLines = names.count == 1
    self.scanner = scanner
  }

  var lineBreak: [UInt8] { scanner.lineBreak }

  func readRow(
    _ cell: (Int, UnsafeBufferPointer<UInt8>, CellPlace) throws -> Void
  ) throws -> Bool {
    let width = names.count
    var cells = 0
    var line = 0
    var following: CSVScanner.Following?
    repeat {
      following = try scanner.next { bytes, place in
        if cells == 0 { line = place.line }
        if cells < width { try cell(cells, bytes, place) }
        cells += 1
      }
    } while following == .anotherCell
    guard following != nil else { return false }
    guard cells == width else {
      throw TableHeader.ragged(path, line: line, cells: cells, names: width)
    }
    return true
  }
}
