package import Foundation

/// numpy's `.npz`: a zip archive with one `.npy` file for each named array.
public enum NPZ {
  /// Writes the arrays in their order, uncompressed; equal arrays give equal bytes.
  ///
  /// - Throws: ``DataFileFailure`` above 4 GiB or 65,535 arrays, for two arrays of one name, and for one whose
  ///   shape doesn't fit its values; ``FileFailure``.
  public static func write(_ arrays: [NPZArray], to path: String) throws {
    try write(arrays, to: path, limit: Int(UInt32.max))
  }

  static func write(_ arrays: [NPZArray], to path: String, limit: Int) throws {
    var names: Set<String> = []
    for array in arrays {
      guard array.shape.checkedProduct() == array.values.count else {
        throw DataFileFailure(
          path: path,
          expected: "as many values in '\(array.name)' as its shape \(array.shape) says",
          actual: "\(array.values.count)", advice: "change the shape or the values")
      }
      guard names.insert(array.name).inserted else {
        throw DataFileFailure(
          path: path, expected: "a different name for each array",
          actual: "two called '\(array.name)'", advice: "rename one of them")
      }
    }
    let entries = arrays.map { (name: $0.name + ".npy", file: NPYFile($0)) }
    let size = ZipArchive.size(of: entries.map { ($0.name, $0.file.count) })
    guard size < limit, entries.count <= 65_535 else {
      throw DataFileFailure(
        path: path, expected: "an .npz of less than 4 GiB and at most 65535 arrays to write",
        actual: "\(size) bytes in \(entries.count) arrays", advice: "write fewer records")
    }
    try AtomicFile.write(to: path) { writer in
      var archive = ZipArchive.Writer()
      for entry in entries {
        try entry.file.withPayload { payload in
          try archive.append(entry.name, header: entry.file.header, payload, to: &writer)
        }
      }
      try archive.finish(&writer)
    }
  }

  /// Reads every array, in the order of the file.
  ///
  /// - Throws: ``DataFileFailure`` for anything that is wrong inside, ``FileFailure``.
  public static func read(_ path: String) throws -> [NPZArray] {
    try members(path, mappingFrom: .max).compactMap {
      if case .array(let array) = $0 { array } else { nil }
    }
  }

  /// An array of a file.
  package enum Member {
    /// In memory.
    case array(NPZArray)
    /// Elements of one byte, numpy's `uint8`, that lie uncompressed in the file and are mapped from there.
    case bytes(name: String, shape: [Int], Data)
  }

  /// Reads every array, in the order of the file; uncompressed ones of bytes are mapped if they are large. All are
  /// checked against their sums.
  ///
  /// - Parameter least: The size in bytes from which arrays are mapped.
  /// - Throws: ``DataFileFailure`` for anything that is wrong inside, ``FileFailure``.
  package static func members(_ path: String, mappingFrom least: Int) throws -> [Member] {
    let archive = try ZipArchive.Reader(path)
    var mapped: Data?
    return try archive.entries.compactMap { entry in
      guard entry.name.hasSuffix(".npy") else { return nil }
      let name = String(entry.name.dropLast(4))
      if !entry.isDeflated, entry.count >= least {
        let beginning = try archive.beginning(of: entry, count: NPYHeader.mostBytes)
        let header = try NPYHeader(beginning, array: name, path: path)
        if case .uint8 = header.type {
          let range = try archive.range(of: entry)
          _ = try NPYFile.elements(header, named: name, of: range.count, path: path)
          try archive.check(entry)
          let file = try mapped ?? map(path)
          mapped = file
          guard range.upperBound <= file.count else {
            throw FileFailure(path: path, action: "read", code: EIO)
          }
          return .bytes(
            name: name, shape: header.shape,
            file[range.lowerBound + header.count..<range.upperBound])
        }
      }
      return .array(try NPYFile.array(named: name, archive.bytes(of: entry), path: path))
    }
  }

  private static func map(_ path: String) throws -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch { throw FileFailure(path: path, action: "read", code: EIO) }
  }

  /// Whether the file begins as zip archives do, whatever its name.
  ///
  /// - Throws: ``FileFailure``.
  package static func isArchive(_ path: String) throws -> Bool {
    let file = try FileReader(path)
    let signature = LittleEndianBytes(bytes: try file.bytes(at: 0, count: min(4, file.count)))
    return signature.integer32(at: 0) == Int(ZipArchive.localSignature)
  }
}
