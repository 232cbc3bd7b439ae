import TensorFiles

/// The hashes of a column's texts, as long as none is known to occur twice.
struct DistinctTexts {
  private var seen: Set<UInt64>
  /// All hashes, once they are not kept in memory; then it is only known in the end whether they differ.
  private var all: CellSpool<UInt64>?

  /// The folder of the file.
  private var folder: String?

  /// About so many hashes are compared at a time.
  private static let usualAtOnce = 1 << 20
  private static let mostFiles = 256
  private static let bytesOfBuffer = 1 << 16

  init(_ hashes: Set<UInt64>) { seen = hashes }

  /// The bytes that they take in memory.
  var byteCount: Int { 2 * seen.count * MemoryLayout<UInt64>.stride + (all?.byteCount ?? 0) }

  /// Adds a text's hash; false if it occurs a second time.
  mutating func add(_ hash: UInt64) -> Bool {
    guard all == nil else {
      all?.append(hash)
      return true
    }
    return seen.insert(hash).inserted
  }

  /// Moves the hashes into a file.
  mutating func spill(into folder: String) throws {
    var all = all ?? CellSpool()
    // In the order of their values, since that of a set changes from process to process.
    for hash in seen.sorted() { all.append(hash) }
    seen = []
    try all.spill(into: folder)
    (self.all, self.folder) = (all, folder)
  }

  /// Whether no hash occurs twice. Those in a file are shared out to files by their values, and compared file by file.
  func allDiffer() throws -> Bool {
    guard let all, let folder else { return true }
    let count = min(Self.mostFiles, (all.count + Self.usualAtOnce - 1) / Self.usualAtOnce)
    var parts = [CellSpool<UInt64>](repeating: CellSpool(), count: max(1, count))
    try all.readAll { hash in
      let part = Int(hash.multipliedFullWidth(by: UInt64(parts.count)).high)
      parts[part].append(hash)
      if parts[part].byteCount >= Self.bytesOfBuffer { try parts[part].spill(into: folder) }
    }
    for part in parts {
      var own: Set<UInt64> = []
      guard try part.allSatisfy({ own.insert($0).inserted }) else { return false }
    }
    return true
  }
}
