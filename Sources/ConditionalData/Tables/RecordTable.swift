import Dispatch
import Foundation
public import RecordTypes
import Synchronization
public import TensorFiles

/// Records to be written to a file: a table (.csv, .tsv, .jsonl) or arrays (.npz).
public struct RecordTable: Sendable {
  private struct Column: Sendable {
    let name: String
    var field: Field
    let values: RecordColumn
    let form: NumberForm?

    /// Whether JSON has its values as texts in quotes.
    var areTexts: Bool {
      let wouldBe = field.kind.areTexts(form)
      return field.isCategory
        ? wouldBe || field.style.areTexts == true : field.style.areTexts ?? wouldBe
    }

    /// What stands for a missing value.
    func missing(_ table: TableForm) -> [UInt8] {
      guard let word = field.style.missing.first, field.style.missing.count == 1 else {
        return table == .jsonl ? Array("null".utf8) : []
      }
      guard table == .jsonl else { return Array(CellText.quoted(word).utf8) }
      var text: [UInt8] = []
      JSONCell.append(word.utf8, to: &text)
      return text
    }
  }

  private let count: Int
  private let columns: [Column]
  /// Rows of a file whose columns stand before the others.
  private let beside: RowsBeside?

  /// The fields of several sets of equally many records side by side; a name that occurs again gets a number.
  ///
  /// - Parameter forms: How numbers are written, by the field's name.
  public init(_ parts: [Records], forms: [String: NumberForm]) {
    self.init(parts, forms: forms, beside: nil)
  }

  /// The fields beside rows of a file: the file's columns come first, as they stand there, with values in the place of
  /// missing ones.
  package init(_ parts: [Records], forms: [String: NumberForm], beside: RowsBeside?) {
    self.beside = beside
    count = parts.map(\.count).min() ?? 0
    var names = UnusedNames()
    columns = parts.flatMap { records in
      zip(records.schema.fields, records.columns).map { field, column in
        Column(name: names.take(field.name), field: field, values: column, form: forms[field.name])
      }
    }
  }

  /// One array for each field: levels as indices, -1 for a missing one; numbers as `float64`, NaN for a missing
  /// one; whole numbers as `int64` if none is missing and all fit; pictures as they are; texts as `str`, empty for a
  /// missing one.
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
        case .texts: .text((0..<count).map { values.text($0) ?? "" })
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

  /// Writes a table, whole or not at all.
  public func write(to path: String, as form: TableForm) throws {
    try AtomicFile.write(to: path) { file in
      try file.write(header(form))
      try writeRows(to: &file, as: form)
    }
  }

  /// The first line, which names the columns; nothing for lines of JSON.
  public func header(_ form: TableForm) -> [UInt8] {
    var names = UnusedNames(beside?.names ?? [])
    let cells = others.flatMap { column in
      column.field.kind.shape.isEmpty
        ? [names.take(column.name)]
        : (0..<column.values.width).map { names.take("\(column.name)\($0)") }
    }
    let all = (beside?.names ?? []) + cells
    return RowText(all, form: form).header(all)
  }

  /// The columns that are not in the file beside.
  private var others: [Column] {
    let names = Set((beside?.names ?? []).map { Array($0.utf8) })
    return columns.filter { !names.contains(Array($0.name.utf8)) }
  }

  /// A function for each column that is written.
  private func allWriters(_ form: TableForm) -> [(Int, inout [UInt8]) -> Void] {
    let own = (beside?.names ?? []).enumerated().compactMap { index, name in
      let column = columns.first { $0.name.utf8.elementsEqual(name.utf8) }
      let drawn = column.map { Self.writer($0, form) }
      return beside?.writer(
        index, form, areTexts: column?.areTexts,
        isDrawn: { record in column?.values.isKnown(record) ?? false },
        drawn: { drawn?($0, &$1) })
    }
    return own + others.map { Self.writer($0, form) }
  }

  /// Writes the records alone, so that a table can be written block by block, after one ``header(_:)``.
  public func writeRows(to file: inout FileWriter, as form: TableForm) throws {
    // Only the text of a few parts is held at a time.
    let starts = Array(stride(from: 0, to: count, by: Self.rowsOfPart))
    for first in stride(from: 0, to: starts.count, by: Self.partsAtOnce) {
      let last = min(first + Self.partsAtOnce, starts.count)
      for text in texts(Array(starts[first..<last]), form) { try file.write(text) }
    }
  }

  private static let rowsOfPart = 4096
  private static let partsAtOnce = 32

  /// The lines of the parts that begin at `starts`, on all processors.
  private func texts(_ starts: [Int], _ form: TableForm) -> [[UInt8]] {
    let texts = Mutex([[UInt8]](repeating: [], count: starts.count))
    DispatchQueue.concurrentPerform(iterations: starts.count) { part in
      let rows = starts[part]..<min(starts[part] + Self.rowsOfPart, count)
      let text = text(rows, form)
      texts.withLock { $0[part] = text }
    }
    return texts.withLock { $0 }
  }

  private func text(_ rows: Range<Int>, _ form: TableForm) -> [UInt8] {
    let writers = allWriters(form)
    let frame = RowText((beside?.names ?? []) + others.map(\.name), form: form)
    var text: [UInt8] = []
    text.reserveCapacity(rows.count * columns.count * 8)
    for row in rows {
      for (index, write) in writers.enumerated() {
        frame.begin(index, in: &text)
        write(row, &text)
      }
      frame.end(&text)
    }
    return text
  }

  /// Every record as one JSON object.
  public func lines() -> [String] {
    text(0..<count, .jsonl).split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// For each field's name, a function that appends a record's cell to a line of a table: in JSON as a text or a number,
  /// as most cells of its column in that table are.
  package func writers(like table: PartialTable) -> [String: (Int, inout [UInt8]) -> Void] {
    Dictionary(
      uniqueKeysWithValues: columns.map { own in
        var column = own
        if let areTexts = table.areTexts(own.name) {
          column.field = own.field.written(
            as: CellStyle(missing: own.field.style.missing, areTexts: areTexts))
        }
        return (own.name, Self.writer(column, table.form))
      })
  }

  /// A function that appends a record's cells of a column to a line, or what stands for a missing one.
  private static func writer(
    _ column: Column, _ form: TableForm
  ) -> (Int, inout [UInt8]) -> Void {
    switch column.values.values {
    case .levels(let levels): return writer(of: levels, column, form)
    case .numbers(let numbers):
      return cells(column, form, writer(of: numbers, column, form))
    case .bytes(let bytes):
      return cells(column, form) { $1 += "\(Float(bytes[$0]) / 255)".utf8 }
    case .intensities(let pixels): return cells(column, form) { $1 += "\(pixels[$0])".utf8 }
    case .texts(let texts):
      return cells(column, form) { record, line in
        if form == .jsonl {
          JSONCell.append(texts.bytes(of: record), to: &line)
        } else {
          CellText.append(texts.bytes(of: record), to: &line)
        }
      }
    }
  }

  /// Numbers as their form spells them; in JSON all in quotes, or all as JSON spells numbers.
  private static func writer(
    of numbers: [Double], _ column: Column, _ form: TableForm
  ) -> (Int, inout [UInt8]) -> Void {
    guard form == .jsonl, column.areTexts || column.field.kind.areTexts(column.form) else {
      let text = NumberTexts(column.form)
      return { text.append(numbers[$0], to: &$1) }
    }
    if column.areTexts {
      return { JSONCell.append((column.form?.text(numbers[$0]) ?? "\(numbers[$0])").utf8, to: &$1) }
    }
    guard case .spelled(let marked)? = column.form else {
      let text = NumberTexts(column.form)
      return { text.append(numbers[$0], to: &$1) }
    }
    let text = NumberTexts(
      .spelled(NumberSpelling(decimals: marked.decimals, zeros: marked.zeros)))
    return { text.append(numbers[$0], to: &$1) }
  }

  /// Levels as they are called; in JSON all in quotes, or all as JSON spells numbers and truth values.
  private static func writer(
    of levels: [Int32], _ column: Column, _ form: TableForm
  ) -> (Int, inout [UInt8]) -> Void {
    let values = column.values
    let missing = column.missing(form)
    guard form == .jsonl else {
      let texts = LevelTexts(column.field.levels)
      return { row, line in
        if values.isKnown(row) { texts.append(levels[row], to: &line) } else { line += missing }
      }
    }
    let areTexts = column.areTexts
    let texts = column.field.levels.map { level in
      if !areTexts { return Array(level.utf8) }
      var text: [UInt8] = []
      JSONCell.append(level.utf8, to: &text)
      return text
    }
    return { row, line in line += values.isKnown(row) ? texts[Int(levels[row])] : missing }
  }

  /// All values of a record's column, in JSON as a list where the field has a shape.
  private static func cells(
    _ column: Column, _ form: TableForm, _ append: @escaping (Int, inout [UInt8]) -> Void
  ) -> (Int, inout [UInt8]) -> Void {
    let values = column.values
    let perCell = values.width / values.cells
    let separator = form.separator ?? UInt8(ascii: ",")
    let isList = form == .jsonl && !column.field.kind.shape.isEmpty
    let missing = column.missing(form)
    return { row, line in
      if isList { line.append(UInt8(ascii: "[")) }
      for index in 0..<values.width {
        if index > 0 { line.append(separator) }
        if values.isKnown(row, cell: index / perCell) {
          append(row * values.width + index, &line)
        } else {
          line += missing
        }
      }
      if isList { line.append(UInt8(ascii: "]")) }
    }
  }
}

extension FieldKind {
  /// Whether JSON has the values as texts in quotes where nothing else is said: texts, levels unless all are numbers or
  /// truth values as JSON spells them, numbers unless they are spelled so.
  func areTexts(_ form: NumberForm?) -> Bool {
    if content is TextKind { return true }
    if let category = content as? CategoryKind {
      return !category.levels.allSatisfy { JSONCell.isLiteral($0.utf8) }
    }
    if case .spelled(let spelling)? = form { return !spelling.isPlain }
    return form.map { $0.decimals == nil } ?? false
  }
}
