import TensorFiles

/// The hashes of a column's texts, as long as none is known to occur twice.
struct DistinctTexts {
  private var seen: Set<UInt64>
  /// All hashes, once they are not kept in memory; then it is only known in the end whether they differ.
  private var all: CellSpool<UInt64>?

  /// So many hashes are compared at a time.
  private static let mostAtOnce = 1 << 20

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
    self.all = all
  }

  /// Whether no hash occurs twice. Those in a file are compared part by part, by their upper bits.
  func allDiffer() throws -> Bool {
    guard let all else { return true }
    let parts = UInt64((all.count + Self.mostAtOnce - 1) / Self.mostAtOnce)
    for part in 0..<parts {
      var own: Set<UInt64> = []
      let differ = try all.allSatisfy { hash in
        hash.multipliedFullWidth(by: parts).high != part || own.insert(hash).inserted
      }
      if !differ { return false }
    }
    return true
  }
}
