extension SafetensorsFile {
  /// Writes the file through ``AtomicFile``, tensor by tensor, without a second copy in memory.
  ///
  /// - Throws: ``ModelFileFailure`` for anything that couldn't be read again: a number that isn't finite, a shape
  ///   that doesn't fit its values, a tensor called `__metadata__`; ``FileFailure``.
  public func write(to path: String) throws {
    let names = tensors.keys.sorted()
    for name in names {
      guard let tensor = tensors[name] else { continue }
      guard tensor.shape.checkedProduct() == tensor.values.count, name != Self.metadataKey else {
        throw ModelFileFailure(
          path: path, expected: "named tensors with as many values as their shape has",
          actual: "\(tensor.values.count) values of shape \(tensor.shape) in tensor '\(name)'",
          advice: name == Self.metadataKey ? "rename it" : "change the shape or the values")
      }
      guard let index = tensor.firstNonFinite else { continue }
      throw ModelFileFailure(
        path: path, expected: "finite numbers to write",
        actual: "\(tensor.values[index]) in tensor '\(name)' at index \(index)",
        advice: "train with a lower learning rate or with gradient clipping")
    }
    let header = encodedHeader(names)
    try AtomicFile.write(to: path) { writer in
      var length: [UInt8] = []
      length.appendLittleEndian(UInt64(header.count))
      try writer.write(length)
      try writer.write(header)
      for name in names {
        try tensors[name]?.values.withUnsafeBytes { try writer.write($0) }
      }
    }
  }

  /// The JSON header, keys sorted, padded with spaces to a multiple of eight bytes.
  private func encodedHeader(_ names: [String]) -> [UInt8] {
    var entries: [(key: String, json: String)] = []
    var offset = 0
    for name in names {
      guard let tensor = tensors[name] else { continue }
      let end = offset + 4 * tensor.values.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        (name, "{\"data_offsets\":[\(offset),\(end)],\"dtype\":\"F32\",\"shape\":[\(shape)]}"))
      offset = end
    }
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }
      let json = texts.map { quoted($0.key) + ":" + quoted($0.value) }.joined(separator: ",")
      entries.append((Self.metadataKey, "{" + json + "}"))
    }
    entries.sort { $0.key < $1.key }
    let json = "{" + entries.map { quoted($0.key) + ":" + $0.json }.joined(separator: ",") + "}"
    var bytes = Array(json.utf8)
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
    return bytes
  }

  /// A JSON string: only the quote, the backslash and control characters need an escape.
  private func quoted(_ text: String) -> String {
    let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
    var result = [quote]
    result.reserveCapacity(text.utf8.count + 2)
    for byte in text.utf8 {
      switch byte {
      case quote, backslash: result += [backslash, byte]
      case ..<0x20:
        let digits = String(byte, radix: 16)
        result += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
      default: result.append(byte)
      }
    }
    return String(decoding: result + [quote], as: UTF8.self)
  }
}
