/// The form of a table's file.
public enum TableForm: String, CaseIterable, Sendable {
  /// Cells between commas, after a first row of column names.
  case csv
  /// Cells between tabs, after a first row of column names.
  case tsv
  /// A JSON object on each line, whose keys are the columns' names.
  case jsonl

  /// The form that the ending of a file's name says, also before `.gz`; nil for other names.
  public init?(path: String) {
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    guard let form = Self.allCases.first(where: { name.hasSuffix(".\($0.rawValue)") }) else {
      return nil
    }
    self = form
  }

  /// What stands between the cells of a row; nil for objects.
  var separator: UInt8? {
    switch self {
    case .csv: UInt8(ascii: ",")
    case .tsv: UInt8(ascii: "\t")
    case .jsonl: nil
    }
  }

  /// The form of bytes without a name: objects begin with a brace, and a tab in the first line, outside of quotes,
  /// separates cells.
  init(of input: inout InputBuffer) throws {
    let blanks = Array(" \t\r\n".utf8)
    while try input.isFilled(1), blanks.contains(input[input.start]) { input.start += 1 }
    let length = try input.lineLength()
    let line = input.bytes(input.start..<input.start + length)
    if line.first == UInt8(ascii: "{") {
      self = .jsonl
      return
    }
    var isQuoted = false
    for byte in line {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: "\t"), !isQuoted {
        self = .tsv
        return
      }
    }
    self = .csv
  }
}
