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
    let archive = try ZipArchive.Reader(path)
    return try archive.entries.compactMap { entry in
      guard entry.name.hasSuffix(".npy") else { return nil }
      let name = String(entry.name.dropLast(4))
      return try NPYFile.array(named: name, archive.bytes(of: entry), path: path)
    }
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
