import RecordTypes

/// A hash that tells data sets apart.
///
/// The names of levels don't count, since a schema file may give them or not.
struct Fingerprint {
  private var hash = ByteHash()

  /// Reads all values, those of a mapped file once.
  ///
  /// - Throws: ``DamagedCache`` for a mapped file whose bytes aren't those that were written.
  ///
  /// - Parameter isEarlier: Whether the hash is that of version 0.2.0, which kept numbers in single precision.
  init(
    _ records: Records, ownTest: Range<Int>?, isEarlier: Bool = false
  ) throws(DamagedCache) {
    for field in records.schema.fields { add(field) }
    for column in records.columns {
      if isEarlier, addEarlier(column) { continue }
      try add(column)
    }
    hash.add(ownTest?.lowerBound ?? -1)
    hash.add(ownTest?.upperBound ?? -1)
  }

  /// Reads the values of a table part by part.
  ///
  /// - Throws: `FileFailure`, what `look` throws.
  ///
  /// - Parameter look: Called with each part of each column.
  init(
    _ fields: [Field], _ columns: [CellValues],
    look: (Int, RecordColumn, Range<Int>) throws -> Void
  ) throws {
    for field in fields { add(field) }
    for (place, column) in columns.enumerated() {
      try add(column) { try look(place, $0, $1) }
    }
    hash.add(-1)
    hash.add(-1)
  }

  /// Sixteen hexadecimal digits.
  var text: String {
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// What version 0.2.0 hashed for its kinds; models identify their data by the fingerprint. Numbers are numbers,
  /// however many differ.
  private static let earlierKinds = [
    NumberKind.name: -1, DiscreteKind.name: -1, VectorKind.name: -2, ImageKind.name: -3,
    CategoryKind.name: -4,
  ]

  private mutating func add(_ field: Field) {
    hash.add(field.name)
    let name = type(of: field.kind.content).name
    if let number = Self.earlierKinds[name] { hash.add(number) } else { hash.add(name) }
    for extent in field.kind.shape { hash.add(extent) }
    // The shape of grey pictures has no extent for their channel.
    if name == ImageKind.name, field.kind.shape.count == 2 { hash.add(1) }
  }

  /// Adds levels and numbers as version 0.2.0 kept them; false for others.
  private mutating func addEarlier(_ column: RecordColumn) -> Bool {
    switch column.values {
    case .levels:
      (0..<column.count).map { column.level($0) ?? -1 }.withUnsafeBytes { hash.add($0) }
    case .numbers(let numbers):
      numbers.indices.map { index in
        column.number(index / column.width, component: index % column.width).map { Float($0) }
          ?? .nan
      }.withUnsafeBytes { hash.add($0) }
    case .bytes, .intensities, .texts: return false
    }
    return true
  }

  private mutating func add(_ column: RecordColumn) throws(DamagedCache) {
    switch column.values {
    case .bytes(let values):
      let isIntact = values.withUnsafeBufferPointer {
        add(UnsafeRawBufferPointer($0), digest: values.source?.digest)
      }
      if !isIntact, let source = values.source { throw DamagedCache(path: source.path) }
    case .levels(let values): values.withUnsafeBytes { hash.add($0) }
    case .numbers(let values): values.withUnsafeBytes { hash.add($0) }
    case .intensities(let values): values.withUnsafeBytes { hash.add($0) }
    case .texts(let texts):
      for record in 0..<texts.count { texts.bytes(of: record).withUnsafeBytes { hash.add($0) } }
    }
    // Which values are missing counts, but not what stands in their place.
    if column.hasMissing {
      for record in 0..<column.count {
        for cell in 0..<column.cells where !column.isKnown(record, cell: cell) {
          hash.add(record * column.cells + cell)
        }
      }
    }
  }

  /// Adds the values of a column of width 1 as if they were in one piece.
  private mutating func add(
    _ column: CellValues, look: (RecordColumn, Range<Int>) throws -> Void
  ) throws {
    var rest: [UInt8] = []
    var hasMissing = false
    try column.forEachPart { part, rows in
      try look(part, rows)
      func add(_ bytes: UnsafeRawBufferPointer) {
        if rows.lowerBound == 0 { hash.add(bytes.count / rows.count * column.count) }
        // Only the last part's bytes may be no whole words.
        let whole = bytes.count & ~7
        hash.addWords(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
        rest = Array(bytes[whole...])
      }
      switch part.values {
      case .levels(let levels): levels.withUnsafeBytes(add)
      case .numbers(let numbers): numbers.withUnsafeBytes(add)
      case .bytes, .intensities, .texts: preconditionFailure("Expected levels or numbers.")
      }
      hasMissing = hasMissing || part.hasMissing
    }
    rest.withUnsafeBytes { hash.addRest($0) }
    guard hasMissing else { return }
    try column.forEachPart { part, rows in
      for (place, row) in rows.enumerated() where !part.isKnown(place) { hash.add(row) }
    }
  }

  /// Adds bytes and returns whether they have the digest, in one pass through the memory.
  private mutating func add(_ bytes: UnsafeRawBufferPointer, digest: UInt64?) -> Bool {
    guard let digest else {
      hash.add(bytes)
      return true
    }
    var own = MappedDigest()
    let block = 1 << 16
    let whole = bytes.count & ~7
    hash.add(bytes.count)
    for start in stride(from: 0, to: whole, by: block) {
      let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + block, whole)])
      hash.addWords(part)
      own.add(part)
    }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[whole...])
    hash.addRest(rest)
    return own.finished(with: rest) == digest
  }
}

/// A mapped file holds other bytes than those that were written.
struct DamagedCache: Error {
  let path: String
}
