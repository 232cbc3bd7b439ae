import RecordTypes

extension ColumnBuilder {
  /// The column as texts; nil where its cells aren't prose.
  func asTexts() throws -> Content? {
    guard !hasLostTexts else { throw TableFailure.textsBeyondMemory(name, path: path) }
    guard let column = try textCells()?.column else { return nil }
    return .field(FieldKind(TextKind(for: column)), CellValues(column), nil)
  }

  /// All cells, if they are prose.
  func textCells() throws -> TextCells? {
    if let collected { return collected }
    guard let codes, levels.areProse else { return nil }
    guard folder == nil else { throw TableFailure.textsBeyondMemory(name, path: path) }
    let empty = Set(try emptyTexts.values(0..<emptyTexts.count))
    var cells = TextCells(missing: words)
    try codes.readAll { code in
      if code >= 0 {
        levels.withText(Int(code)) { cells.append($0) }
      } else if empty.contains(cells.texts.count) {
        cells.append(UnsafeBufferPointer(start: nil, count: 0))
      } else {
        cells.appendMissing()
      }
    }
    return cells
  }

  /// How often each text stood for a missing value in a field of some kind: in texts, an empty cell in quotes doesn't.
  func missingTexts(of kind: FieldKind) -> [String: Int] {
    var counts = missingTexts
    guard kind.content is TextKind, let count = counts[""] else { return counts }
    counts[""] = count > emptyTexts.count ? count - emptyTexts.count : nil
    return counts
  }
}

extension LevelTable {
  /// Whether the texts are words, rather than names of records: most have a space between two words, or they are longer
  /// than 16 bytes on average and not all made of the signs that numbers, codes and addresses are made of.
  var areProse: Bool {
    var (spaced, codes, bytes) = (0, 0, 0)
    for index in 0..<count {
      withText(index) { text in
        bytes += text.count
        if Self.hasTwoWords(text) { spaced += 1 }
        if text.allSatisfy(Self.isOfCodes) { codes += 1 }
      }
    }
    return 2 * spaced > count || bytes > 16 * count && 10 * codes < 9 * count
  }

  private static func hasTwoWords(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.split(separator: UInt8(ascii: " ")).count { $0.contains(where: isLetter) } >= 2
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// Whether a byte occurs in identifiers, hashes, paths and addresses.
  private static func isOfCodes(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: signsOfCodes.contains(byte)
    }
  }

  private static let signsOfCodes = Array("-_.:/+=@~%&?#{}".utf8)
}
