import RecordTypes
import TensorFiles

/// A table of records as a CSV or TSV file, or as lines of JSON objects, compressed with gzip or not.
enum TableFile {
  /// Whether a file's name is that of a table, or that of standard input.
  static func isOne(_ path: String) -> Bool {
    path == ByteStream.standardInput || TableForm(path: path) != nil
  }

  /// Reads all columns but those that are ignored.
  ///
  /// - Throws: `DataFileFailure` that names line and column, `FileFailure`.
  static func read(_ path: String, _ requests: FieldRequests) throws -> DataTable {
    var reader = try TableReader(path)
    return try read(&reader, reader.name, requests)
  }

  /// Reads all rows of a table.
  static func read(
    _ reader: inout TableReader, _ path: String, _ requests: FieldRequests
  ) throws -> DataTable {
    var columns = TableColumns(path: path, names: reader.names, requests, form: reader.form)
    try reader.readRows { try columns.add($1, to: $0, at: $2) }
    return try finished(columns, requests, path: path, names: reader.names)
  }

  /// The table of columns that were read.
  static func finished(
    _ columns: TableColumns, _ requests: FieldRequests, path: String, names: [String]
  ) throws -> DataTable {
    var table = try columns.table()
    table.isTable = true
    table.findCodes(requests)
    try check(table, path: path, names: names)
    return table
  }

  /// A table must have a field.
  static func check(_ table: DataTable, path: String, names: [String]) throws {
    guard !table.fields.isEmpty else {
      throw DataFileFailure(
        path: path, expected: "a column of numbers or of levels that records share",
        actual: "\(NameList.text(names, atMost: 12)), all left out",
        advice: "say in schema.yaml what they are")
    }
  }
}

/// The columns of a table while it is read.
package struct TableColumns {
  private let path: String
  private let names: [String]
  private let requests: FieldRequests
  private let form: TableForm
  /// Nil for a column that becomes no field, or whose cells are ``texts``.
  private var builders: [ColumnBuilder?]
  /// The cells of columns that are stated to be texts; nil for the others.
  private var texts: [TextCells?]

  /// Prepares for the columns that the requests don't ignore, without `key`, which isn't the name of a field.
  package init(
    path: String, names: [String], _ requests: FieldRequests, key: Int? = nil,
    form: TableForm = .csv
  ) {
    self.path = path
    self.form = form
    self.names = names
    self.requests = requests
    let isUsed = names.enumerated().map { index, name in index != key && !requests.ignores(name) }
    texts = zip(names, isUsed).map { name, isUsed in
      isUsed && requests.request(name)?.isText == true
        ? TextCells(missing: requests.missing(name).map { Array($0.utf8) }) : nil
    }
    builders = names.enumerated().map { [texts] index, name in
      guard isUsed[index], texts[index] == nil else { return nil }
      let levels = requests.levels(name)
      return ColumnBuilder(
        path: path, name: name, levels: levels.names, areOfModel: levels.areOfModel,
        missing: requests.missing(name))
    }
  }

  /// Adds a row's cell to a column.
  package mutating func add(
    _ cell: UnsafeBufferPointer<UInt8>, to column: Int, at place: CellPlace
  ) throws {
    try builders[column]?.add(cell, at: place)
    try texts[column]?.add(cell, at: place, path: path)
  }

  /// The bytes that the cells take in memory.
  var byteCount: Int {
    builders.reduce(0) { $0 + ($1?.byteCount ?? 0) }
      + texts.reduce(0) { $0 + ($1?.texts.byteCount ?? 0) }
  }

  /// Moves what is kept of each cell into files in a folder.
  ///
  /// - Throws: `DataFileFailure` for columns that are stated to be texts, `FileFailure`.
  mutating func spill(into folder: String) throws {
    if let column = texts.firstIndex(where: { $0 != nil }) {
      throw TableFailure.textsBeyondMemory(names[column], path: path)
    }
    for index in builders.indices { try builders[index]?.spill(into: folder) }
  }

  /// The fields that the columns become, in their order.
  package func table() throws -> DataTable {
    var (table, values) = try fields()
    table.columns = try values.map { try $0.column }
    return shared(table)
  }

  /// Fields of texts with one vocabulary.
  private func shared(_ table: DataTable) -> DataTable {
    var table = table
    table.shareTokens { requests.request($0)?.merges == nil }
    return table
  }

  /// The fields that the columns become, without their columns, and the values of each.
  func fields() throws -> (table: DataTable, values: [CellValues]) {
    var table = DataTable(fields: [], columns: [])
    var values: [CellValues] = []
    for (index, name) in names.enumerated() {
      if let texts = texts[index] {
        let kind = TextKind(for: texts.column, requests.request(name))
        let style = CellStyle(missing: requests.missing(name))
        table.fields.append(Field(name: name, kind: FieldKind(kind), style: style))
        values.append(CellValues(texts.column))
        table.missingTexts[name] = texts.missingTexts
        continue
      }
      guard let builder = builders[index] else {
        table.leftOut.append(name)
        continue
      }
      let wanted = requests.request(name)?.kind?.value.type
      switch try builder.content(as: wanted) {
      case .field(let kind, let cells, let form):
        var style = CellStyle(missing: requests.missing(name))
        // What JSON has anyway is not said.
        if self.form == .jsonl, builder.areMostlyQuoted != kind.areTexts(form) {
          style.areTexts = builder.areMostlyQuoted
        }
        table.fields.append(Field(name: name, kind: kind, style: style))
        values.append(cells)
        table.forms[name] = form
        // A category that was asked for is no surprise.
        if wanted == nil || kind == .number, let note = try builder.note(of: kind) {
          table.notes.append(DataNote(path, .taken(column: name, as: note)))
        }
        table.missingTexts[name] = builder.missingTexts(of: kind)
        let levels = requests.levels(name)
        if levels.areOfModel, !levels.names.isEmpty {
          table.levelPlaces[name] = builder.levelPlaces
        }
      case .nothing(let reason, let cells):
        table.leftOut.append(name)
        table.notes.append(
          DataNote(path, .leftOut(column: name, reason: reason, cells: cells)))
      }
    }
    return (table, values)
  }
}

/// The first row of a table.
package enum TableHeader {
  /// The columns' names, each once.
  static func names(_ scanner: inout CSVScanner, path: String) throws -> [String] {
    var names: [String] = []
    // Two spellings of one name are one key.
    var taken: [String: String] = [:]
    while true {
      let following = try scanner.next { bytes, place in
        let name = try text(bytes, path, place)
        let other = name.isEmpty ? nil : taken.updateValue(name, forKey: name)
        guard !name.isEmpty, other == nil else {
          throw DataFileFailure(
            path: "\(path), line \(place.line), column \(place.column)",
            expected: "a name that no other column has",
            actual: other.map { name.repeated(after: $0) } ?? "none", advice: "rename the column")
        }
        names.append(name)
      }
      if following != .anotherCell, names.count == 1, let first = names.first,
        let other = [";", "\t", "|"].first(where: first.contains)
      {
        throw DataFileFailure(
          path: "\(path), line 1", expected: "names separated by commas, or by tabs in a .tsv",
          actual: "one name with '\(other)' in it",
          advice: "save the table with commas, or put the name in quotes of its own column")
      }
      guard let following else {
        throw DataFileFailure(
          path: path, expected: "a first row of column names", actual: "an empty file",
          advice: "write the names of the columns into the first line")
      }
      if following == .endOfRow { return names }
    }
  }

  /// A cell's text.
  package static func text(
    _ bytes: UnsafeBufferPointer<UInt8>, _ path: String, _ place: CellPlace
  ) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw notUTF8(path, place)
    }
    return text
  }

  static func notUTF8(_ path: String, _ place: CellPlace) -> DataFileFailure {
    DataFileFailure(
      path: "\(path), line \(place.line), column \(place.column)", expected: "text in UTF-8",
      actual: "bytes that aren't", advice: "save the table with the encoding UTF-8")
  }

  /// A row of too few or too many cells.
  static func ragged(_ path: String, line: Int, cells: Int, names: Int) -> DataFileFailure {
    DataFileFailure(
      path: "\(path), line \(line)",
      expected: "\(NameList.count(names, "cell")), as many as there are column names",
      actual: "\(cells)",
      advice: "complete the row, and put quotes around a text that holds the separator")
  }
}
