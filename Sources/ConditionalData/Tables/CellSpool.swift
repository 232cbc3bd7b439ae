import TensorFiles

/// The values of a column's cells while a table is read, in the order of the rows: in memory, or, from when they are
/// spilled, in a file without a name.
struct CellSpool<Value: BitwiseCopyable & Sendable> {
  /// The values behind those in the file.
  private var recent: [Value] = []
  private var file: SpoolFile?
  private var countInFile = 0

  private static var stride: Int { MemoryLayout<Value>.stride }
  /// So many values are in memory while all are read again.
  private static var partCount: Int { 1 << 14 }

  /// The number of values.
  var count: Int { countInFile + recent.count }
  /// The bytes that the values take in memory.
  var byteCount: Int { recent.count * Self.stride }

  /// Adds the next cell's value.
  mutating func append(_ value: Value) { recent.append(value) }

  /// Moves the values in memory into a file in `folder`.
  ///
  /// - Throws: `FileFailure`.
  mutating func spill(into folder: String) throws {
    let file = try file ?? SpoolFile(in: folder)
    try recent.withUnsafeBytes { try file.write($0, at: countInFile * Self.stride) }
    self.file = file
    countInFile += recent.count
    recent.removeAll(keepingCapacity: recent.count <= Self.partCount)
  }

  /// The values of some rows.
  ///
  /// - Throws: `FileFailure`.
  func values(_ rows: Range<Int>) throws -> [Value] {
    guard let file else { return rows == recent.indices ? recent : Array(recent[rows]) }
    return try [Value](unsafeUninitializedCapacity: rows.count) { buffer, filled in
      let inFile = rows.clamped(to: 0..<countInFile)
      let bytes = UnsafeMutableRawBufferPointer(
        start: buffer.baseAddress, count: inFile.count * Self.stride)
      try file.read(into: bytes, at: inFile.lowerBound * Self.stride)
      filled = inFile.count
      for row in rows.dropFirst(inFile.count) {
        buffer.initializeElement(at: filled, to: recent[row - countInFile])
        filled += 1
      }
    }
  }

  /// Passes all values to `body`, in the order of the rows.
  ///
  /// - Throws: `FileFailure`, what `body` throws.
  func readAll(_ body: (Value) throws -> Void) throws {
    if file == nil { return try recent.forEach(body) }
    for start in Swift.stride(from: 0, to: count, by: Self.partCount) {
      try values(start..<min(start + Self.partCount, count)).forEach(body)
    }
  }

  /// Whether all values are such.
  ///
  /// - Throws: `FileFailure`.
  func allSatisfy(_ isSuch: (Value) throws -> Bool) throws -> Bool {
    if file == nil { return try recent.allSatisfy(isSuch) }
    for start in Swift.stride(from: 0, to: count, by: Self.partCount) {
      let part = try values(start..<min(start + Self.partCount, count))
      if try !part.allSatisfy(isSuch) { return false }
    }
    return true
  }
}
