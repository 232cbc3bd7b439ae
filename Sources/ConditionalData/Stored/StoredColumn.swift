import RecordTypes

/// How a column's values lie in the blocks of a stored table.
struct StoredColumn: Codable, Hashable, Sendable {
  /// The smallest type that holds all values exactly.
  enum Encoding: String, Codable {
    case uint8, uint16, int16, int32, float32, float64

    /// The bytes of a value.
    var size: Int {
      switch self {
      case .uint8: 1
      case .uint16, .int16: 2
      case .int32, .float32: 4
      case .float64: 8
      }
    }
  }

  let encoding: Encoding
  /// Whether bits that say which rows have a value stand behind the values.
  let hasMissing: Bool
  /// The largest absolute value.
  let largest: Double

  /// The bytes of a block of so many rows.
  func byteCount(rows: Int) -> Int {
    rows * encoding.size + (hasMissing ? (rows + 7) / 8 : 0)
  }

  /// Appends the values of a block.
  func append(_ column: RecordColumn, to bytes: inout [UInt8]) {
    func append<Value: BitwiseCopyable>(_ values: [Value]) {
      values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    switch (encoding, column.values) {
    case (.uint8, .levels(let levels)): append(levels.map { UInt8($0) })
    case (.uint16, .levels(let levels)): append(levels.map { UInt16($0) })
    case (_, .levels(let levels)): append(levels)
    case (.uint8, .numbers(let numbers)): append(numbers.map { UInt8($0) })
    case (.uint16, .numbers(let numbers)): append(numbers.map { UInt16($0) })
    case (.int16, .numbers(let numbers)): append(numbers.map { Int16($0) })
    case (.int32, .numbers(let numbers)): append(numbers.map { Int32($0) })
    case (.float32, .numbers(let numbers)): append(numbers.map { Float($0) })
    case (.float64, .numbers(let numbers)): append(numbers)
    case (_, .bytes), (_, .intensities), (_, .texts):
      preconditionFailure("Stored tables hold levels and numbers.")
    }
    guard hasMissing else { return }
    for start in stride(from: 0, to: column.count, by: 8) {
      var bits: UInt8 = 0
      for row in start..<min(start + 8, column.count) where column.isKnown(row) {
        bits |= 1 << UInt8(row - start)
      }
      bytes.append(bits)
    }
  }
}

/// Finds the smallest type that holds a column's values exactly.
struct EncodingChoice {
  private var isByte = true
  private var isWord = true
  private var isShort = true
  private var isInteger = true
  private var isFloat = true
  private var hasMissing = false
  private var largest = 0.0

  /// Looks at some of the values, in which 0 stands for a missing one.
  mutating func add(_ column: RecordColumn) {
    hasMissing = hasMissing || column.hasMissing
    for number in column.numbers {
      largest = max(largest, abs(number))
      let isWhole = number == number.rounded(.towardZero) && !(number == 0 && number.sign == .minus)
      isInteger = isInteger && isWhole && number >= -0x1p31 && number < 0x1p31
      isShort = isShort && isInteger && number >= -0x1p15 && number < 0x1p15
      isWord = isWord && isInteger && number >= 0 && number < 0x1p16
      isByte = isByte && isWord && number < 0x1p8
      isFloat = isFloat && Double(Float(number)) == number
    }
  }

  /// The column of a field.
  func column(_ field: Field) -> StoredColumn {
    var encoding: StoredColumn.Encoding =
      isByte
      ? .uint8
      : isWord ? .uint16 : isShort ? .int16 : isInteger ? .int32 : isFloat ? .float32 : .float64
    if case .levels(let count) = field.kind.content.storage {
      encoding = count <= 1 << 8 ? .uint8 : count <= 1 << 16 ? .uint16 : .int32
    }
    return StoredColumn(encoding: encoding, hasMissing: hasMissing, largest: largest)
  }
}
