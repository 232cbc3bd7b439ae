extension ZipArchive {
  /// An entry of the directory.
  struct Entry {
    let name: String
    let isDeflated: Bool
    let sum: Int
    let storedCount: Int
    let count: Int
    let offset: Int
  }

  /// Reads an archive's directory, and its entries one by one.
  struct Reader: ~Copyable {
    let entries: [Entry]
    private let file: FileReader

    init(_ path: String, limit: (Int) -> Int = ExpansionLimit.bytes) throws {
      let file = try FileReader(path)
      let entries = try Self.directory(of: file)
      // Entries may share their bytes, so that all of them count together.
      let most = limit(file.count)
      var rest = most
      for entry in entries where rest >= 0 { rest -= entry.count }
      if rest < 0 { throw ExpansionLimit.failure(path, compressed: file.count) }
      self.entries = entries
      self.file = file
    }

    /// Where an entry's stored bytes are in the file.
    func range(of entry: Entry) throws -> Range<Int> {
      guard entry.offset <= file.count - localSize else { throw Self.damaged(file.path) }
      let local = LittleEndianBytes(bytes: try file.bytes(at: entry.offset, count: localSize))
      guard local.integer32(at: 0) == Int(localSignature), let nameCount = local.integer16(at: 26),
        let extraCount = local.integer16(at: 28)
      else { throw Self.damaged(file.path) }
      let start = entry.offset + localSize + nameCount + extraCount
      guard entry.storedCount <= file.count - start else { throw Self.damaged(file.path) }
      return start..<start + entry.storedCount
    }

    /// The first bytes of an entry that isn't compressed.
    func beginning(of entry: Entry, count: Int) throws -> [UInt8] {
      let range = try range(of: entry)
      return try file.bytes(at: range.lowerBound, count: min(count, range.count))
    }

    /// Checks an entry that isn't compressed against its sum, part by part, so that it takes no memory.
    func check(_ entry: Entry) throws {
      let range = try range(of: entry)
      var sum: UInt = 0
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.bytesAtOnce) {
        let count = min(Self.bytesAtOnce, range.upperBound - start)
        sum = try file.bytes(at: start, count: count).withUnsafeBytes {
          checkSum($0, continuing: sum)
        }
      }
      guard range.count == entry.count, sum == UInt(entry.sum) else {
        throw Self.otherSum(entry, file.path)
      }
    }

    private static let bytesAtOnce = 1 << 20

    private static func otherSum(_ entry: Entry, _ path: String) -> DataFileFailure {
      DataFileFailure(
        path: path, expected: "'\(entry.name)' with the check sum in the archive",
        actual: "another one", advice: "copy or download the file again")
    }

    /// An entry's bytes, decompressed and checked against its sum.
    func bytes(of entry: Entry) throws -> [UInt8] {
      let range = try range(of: entry)
      var bytes = try file.bytes(at: range.lowerBound, count: range.count)
      if entry.isDeflated {
        do {
          bytes = try Inflation.inflate(
            bytes, .raw, expectedCount: entry.count, limit: entry.count)
        } catch .tooLarge {
          throw DataFileFailure(
            path: file.path,
            expected: "'\(entry.name)' of \(entry.count) bytes, as the archive states",
            actual: "more", advice: "copy or download the file again")
        } catch { throw Self.damaged(file.path) }
      }
      let sum = bytes.withUnsafeBytes { checkSum($0) }
      guard bytes.count == entry.count, sum == UInt(entry.sum) else {
        throw Self.otherSum(entry, file.path)
      }
      return bytes
    }

    private static func damaged(_ path: String) -> DataFileFailure {
      DataFileFailure(
        path: path, expected: "a zip archive, as .npz files are", actual: "other or missing bytes",
        advice: "copy or download it again, or write it with numpy.savez")
    }

    /// Where the directory is, and how many entries it has.
    private struct Place {
      var entryCount: Int
      var size: Int
      var offset: Int
    }

    /// It is at the end, before a comment of up to 65,535 bytes.
    private static func place(in file: borrowing FileReader) throws -> Place {
      let tailCount = min(file.count, wideLocatorSize + endSize + 65_535)
      let tail = LittleEndianBytes(
        bytes: try file.bytes(at: file.count - tailCount, count: tailCount))
      let end = stride(from: tailCount - endSize, through: 0, by: -1).first {
        tail.integer32(at: $0) == Int(endSignature)
      }
      guard let end, let entryCount = tail.integer16(at: end + 10),
        let size = tail.integer32(at: end + 12), let offset = tail.integer32(at: end + 16)
      else { throw damaged(file.path) }
      // What doesn't fit is in a record that lies before, where another one right before this one says.
      let locator = end - wideLocatorSize
      let isWide = tail.integer32(at: locator) == Int(wideLocatorSignature)
      guard isWide, entryCount == 0xFFFF || max(size, offset) == 0xFFFF_FFFF else {
        return Place(entryCount: entryCount, size: size, offset: offset)
      }
      guard let start = tail.integer64(at: locator + 8), start <= file.count - wideEndSize
      else { throw damaged(file.path) }
      let record = LittleEndianBytes(bytes: try file.bytes(at: start, count: wideEndSize))
      guard record.integer32(at: 0) == Int(wideEndSignature),
        let entryCount = record.integer64(at: 32), let size = record.integer64(at: 40),
        let offset = record.integer64(at: 48)
      else { throw damaged(file.path) }
      return Place(entryCount: entryCount, size: size, offset: offset)
    }

    /// A directory of more bytes is none.
    private static let mostBytes = 1 << 28

    private static func directory(of file: borrowing FileReader) throws -> [Entry] {
      let place = try place(in: file)
      guard place.offset <= file.count, place.size <= min(file.count - place.offset, mostBytes)
      else { throw damaged(file.path) }
      let directory = try file.bytes(at: place.offset, count: place.size)
      var position = 0
      var entries: [Entry] = []
      for _ in 0..<place.entryCount {
        entries.append(try entry(in: directory, at: &position, file.path))
      }
      return entries
    }

    private static func entry(
      in directory: [UInt8], at position: inout Int, _ path: String
    ) throws -> Entry {
      let numbers = LittleEndianBytes(bytes: directory)
      guard numbers.integer32(at: position) == Int(centralSignature),
        let flags = numbers.integer16(at: position + 8),
        let method = numbers.integer16(at: position + 10),
        let sum = numbers.integer32(at: position + 16),
        var storedCount = numbers.integer32(at: position + 20),
        var count = numbers.integer32(at: position + 24),
        let nameCount = numbers.integer16(at: position + 28),
        let extraCount = numbers.integer16(at: position + 30),
        let commentCount = numbers.integer16(at: position + 32),
        var offset = numbers.integer32(at: position + 42),
        position + centralSize + nameCount <= directory.count
      else { throw damaged(path) }
      let start = position + centralSize
      let name = String(decoding: directory[start..<(start + nameCount)], as: UTF8.self)
      let extra = start + nameCount..<min(start + nameCount + extraCount, directory.count)
      var wide = wideNumbers(numbers, extra)
      // In this order, and only those that don't fit.
      if count == 0xFFFF_FFFF { count = wide.popLast() ?? -1 }
      if storedCount == 0xFFFF_FFFF { storedCount = wide.popLast() ?? -1 }
      if offset == 0xFFFF_FFFF { offset = wide.popLast() ?? -1 }
      guard min(storedCount, count, offset) >= 0 else { throw damaged(path) }
      guard flags & 1 == 0, method == 0 || method == 8 else {
        throw DataFileFailure(
          path: path, expected: "entries that are stored or deflated",
          actual: flags & 1 == 1 ? "an encrypted '\(name)'" : "method \(method) in '\(name)'",
          advice: "write it with numpy.savez or numpy.savez_compressed")
      }
      position = start + nameCount + extraCount + commentCount
      return Entry(
        name: name, isDeflated: method == 8, sum: sum, storedCount: storedCount, count: count,
        offset: offset)
    }

    /// The 64-bit numbers of an entry's extra field, the first one last.
    private static func wideNumbers(_ numbers: LittleEndianBytes, _ extra: Range<Int>) -> [Int] {
      var position = extra.lowerBound
      while position + 4 <= extra.upperBound {
        guard let kind = numbers.integer16(at: position),
          let size = numbers.integer16(at: position + 2)
        else { break }
        let field = position + 4..<min(position + 4 + size, extra.upperBound)
        if kind == 1 {
          return stride(from: field.lowerBound, through: field.upperBound - 8, by: 8).reversed()
            .map { numbers.integer64(at: $0) ?? -1 }
        }
        position = field.upperBound
      }
      return []
    }
  }
}
