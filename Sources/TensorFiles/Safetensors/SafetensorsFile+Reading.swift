extension SafetensorsFile {
  /// Reads and validates a file; integers become float32 where float32 holds them exactly.
  ///
  /// Each float32 tensor is read straight into its array.
  ///
  /// - Throws: ``ModelFileFailure`` for anything that is wrong inside, ``FileFailure``.
  public static func read(_ path: String) throws -> SafetensorsFile {
    let file = try FileReader(path)
    let header = try SafetensorsHeader(file)
    var tensors = [String: StoredTensor](minimumCapacity: header.entries.count)
    for entry in header.entries {
      let values = try values(of: entry, at: header.dataOffset + entry.begin, file)
      let tensor = StoredTensor(shape: entry.shape, values: values)
      if let index = tensor.firstNonFinite {
        throw ModelFileFailure(
          path: path, expected: "finite numbers",
          actual: "\(values[index]) in tensor '\(entry.name)' at index \(index)",
          advice: "train the model again, or take an older copy")
      }
      tensors[entry.name] = tensor
    }
    return SafetensorsFile(metadata: header.metadata, tensors: tensors)
  }

  /// Reads the texts of a file's header, and no tensor.
  ///
  /// - Throws: ``ModelFileFailure`` for any other file, ``FileFailure``.
  public static func metadata(of path: String) throws -> [String: String] {
    try SafetensorsHeader(FileReader(path)).metadata
  }

  private static func values(
    of entry: SafetensorsHeader.Entry, at offset: Int, _ file: borrowing FileReader
  ) throws -> [Float] {
    switch entry.type {
    case .float32: return try file.values(Float.self, at: offset, count: entry.count)
    case .uint8: return try file.bytes(at: offset, count: entry.count).map(Float.init)
    case .int32:
      return try exact(file.values(Int32.self, at: offset, count: entry.count), entry, file.path)
    case .int64:
      return try exact(file.values(Int64.self, at: offset, count: entry.count), entry, file.path)
    }
  }

  private static func exact(
    _ integers: [some FixedWidthInteger], _ entry: SafetensorsHeader.Entry, _ path: String
  ) throws -> [Float] {
    if let index = integers.firstIndex(where: { Float(exactly: $0) == nil }) {
      throw ModelFileFailure(
        path: path, expected: "integers that float32 holds exactly",
        actual: "\(integers[index]) in tensor '\(entry.name)' at index \(index)",
        advice: "store that tensor's numbers as F32")
    }
    return integers.map { Float($0) }
  }
}
