extension NPYFile {
  /// Makes an array from the bytes of a `.npy` file; `path` is the archive, for error messages.
  static func array(named name: String, _ bytes: [UInt8], path: String) throws -> NPZArray {
    let header = try NPYHeader(bytes, array: name, path: path)
    let elements = try elements(header, named: name, of: bytes.count, path: path)
    let values = bytes.withUnsafeBytes { buffer in
      elementValues(
        UnsafeRawBufferPointer(rebasing: buffer[header.count...]), header, count: elements)
    }
    return NPZArray(name: name, shape: header.shape, values: values)
  }

  /// The number of elements, which must fill a file of `count` bytes.
  static func elements(
    _ header: NPYHeader, named name: String, of count: Int, path: String
  ) throws -> Int {
    let payload = count - header.count
    let elements = header.shape.checkedProduct() ?? -1
    let (needed, overflow) = elements.multipliedReportingOverflow(by: header.elementSize)
    guard elements >= 0, !overflow, needed == payload else {
      throw DataFileFailure(
        path: path,
        expected: "array '\(name)' of shape \(header.shape) to have \(header.elementSize) bytes "
          + "for each element",
        actual: "\(payload) bytes in all", advice: "copy or download the file again")
    }
    return elements
  }

  private static func elementValues(
    _ bytes: UnsafeRawBufferPointer, _ header: NPYHeader, count: Int
  ) -> NPZArray.Values {
    switch header.type {
    case .float32: .float32(copied(bytes, count))
    case .float64: .float64(copied(bytes, count))
    case .int64: .int64(copied(bytes, count))
    case .int32: .int64((copied(bytes, count) as [Int32]).map(Int64.init))
    case .uint8: .uint8(copied(bytes, count))
    case .boolean: .boolean(bytes.map { $0 != 0 })
    case .text(let width): .text(texts(copied(bytes, count * width), width: width, count: count))
    }
  }

  private static func copied<Value: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ count: Int
  ) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { buffer, filled in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
      filled = count
    }
  }

  /// Fixed-width texts end at their first zero.
  private static func texts(_ points: [UInt32], width: Int, count: Int) -> [String] {
    (0..<count).map { index in
      var text = ""
      for point in points[(index * width)..<((index + 1) * width)] where point != 0 {
        text.unicodeScalars.append(Unicode.Scalar(point) ?? "\u{FFFD}")
      }
      return text
    }
  }
}
