package import RecordTypes

/// Gathers rows of a stored table as records in memory.
package struct StoredRows {
  private enum Values {
    case levels([Int32])
    case numbers([Double])
  }

  private let table: StoredTable
  /// The positions of the columns that are gathered.
  private let places: [Int]
  private var values: [Values]
  /// The places of missing values in each column, rising.
  private var missing: [[Int]]
  /// The numbers of the records in the table.
  package private(set) var numbers: [Int32] = []

  /// Prepares to gather some columns, all unless they are named.
  package init(_ table: StoredTable, fields: [String]? = nil, reserving count: Int = 0) {
    self.table = table
    places =
      fields.map { $0.compactMap(table.schema.position) } ?? Array(table.header.fields.indices)
    values = places.map { place in
      if table.header.fields[place].isCategory {
        var levels: [Int32] = []
        levels.reserveCapacity(count)
        return .levels(levels)
      }
      var numbers: [Double] = []
      numbers.reserveCapacity(count)
      return .numbers(numbers)
    }
    missing = places.map { _ in [] }
    numbers.reserveCapacity(count)
  }

  /// The records that were gathered.
  package var records: Records {
    let fields = places.map { table.header.fields[$0] }
    let columns = zip(values, missing).map { values, missing -> RecordColumn in
      var validity: Bitmap?
      if !missing.isEmpty {
        var known = Bitmap(repeating: true, count: numbers.count)
        for row in missing { known[row] = false }
        validity = known
      }
      return switch values {
      case .levels(let levels): RecordColumn(.levels(levels), validity: validity)
      case .numbers(let numbers): RecordColumn(.numbers(numbers), validity: validity)
      }
    }
    return Records(trusting: RecordSchema(trusting: fields), columns, count: numbers.count)
  }

  /// Adds rows of a block, by their places in it.
  ///
  /// - Parameter bytes: The block's bytes.
  /// - Throws: ``DamagedTable`` for a value that its field can't have.
  package mutating func append(
    _ rows: [Int], ofBlock block: Int, _ bytes: [UInt8]
  ) throws(DamagedTable) {
    let all = table.header.records(ofBlock: block)
    let first = numbers.count
    for row in rows { numbers.append(Int32(all.lowerBound + row)) }
    let areRight = bytes.withUnsafeBytes { bytes in
      var areRight = true
      for (index, place) in places.enumerated() {
        let column = table.header.columns[place]
        let start = table.header.columns[..<place].reduce(0) { $0 + $1.byteCount(rows: all.count) }
        let own = UnsafeRawBufferPointer(rebasing: bytes[start...])
        Self.append(rows, own, column.encoding, to: &values[index])
        areRight = areRight && check(index, from: first)
        guard column.hasMissing else { continue }
        let bits = own[(all.count * column.encoding.size)...]
        for (offset, row) in rows.enumerated()
        where bits[bits.startIndex + row / 8] >> UInt8(row % 8) & 1 == 0 {
          missing[index].append(first + offset)
        }
      }
      return areRight
    }
    if !areRight { throw DamagedTable(path: table.path, block: block) }
  }

  /// Whether a column has only values that its field can have from a record on.
  private func check(_ index: Int, from first: Int) -> Bool {
    switch values[index] {
    case .levels(let levels):
      let count = table.header.fields[places[index]].levels.count
      return levels[first...].allSatisfy { $0 >= 0 && $0 < count }
    case .numbers(let numbers): return numbers[first...].allSatisfy(\.isFinite)
    }
  }

  private static func append(
    _ rows: [Int], _ bytes: UnsafeRawBufferPointer, _ encoding: StoredColumn.Encoding,
    to values: inout Values
  ) {
    func load<Stored: BitwiseCopyable, Value>(
      _: Stored.Type, _ convert: (Stored) -> Value, to values: inout [Value]
    ) {
      let size = MemoryLayout<Stored>.size
      for row in rows {
        values.append(convert(bytes.loadUnaligned(fromByteOffset: row * size, as: Stored.self)))
      }
    }
    switch values {
    case .levels(var levels):
      // Emptied, so that the array isn't copied.
      values = .levels([])
      switch encoding {
      case .uint8: load(UInt8.self, { Int32($0) }, to: &levels)
      case .uint16: load(UInt16.self, { Int32($0) }, to: &levels)
      case .int16: load(Int16.self, { Int32($0) }, to: &levels)
      case .int32, .float32, .float64: load(Int32.self, { $0 }, to: &levels)
      }
      values = .levels(levels)
    case .numbers(var numbers):
      values = .numbers([])
      switch encoding {
      case .uint8: load(UInt8.self, { Double($0) }, to: &numbers)
      case .uint16: load(UInt16.self, { Double($0) }, to: &numbers)
      case .int16: load(Int16.self, { Double($0) }, to: &numbers)
      case .int32: load(Int32.self, { Double($0) }, to: &numbers)
      case .float32: load(Float.self, { Double($0) }, to: &numbers)
      case .float64: load(Double.self, { $0 }, to: &numbers)
      }
      values = .numbers(numbers)
    }
  }
}
