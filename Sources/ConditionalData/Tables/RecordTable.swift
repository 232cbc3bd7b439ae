import Dispatch
import Foundation
public import RecordTypes
import Synchronization
public import TensorFiles

/// Records to be written to a file: a table (.csv, .tsv), lines of JSON, or arrays (.npz).
public struct RecordTable: Sendable {
  private struct Column: Sendable {
    let name: String
    let field: Field
    let values: RecordColumn
    let form: NumberForm?
  }

  private let count: Int
  private let columns: [Column]

  /// The fields of several sets of equally many records side by side; a name that occurs again gets a number.
  ///
  /// - Parameter forms: How numbers are written, by the field's name.
  public init(_ parts: [Records], forms: [String: NumberForm]) {
    count = parts.map(\.count).min() ?? 0
    var names = UnusedNames()
    columns = parts.flatMap { records in
      zip(records.schema.fields, records.columns).map { field, column in
        Column(name: names.take(field.name), field: field, values: column, form: forms[field.name])
      }
    }
  }

  /// One array for each field: levels as indices, -1 for a missing one; numbers as `float64`, NaN for a missing
  /// one; whole numbers as `int64` if none is missing and all fit; pictures as they are.
  public var arrays: [NPZArray] {
    columns.map { column in
      let (values, shape) = (column.values, [count] + column.field.kind.shape)
      let cells: NPZArray.Values =
        switch values.values {
        case .levels: .int64((0..<count).map { Int64(values.level($0) ?? -1) })
        case .numbers(let numbers):
          Self.integers(column).map { .int64($0) }
            ?? .float64(
              numbers.indices.map { index in
                values.number(index / values.width, component: index % values.width) ?? .nan
              })
        case .bytes(let bytes): .uint8(Array(bytes))
        case .intensities(let pixels): .float32(pixels)
        }
      return NPZArray(name: column.name, shape: shape, values: cells)
    }
  }

  /// The numbers as integers if none is missing and all are whole and fit; else nil.
  private static func integers(_ column: Column) -> [Int64]? {
    guard column.form?.decimals == 0, !column.values.hasMissing else { return nil }
    let integers = column.values.numbers.compactMap { Int64(exactly: $0.rounded()) }
    return integers.count == column.values.numbers.count ? integers : nil
  }

  /// Writes a table with a header, whole or not at all.
  public func write(to path: String, separator: UInt8) throws {
    try AtomicFile.write(to: path) { file in
      var names = UnusedNames()
      let header = columns.flatMap { column in
        column.field.kind.shape.isEmpty
          ? [names.take(column.name)]
          : (0..<column.values.width).map { names.take("\(column.name)\($0)") }
      }
      let cells = header.map { Array(CellText.quoted($0).utf8) }
      try file.write(Array(cells.joined(separator: [separator])) + [UInt8(ascii: "\n")])
      // Only the text of a few parts is held at a time.
      let starts = Array(stride(from: 0, to: count, by: Self.rowsOfPart))
      for first in stride(from: 0, to: starts.count, by: Self.partsAtOnce) {
        for text in texts(
          Array(starts[first..<min(first + Self.partsAtOnce, starts.count)]), separator)
        {
          try file.write(text)
        }
      }
    }
  }

  private static let rowsOfPart = 4096
  private static let partsAtOnce = 32

  /// The lines of the parts that begin at `starts`, on all processors.
  private func texts(_ starts: [Int], _ separator: UInt8) -> [[UInt8]] {
    let texts = Mutex([[UInt8]](repeating: [], count: starts.count))
    DispatchQueue.concurrentPerform(iterations: starts.count) { part in
      let rows = starts[part]..<min(starts[part] + Self.rowsOfPart, count)
      let text = text(rows, separator)
      texts.withLock { $0[part] = text }
    }
    return texts.withLock { $0 }
  }

  private func text(_ rows: Range<Int>, _ separator: UInt8) -> [UInt8] {
    let writers = columns.map { Self.writer($0, separator) }
    var text: [UInt8] = []
    text.reserveCapacity(rows.count * columns.count * 8)
    for row in rows {
      for (index, write) in writers.enumerated() {
        if index > 0 { text.append(separator) }
        write(row, &text)
      }
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  /// For each field's name, a function that appends a record's cell to a line.
  package func writers(_ separator: UInt8) -> [String: (Int, inout [UInt8]) -> Void] {
    Dictionary(uniqueKeysWithValues: columns.map { ($0.name, Self.writer($0, separator)) })
  }

  /// A function that appends a record's cells of a column to a line, or nothing for a missing one.
  private static func writer(
    _ column: Column, _ separator: UInt8
  ) -> (Int, inout [UInt8]) -> Void {
    let (values, form) = (column.values, column.form)
    func cells(_ append: @escaping (Int, inout [UInt8]) -> Void) -> (Int, inout [UInt8]) -> Void {
      let perCell = values.width / values.cells
      return { row, line in
        for index in 0..<values.width {
          if index > 0 { line.append(separator) }
          if values.isKnown(row, cell: index / perCell) {
            append(row * values.width + index, &line)
          }
        }
      }
    }
    switch values.values {
    case .levels(let levels):
      let texts = LevelTexts(column.field.levels)
      return { row, line in
        if values.isKnown(row) { texts.append(levels[row], to: &line) }
      }
    case .numbers(let numbers):
      let text = NumberTexts(form)
      return cells { text.append(numbers[$0], to: &$1) }
    case .bytes(let bytes): return cells { $1 += "\(Float(bytes[$0]) / 255)".utf8 }
    case .intensities(let pixels): return cells { $1 += "\(pixels[$0])".utf8 }
    }
  }

  /// Writes every record as a line with a JSON object, whole or not at all.
  public func writeLines(to path: String) throws {
    try AtomicFile.write(to: path) { file in
      for row in 0..<count { try file.write(Array((line(row) + "\n").utf8)) }
    }
  }

  /// Every record as one JSON object.
  public func lines() -> [String] { (0..<count).map(line) }

  private func line(_ row: Int) -> String {
    let parts = columns.map { column in
      let values = column.values
      let perCell = values.width / values.cells
      let texts = (0..<values.width).map { index in
        values.isKnown(row, cell: index / perCell)
          ? Self.json(column, row * values.width + index) : "null"
      }
      let isList = !column.field.kind.shape.isEmpty
      return Self.json(column.name) + ":"
        + (isList ? "[" + texts.joined(separator: ",") + "]" : texts.joined())
    }
    return "{" + parts.joined(separator: ",") + "}"
  }

  private static func json(_ column: Column, _ index: Int) -> String {
    switch column.values.values {
    case .levels(let levels): return json(column.field.levels[Int(levels[index])])
    case .numbers(let numbers):
      guard let form = column.form else { return "\(numbers[index])" }
      let text = form.text(numbers[index])
      let isPlain =
        if case .spelled(let spelling) = form { spelling.isPlain } else { form.decimals != nil }
      return isPlain ? text : json(text)
    case .bytes(let bytes): return "\(Float(bytes[index]) / 255)"
    case .intensities(let pixels): return "\(pixels[index])"
    }
  }

  private static func json(_ text: String) -> String {
    (try? text.jsonLine) ?? "\"\""
  }
}
