import RecordTypes

/// What a stored table says of itself, behind its blocks.
struct StoredTableHeader: Codable, Sendable {
  /// A note of the reader.
  struct Note: Codable {
    enum Kind: String, Codable { case leftOut, taken, files, warning }

    var place: String
    var kind: Kind
    var texts: [String]

    init(_ note: DataNote) {
      place = note.place
      switch note.content {
      case .leftOut(let column, let reason, let cells):
        (kind, texts) = (.leftOut, [column, reason, cells])
      case .taken(let column, let text): (kind, texts) = (.taken, [column, text])
      case .files(let text): (kind, texts) = (.files, [text])
      case .warning(let text): (kind, texts) = (.warning, [text])
      }
    }

    var note: DataNote {
      func text(_ place: Int) -> String { texts.indices.contains(place) ? texts[place] : "" }
      let content: DataNote.Content =
        switch kind {
        case .leftOut: .leftOut(column: text(0), reason: text(1), cells: text(2))
        case .taken: .taken(column: text(0), as: text(1))
        case .files: .files(text(0))
        case .warning: .warning(text(0))
        }
      return DataNote(place, content)
    }
  }

  /// The layout of the file, and how cells are read.
  static let currentFormat = 1

  var format = currentFormat
  /// The file that the rows were read from; nil for a pipe.
  var source: SourceStamp?
  /// The hash of the schema file; nil without one.
  var schemaFile: UInt64?
  /// The bytes that the table would take in memory.
  var byteCount: Int
  /// The number of records.
  var count: Int
  var fields: [Field]
  var columns: [StoredColumn]
  var forms: [String: NumberForm]
  var leftOut: [String]
  var notes: [Note]
  var missingTexts: [String: [String: Int]]
  var fingerprint: String
  /// What the data are called in messages.
  var name: String

  /// The records of a block.
  static let blockCount = 4096

  /// Whether the file's layout is known and its parts fit each other.
  var isSound: Bool {
    guard format == Self.currentFormat, (1...Int(Int32.max)).contains(count),
      columns.count == fields.count, !fields.isEmpty,
      (try? RecordSchema(fields: fields)) != nil
    else { return false }
    return zip(fields, columns).allSatisfy { field, column in
      switch field.kind.content.storage {
      case .levels: [.uint8, .uint16, .int32].contains(column.encoding)
      case .numbers: field.width == 1
      case .bytes, .texts: false
      }
    }
  }

  /// The number of blocks.
  var blocks: Int { (count + Self.blockCount - 1) / Self.blockCount }

  /// The records of a block, by their numbers.
  func records(ofBlock block: Int) -> Range<Int> {
    block * Self.blockCount..<min((block + 1) * Self.blockCount, count)
  }

  /// The bytes of a block of so many records.
  func byteCount(records: Int) -> Int {
    columns.reduce(0) { $0 + $1.byteCount(rows: records) }
  }
}
