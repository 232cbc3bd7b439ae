/// The bytes of a table while it is read: those that are not used up yet, in a buffer that grows where a cell needs
/// it.
struct InputBuffer: ~Copyable {
  private let source: (UnsafeMutableRawBufferPointer) throws -> Int
  private var buffer: UnsafeMutableBufferPointer<UInt8>
  /// The first byte that is not used up.
  var start = 0
  /// Where the bytes end that are in memory.
  private(set) var end = 0
  private var isSourceEmpty = false

  /// Reads from `source`, which fills a buffer and says how far, 0 at the end; a byte order mark is skipped.
  init(
    capacity: Int = 1 << 18, from source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    precondition(capacity >= 4, "A buffer holds a byte order mark.")
    self.source = source
    buffer = .allocate(capacity: capacity)
    if try isFilled(3), buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { start = 3 }
  }

  deinit { buffer.deallocate() }

  /// A byte that is in memory, counted as ``start`` is.
  subscript(_ index: Int) -> UInt8 { buffer[index] }

  /// The bytes of a part, until the buffer is filled again.
  func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[range])
  }

  /// Whether there are `count` bytes from ``start`` on; reads more where there are not.
  mutating func isFilled(_ count: Int) throws -> Bool {
    while end - start < count {
      guard !isSourceEmpty else { return false }
      try refill()
    }
    return true
  }

  /// The number of bytes up to the next line feed, or up to the end.
  mutating func lineLength() throws -> Int {
    var length = 0
    while true {
      while start + length < end {
        if buffer[start + length] == UInt8(ascii: "\n") { return length }
        length += 1
      }
      guard try isFilled(length + 1) else { return length }
    }
  }

  /// Moves unused bytes to the front, enlarges the buffer if a cell fills it, and reads on.
  private mutating func refill() throws {
    if start > 0 {
      let left = UnsafeMutableBufferPointer(rebasing: buffer[start..<end])
      _ = buffer.update(fromContentsOf: left)
      end -= start
      start = 0
    }
    if end == buffer.count {
      let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * buffer.count)
      _ = larger.update(fromContentsOf: buffer)
      buffer.deallocate()
      buffer = larger
    }
    let room = UnsafeMutableRawBufferPointer(
      rebasing: UnsafeMutableRawBufferPointer(buffer)[end...])
    let count = try source(room)
    isSourceEmpty = count == 0
    end += count
  }
}
