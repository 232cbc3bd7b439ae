import CVAEGeneration
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph

/// Given and generated fields side by side, one row for each record.
struct RecordTable {
  private enum Cells {
    case levels([Int32], names: [String])
    case numbers([Int32])
    case reals([Float], shape: [Int], form: NumberForm? = nil)
  }

  private struct Column {
    let name: String
    let cells: Cells
  }

  private let count: Int
  private let columns: [Column]

  /// `inputs` are the numbers of the records that these were made from.
  init(_ records: GeneratedRecords, inputs: [Int32]? = nil) {
    count = records.count
    let given = records.given.compactMap { field -> Column? in
      switch records.conditions.columns[field.name] {
      case .levels(let levels):
        Column(name: field.name, cells: .levels(levels, names: field.levels))
      case .reals(let numbers):
        Column(
          name: field.name,
          cells: .reals(numbers, shape: Self.shape(of: field), form: records.forms[field.name]))
      case nil: nil
      }
    }
    let generated = records.columns.map { column in
      switch column.values {
      case .pixels(let pixels):
        Column(
          name: column.field.name,
          cells: .reals(pixels, shape: Self.shape(of: column.field)))
      case .reals(let numbers):
        Column(
          name: column.field.name,
          cells: .reals(
            numbers, shape: Self.shape(of: column.field), form: records.forms[column.field.name]))
      case .levels(let levels):
        Column(name: column.field.name, cells: .levels(levels, names: column.field.levels))
      }
    }
    let origin = inputs.map { [Column(name: "input", cells: .numbers($0))] } ?? []
    columns = origin + given + generated
  }

  private static func shape(of field: Field) -> [Int] {
    switch field.kind {
    case .image(let size):
      size.channels == 1
        ? [size.height, size.width] : [size.height, size.width, size.channels]
    case .vector(let count): [count]
    case .number, .category: []
    }
  }

  /// One array for each field; levels as indices, -1 for an unknown one.
  var arrays: [NPZArray] {
    columns.map { column in
      switch column.cells {
      case .levels(let levels, _):
        NPZArray(name: column.name, shape: [count], values: .int64(levels.map(Int64.init)))
      case .numbers(let numbers):
        NPZArray(name: column.name, shape: [count], values: .int64(numbers.map(Int64.init)))
      case .reals(let numbers, let shape, _):
        NPZArray(name: column.name, shape: [count] + shape, values: .float32(numbers))
      }
    }
  }

  /// As a table with a header.
  func write(to path: String, separator: Character = ",") throws {
    let comma = separator.asciiValue ?? UInt8(ascii: ",")
    try AtomicFile.write(to: path) { file in
      var header: [String] = []
      for column in columns {
        switch column.cells {
        case .levels, .numbers: header.append(CellText.quoted(column.name))
        case .reals(_, let shape, _):
          let width = shape.reduce(1, *)
          header +=
            shape.isEmpty
            ? [CellText.quoted(column.name)]
            : (0..<width).map { CellText.quoted("\(column.name)\($0)") }
        }
      }
      try file.write(Array((header.joined(separator: String(separator)) + "\n").utf8))
      // As much text as a few parts take is held at a time.
      let starts = Array(stride(from: 0, to: count, by: Self.rowsOfPart))
      for first in stride(from: 0, to: starts.count, by: Self.partsAtOnce) {
        let parts = starts[first..<min(first + Self.partsAtOnce, starts.count)]
        let texts = Parallel.map(parts.count) { part in
          let start = parts[parts.startIndex + part]
          return text(start..<min(start + Self.rowsOfPart, count), separator: comma)
        }
        for text in texts { try file.write(text) }
      }
    }
  }

  private static let rowsOfPart = 4096
  private static let partsAtOnce = 32

  /// Some rows' lines.
  private func text(_ rows: Range<Int>, separator: UInt8) -> [UInt8] {
    let writers = columns.map(Self.writer)
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

  /// What appends a row's cell of each column to a line, by the column's name.
  var writers: [String: (Int, inout [UInt8]) -> Void] {
    Dictionary(columns.map { ($0.name, Self.writer($0)) }) { first, _ in first }
  }

  /// What appends a row's cells of a column to a line.
  private static func writer(_ column: Column) -> (Int, inout [UInt8]) -> Void {
    switch column.cells {
    case .levels(let levels, let names):
      let texts = LevelTexts(names)
      return { row, line in
        if levels[row] >= 0 { texts.append(levels[row], to: &line) }
      }
    case .numbers(let numbers): return { row, line in line += "\(numbers[row])".utf8 }
    case .reals(let numbers, let shape, let form):
      let width = shape.reduce(1, *)
      return { row, line in
        for index in row * width..<(row + 1) * width {
          if index > row * width { line.append(UInt8(ascii: ",")) }
          CellText.append(numbers[index], form, to: &line)
        }
      }
    }
  }

  func writeLines(to path: String) throws {
    try AtomicFile.write(to: path) { file in
      for row in 0..<count { try file.write(Array((line(row) + "\n").utf8)) }
    }
  }

  /// Every record as one JSON object.
  func lines() -> [String] { (0..<count).map(line) }

  private func line(_ row: Int) -> String {
    let parts = columns.map { column in
      let value: String
      switch column.cells {
      case .levels(let levels, let names):
        value = levels[row] < 0 ? "null" : Self.json(names[Int(levels[row])])
      case .numbers(let numbers): value = "\(numbers[row])"
      case .reals(let numbers, let shape, let form):
        let width = shape.reduce(1, *)
        let texts = numbers[row * width..<(row + 1) * width].map { number in
          number.isNaN ? "null" : form.map { Self.json($0, number) } ?? "\(number)"
        }
        value = shape.isEmpty ? texts.joined() : "[" + texts.joined(separator: ",") + "]"
      }
      return Self.json(column.name) + ":" + value
    }
    return "{" + parts.joined(separator: ",") + "}"
  }

  private static func json(_ form: NumberForm, _ number: Float) -> String {
    if case .decimals = form { form.text(Double(number)) } else { json(form.text(Double(number))) }
  }

  private static func json(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? String(decoding: encoder.encode(text), as: UTF8.self)) ?? "\"\""
  }
}
