import CZlib

/// Decompression with zlib.
enum Inflation {
  /// What surrounds the compressed bytes.
  enum Container {
    /// One or more gzip members.
    case gzip
    /// Nothing, as inside a zip archive.
    case raw

    /// zlib's `windowBits`: adding 16 selects gzip, a negative number neither header nor sum.
    var windowBits: Int32 {
      switch self {
      case .gzip: 15 + 16
      case .raw: -15
      }
    }
  }

  /// Why bytes couldn't be decompressed.
  enum Failure: Error {
    /// The bytes end before their compressed stream does.
    case truncated
    /// The bytes, or their check sum, are wrong.
    case corrupt
    /// They expand to more than they may.
    case tooLarge
    /// zlib couldn't allocate.
    case outOfMemory
  }

  /// Decompresses `input` to at most `limit` bytes; with the right `expectedCount` the result needn't grow.
  static func inflate(
    _ input: [UInt8], _ container: Container, expectedCount: Int, limit: Int
  ) throws(Failure) -> [UInt8] {
    // zlib keeps the stream's address, so that it can't be a Swift variable.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, container.windowBits, ZLIB_VERSION, size) == Z_OK else {
      throw .outOfMemory
    }
    defer { inflateEnd(stream) }
    // Beyond the factor by which most data shrink, a stated size gets no memory before its bytes are there.
    let room = max(1, min(expectedCount, limit, usualRatio * input.count + 64))
    var output = [UInt8](repeating: 0, count: room)
    var consumed = 0
    var produced = 0
    while true {
      if produced == output.count {
        guard produced <= limit else { throw .tooLarge }
        // One byte beyond the limit shows that there is more.
        let more = min(max(output.count, 1 << 16), limit - produced + 1)
        output.append(contentsOf: repeatElement(0, count: more))
      }
      let status = step(stream, input, &consumed, &output, &produced)
      switch status {
      case Z_OK: continue
      case Z_STREAM_END:
        if container == .gzip, try beginsMember(input, consumed) {
          inflateReset(stream)
          continue
        }
        guard produced <= limit else { throw .tooLarge }
        output.removeLast(output.count - produced)
        return output
      case Z_BUF_ERROR where consumed == input.count: throw .truncated
      case Z_MEM_ERROR: throw .outOfMemory
      default: throw .corrupt
      }
    }
  }

  private static let usualRatio = 8

  /// One call of zlib; both counts move on.
  private static func step(
    _ stream: UnsafeMutablePointer<z_stream>, _ input: [UInt8], _ consumed: inout Int,
    _ output: inout [UInt8], _ produced: inout Int
  ) -> Int32 {
    input.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        let available = min(source.count - consumed, 1 << 30)
        let room = min(target.count - produced, 1 << 30)
        stream.pointee.next_in = source.baseAddress.map {
          UnsafeMutablePointer(mutating: $0 + consumed)
        }
        stream.pointee.avail_in = UInt32(available)
        stream.pointee.next_out = target.baseAddress.map { $0 + produced }
        stream.pointee.avail_out = UInt32(room)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        consumed += available - Int(stream.pointee.avail_in)
        produced += room - Int(stream.pointee.avail_out)
        return status
      }
    }
  }

  /// Whether another gzip member follows; padding with zeros may stand at the end.
  private static func beginsMember(_ input: [UInt8], _ offset: Int) throws(Failure) -> Bool {
    let rest = input[offset...]
    if rest.starts(with: GzipFile.magic) { return true }
    guard rest.allSatisfy({ $0 == 0 }) else { throw .corrupt }
    return false
  }
}
