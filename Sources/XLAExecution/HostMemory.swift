/// Numbers of 32 bits in the host's memory, zeros at first.
final class HostMemory {
  let count: Int
  let start: UnsafeMutableRawPointer

  init(count: Int) {
    self.count = count
    start = .allocate(byteCount: 4 * count, alignment: 64)
    start.initializeMemory(as: UInt32.self, repeating: 0, count: count)
  }

  deinit { start.deallocate() }

  /// Its numbers, of a type of 32 bits.
  func numbers<Element: BitwiseCopyable>(
    of type: Element.Type = Element.self
  ) -> UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: start.assumingMemoryBound(to: type), count: count)
  }
}
