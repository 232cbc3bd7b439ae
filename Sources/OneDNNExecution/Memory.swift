#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Aligned bytes, zeroed, freed with their owner.
///
/// Large ones lie on huge pages where the system grants them: a training step walks through tens of
/// megabytes, and with pages of 4 KiB the address translation alone could double its time.
final class AlignedMemory {
  let pointer: UnsafeMutableRawPointer
  let bytes: Int
  private let start: UnsafeMutableRawPointer
  /// The memory that this is a part of, which it keeps alive.
  private let whole: AnyObject?

  private static let hugePage = 1 << 21
  private static let hugeFrom = 1 << 20

  /// Buffers of different `color` begin at different places within a page, so that loops over
  /// several of them don't meet in the same cache sets.
  init(bytes: Int, color: Int = 0) {
    let size = max(64, (bytes + 63) / 64 * 64)
    let isHuge = size >= Self.hugeFrom
    let offset = isHuge ? color % 16 * 576 : 0
    let alignment = isHuge ? Self.hugePage : 64
    let total = (size + offset + alignment - 1) / alignment * alignment
    start = .allocate(byteCount: total, alignment: alignment)
    whole = nil
    #if os(Linux)
      if isHuge { madvise(start, total, MADV_HUGEPAGE) }
    #endif
    pointer = start + offset
    pointer.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    self.bytes = size
  }

  /// Memory at `pointer`, which `owner` keeps alive.
  init(at pointer: UnsafeMutableRawPointer, bytes: Int, of owner: AnyObject) {
    whole = owner
    self.bytes = bytes
    start = pointer
    self.pointer = pointer
  }

  /// `bytes` of `whole` from `offset` on.
  private init(partOf whole: AlignedMemory, at offset: Int, bytes: Int) {
    self.whole = whole
    self.bytes = bytes
    start = whole.start
    pointer = whole.pointer + offset
  }

  deinit { if whole == nil { start.deallocate() } }

  /// Cuts memory into parts, one after the other, each of which begins at a multiple of 64 bytes.
  /// `allocate` makes the whole.
  static func parts(
    _ sizes: [Int], _ allocate: (_ bytes: Int) -> AlignedMemory
  ) -> [AlignedMemory] {
    let extents = sizes.map { ($0 + 63) / 64 * 64 }
    let whole = allocate(extents.reduce(0, +))
    var offset = 0
    return extents.map { bytes in
      defer { offset += bytes }
      return AlignedMemory(partOf: whole, at: offset, bytes: bytes)
    }
  }

  /// So many floats fill whole lines of the caches.
  static func roundedCount(_ floats: Int) -> Int { (floats + 15) / 16 * 16 }

  /// Copies numbers to the beginning.
  func fill(with numbers: [Float]) {
    numbers.withUnsafeBytes { source in
      UnsafeMutableRawBufferPointer(start: pointer, count: bytes).copyMemory(from: source)
    }
  }
}

/// A buffer whose place in a program's arena is found once all lifetimes are known.
final class Slot {
  let bytes: Int
  private(set) var first: Int
  private(set) var last: Int
  /// Whether two nodes share it, so that neither may be overwritten.
  var isShared = false
  /// Whether it lies among the gradients that ranks share, not in the program's arena.
  var isOfRanks = false
  private var pointer: UnsafeMutableRawPointer?

  init(bytes: Int, step: Int) {
    self.bytes = bytes
    first = step
    last = step
  }

  func touch(_ step: Int) {
    first = min(first, step)
    last = max(last, step)
  }

  /// Keeps the contents from run to run.
  func keepForever() {
    first = 0
    last = .max
  }

  /// Whether the contents are kept from run to run, also while other programs run.
  var isKept: Bool { last == .max }

  func place(at pointer: UnsafeMutableRawPointer) { self.pointer = pointer }

  var placed: UnsafeMutableRawPointer {
    guard let pointer else { preconditionFailure("A buffer is read before it has a place.") }
    return pointer
  }
}
