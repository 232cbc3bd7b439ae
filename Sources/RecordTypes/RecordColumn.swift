/// The values of one field in a number of records, one after another, and which of them are known.
public struct RecordColumn: Hashable, Sendable {
  /// Values side by side: ``RecordColumn/width`` of them for each record. Those of missing cells mean
  /// nothing.
  public enum Values: Hashable, Sendable {
    /// Indices of a category's levels.
    case levels([Int32])
    /// Numbers, in the units of the data.
    case numbers([Double])
    /// Grey values or colours: 0 to 255 stand for [0, 1].
    case bytes(ByteStorage)
    /// Expected grey values or colours in [0, 1].
    case intensities([Float])
    /// Texts, one for each record.
    case texts(TextStorage)
  }

  /// All records' values.
  public let values: Values
  /// The values of a record.
  public let width: Int
  /// The parts of a record that are known or unknown one by one; the values of a cell, such as a pixel's
  /// channels, lie side by side.
  public let cells: Int
  /// A bit for each cell, record by record: whether it has a value. Nil where all have.
  public private(set) var validity: Bitmap?

  /// A column of `width` values and `cells` cells for each record.
  ///
  /// ``Records/init(schema:columns:count:)`` checks that it divides into records.
  public init(_ values: Values, width: Int = 1, cells: Int? = nil, validity: Bitmap? = nil) {
    self.values = values
    self.width = max(1, width)
    self.cells = max(1, cells ?? width)
    self.validity = validity?.isFull == true ? nil : validity
  }

  /// Levels, nil where a record has none.
  public static func levels(_ indices: [Int32?]) -> RecordColumn {
    RecordColumn(
      .levels(indices.map { $0 ?? 0 }),
      validity: Bitmap(count: indices.count) { indices[$0] != nil })
  }

  /// Levels, none of which is missing.
  public static func levels(_ indices: [Int32]) -> RecordColumn { RecordColumn(.levels(indices)) }

  /// One number for each record, nil where it has none.
  public static func numbers(_ numbers: [Double?]) -> RecordColumn {
    RecordColumn(
      .numbers(numbers.map { $0 ?? 0 }),
      validity: Bitmap(count: numbers.count) { numbers[$0] != nil })
  }

  /// Numbers or vectors, `width` for each record, NaN where one is missing.
  public static func numbers(_ numbers: [Double], width: Int = 1) -> RecordColumn {
    guard numbers.contains(where: \.isNaN) else {
      return RecordColumn(.numbers(numbers), width: width)
    }
    return RecordColumn(
      .numbers(numbers.map { $0.isNaN ? 0 : $0 }), width: width,
      validity: Bitmap(count: numbers.count) { !numbers[$0].isNaN })
  }

  /// Pictures in memory, `[count, height, width, channels]`.
  public static func bytes(_ values: [UInt8], size: ImageSize) -> RecordColumn {
    bytes(ByteStorage(values), size: size)
  }

  /// Pictures, `[count, height, width, channels]`.
  public static func bytes(_ values: ByteStorage, size: ImageSize) -> RecordColumn {
    RecordColumn(.bytes(values), width: size.count, cells: size.pixels)
  }

  /// Texts, nil where a record has none.
  public static func texts(_ texts: [String?]) -> RecordColumn {
    RecordColumn(
      .texts(TextStorage(texts.map { ($0 ?? "").utf8 })),
      validity: Bitmap(count: texts.count) { texts[$0] != nil })
  }

  /// A column without any value.
  public static func missing(_ field: Field, count: Int) -> RecordColumn {
    let all = count * field.width
    let values: Values =
      switch field.kind.content.storage {
      case .levels: .levels([Int32](repeating: 0, count: all))
      case .numbers: .numbers([Double](repeating: 0, count: all))
      case .bytes: .bytes(ByteStorage([UInt8](repeating: 0, count: all)))
      case .texts: .texts(TextStorage(repeatElement([UInt8](), count: all)))
      }
    return RecordColumn(
      values, width: field.width, cells: field.cells.count,
      validity: Bitmap(repeating: false, count: count * field.cells.count))
  }

  /// The number of whole records.
  public var count: Int { valueCount / width }

  /// The number of values.
  var valueCount: Int {
    switch values {
    case .levels(let values): values.count
    case .numbers(let values): values.count
    case .bytes(let values): values.count
    case .intensities(let values): values.count
    case .texts(let texts): texts.count
    }
  }
}

extension RecordColumn {
  /// Whether a cell of a record has a value.
  @inlinable public func isKnown(_ record: Int, cell: Int) -> Bool {
    validity.map { $0[record * cells + cell] } ?? true
  }

  /// Whether all cells of a record have values.
  @inlinable public func isKnown(_ record: Int) -> Bool {
    guard let validity else { return true }
    if cells == 1 { return validity[record] }
    return (record * cells..<(record + 1) * cells).allSatisfy { validity[$0] }
  }

  /// Whether any cell lacks a value.
  public var hasMissing: Bool { validity != nil }

  /// The number of records that lack the value of a cell.
  public var incompleteCount: Int { hasMissing ? (0..<count).count { !isKnown($0) } : 0 }

  /// The indices of levels; none for other kinds.
  public var levels: [Int32] { if case .levels(let values) = values { values } else { [] } }

  /// The numbers; none for other kinds.
  public var numbers: [Double] { if case .numbers(let values) = values { values } else { [] } }

  /// The texts; none for other kinds.
  public var texts: TextStorage {
    if case .texts(let texts) = values { texts } else { TextStorage() }
  }

  /// A record's text; nil where it has none.
  public func text(_ record: Int) -> String? {
    guard case .texts(let texts) = values, isKnown(record) else { return nil }
    return texts.string(of: record)
  }

  /// A record's level; nil where it has none.
  @inlinable public func level(_ record: Int) -> Int32? {
    guard case .levels(let values) = values, isKnown(record) else { return nil }
    return values[record]
  }

  /// A record's number; nil where it is missing.
  @inlinable public func number(_ record: Int, component: Int = 0) -> Double? {
    guard case .numbers(let values) = values, isKnown(record, cell: component) else { return nil }
    return values[record * width + component]
  }
}

extension RecordColumn {
  /// The values of some records, in their order.
  public func selecting(_ records: some Collection<Int>) -> RecordColumn {
    func rows<Source: RandomAccessCollection>(_ values: Source) -> [Source.Element]
    where Source.Index == Int {
      if width == 1 { return records.map { values[$0] } }
      var rows: [Source.Element] = []
      rows.reserveCapacity(records.count * width)
      for record in records { rows += values[record * width..<(record + 1) * width] }
      return rows
    }
    let selected: Values =
      switch values {
      case .levels(let values): .levels(rows(values))
      case .numbers(let values): .numbers(rows(values))
      case .bytes(let values): .bytes(ByteStorage(rows(values)))
      case .intensities(let values): .intensities(rows(values))
      case .texts(let texts): .texts(texts.selecting(records))
      }
    return RecordColumn(
      selected, width: width, cells: cells,
      validity: validity?.selecting(records, cells: cells))
  }

  /// Columns of one field one after the other; at least one.
  public static func joining(_ parts: [RecordColumn]) -> RecordColumn {
    guard let first = parts.first, parts.count > 1 else {
      return parts.first ?? .numbers([Double]())
    }
    func all<Element>(_ values: (RecordColumn) -> [Element]) -> [Element] {
      var all: [Element] = []
      all.reserveCapacity(parts.reduce(0) { $0 + $1.valueCount })
      for part in parts { all += values(part) }
      return all
    }
    let joined: Values =
      switch first.values {
      case .levels: .levels(all(\.levels))
      case .numbers: .numbers(all(\.numbers))
      case .bytes:
        .bytes(
          ByteStorage(all { if case .bytes(let bytes) = $0.values { Array(bytes) } else { [] } }))
      case .intensities:
        .intensities(all { if case .intensities(let values) = $0.values { values } else { [] } })
      case .texts:
        .texts(parts.reduce(into: TextStorage()) { $0.append(contentsOf: $1.texts) })
      }
    guard parts.contains(where: \.hasMissing) else {
      return RecordColumn(joined, width: first.width, cells: first.cells)
    }
    var validity = Bitmap(repeating: true, count: parts.reduce(0) { $0 + $1.count * $1.cells })
    var start = 0
    for part in parts {
      if let own = part.validity {
        for index in 0..<own.count where !own[index] { validity[start + index] = false }
      }
      start += part.count * part.cells
    }
    return RecordColumn(joined, width: first.width, cells: first.cells, validity: validity)
  }
}
