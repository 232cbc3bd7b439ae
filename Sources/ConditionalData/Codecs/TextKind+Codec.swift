package import RecordTypes
import TensorFiles

extension TextKind: FieldCodec {
  package static var readsCells: Bool { true }

  package func makeParser(_ field: Field, form: NumberForm?) -> any CellParser {
    TextCells(missing: field.style.missing.map { Array($0.utf8) })
  }

  package func fit(_ training: TrainingColumn) throws -> FittedField {
    guard training.records.contains(where: { training.column.isKnown(Int($0)) }) else {
      throw training.missing(training.field.name)
    }
    // The tokens are learned from all fields that share them.
    return FittedField()
  }

  package func validate(_ preprocessing: Preprocessing, of field: Field) throws {
    let key = "vocabularies.\(field.name)"
    guard let vocabulary = preprocessing.vocabularies[field.name] else {
      throw PreprocessingFailure(
        key: key, expected: "the merges of the field's tokens", actual: "none")
    }
    guard vocabulary.merges.count <= merges else {
      throw PreprocessingFailure(
        key: key, expected: "at most \(merges) merges, as many as the field has",
        actual: "\(vocabulary.merges.count)")
    }
  }

  package func encode(
    _ column: RecordColumn, _ field: Field, _ preprocessing: Preprocessing,
    position: (Int) -> Double
  ) -> EncodedColumn {
    let rows = TokenRows(
      column, kind: self, vocabulary: preprocessing.vocabularies[field.name] ?? .bytes)
    return EncodedColumn(values: .tokens(rows), width: 1)
  }

  /// Texts are drawn token by token, and ``TokenVocabulary/decode(_:)`` gives their bytes.
  package func decode(
    _ seen: UnsafeBufferPointer<Float>, _ field: Field, _ preprocessing: Preprocessing
  ) -> RecordColumn.Values {
    preconditionFailure("Field '\(field.name)' holds texts, which no row of numbers stands for.")
  }
}

/// Reads cells that hold texts.
///
/// A cell is missing where it is for other kinds: where it is empty or holds a word such as `NA`, without quotes. In quotes
/// both are texts; so `""` is an empty text. A text of a JSON object is always in quotes, and `null` is missing.
struct TextCells: CellParser {
  private(set) var texts = TextStorage()
  private var missing: [Int] = []
  /// The texts that stand for a missing value, with those that are stated last, and how often each did.
  private let words: [[UInt8]]
  private var wordCounts: [Int]

  /// - Parameter missing: Further texts that stand for a missing value, in quotes or not.
  init(missing: [[UInt8]]) {
    words = ColumnBuilder.missing + missing
    wordCounts = [Int](repeating: 0, count: words.count)
  }

  var column: RecordColumn {
    if missing.isEmpty { return RecordColumn(.texts(texts)) }
    var validity = Bitmap(repeating: true, count: texts.count)
    for record in missing { validity[record] = false }
    return RecordColumn(.texts(texts), validity: validity)
  }

  /// How often each text stood for a missing value.
  var missingTexts: [String: Int] {
    var counts: [String: Int] = [:]
    for (word, count) in zip(words, wordCounts) where count > 0 {
      counts[String(decoding: word, as: UTF8.self), default: 0] += count
    }
    return counts
  }

  mutating func add(
    _ cell: UnsafeBufferPointer<UInt8>, at place: CellPlace, path: String
  ) throws {
    let stated = words.dropFirst(ColumnBuilder.missing.count)
    let word =
      stated.firstIndex { $0.elementsEqual(cell) }
      ?? (place.isQuoted ? nil : ColumnBuilder.missingWord(cell))
    if let word {
      wordCounts[word] += 1
      appendMissing()
      return
    }
    guard cell.allSatisfy({ $0 < 0x80 }) || String(validating: cell, as: UTF8.self) != nil else {
      throw TableHeader.notUTF8(path, place)
    }
    append(cell)
  }

  /// Adds a text that is known to be UTF-8.
  mutating func append(_ text: UnsafeBufferPointer<UInt8>) { texts.append(text) }

  /// Adds a missing text.
  mutating func appendMissing() {
    missing.append(texts.count)
    texts.append([])
  }
}
