/// Aligned bytes, zeroed, freed with their owner.
final class AlignedMemory {
  let pointer: UnsafeMutableRawPointer
  let bytes: Int

  init(bytes: Int) {
    let size = max(64, (bytes + 63) / 64 * 64)
    pointer = .allocate(byteCount: size, alignment: 64)
    pointer.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    self.bytes = size
  }

  deinit { pointer.deallocate() }

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

  func place(at pointer: UnsafeMutableRawPointer) { self.pointer = pointer }

  var placed: UnsafeMutableRawPointer {
    guard let pointer else { preconditionFailure("A buffer is read before it has a place.") }
    return pointer
  }
}
