import RecordTypes
import TensorFiles

/// An `.npz` file whose arrays are the fields, one entry of the first axis for each record.
enum NPZTable {
  /// Whether the file is named as one, or begins as zip archives do.
  static func isOne(_ path: String) throws -> Bool {
    try path.lowercased().hasSuffix(".npz") || NPZ.isArchive(path)
  }

  /// Fields in the order of the arrays.
  static func read(_ path: String, _ requests: FieldRequests) throws -> DataTable {
    let members = try NPZ.members(path, mappingFrom: leastMapped)
    guard let first = members.first else {
      throw DataFileFailure(
        path: path, expected: "an array for each field", actual: "none",
        advice: "write it with numpy.savez(path, image=images, label=labels)")
    }
    var table = DataTable(fields: [], columns: [])
    for array in members {
      guard array.shape.first == first.shape.first else {
        throw DataFileFailure(
          path: path, expected: "arrays with an entry for each record",
          actual: "'\(first.name)' of shape \(first.shape) and '\(array.name)' of \(array.shape)",
          advice: "give all arrays the same first extent")
      }
      guard array.count > 0 else {
        throw DataFileFailure(
          path: path, expected: "values in array '\(array.name)'",
          actual: "an empty one of shape \(array.shape)", advice: "leave it out or fill it")
      }
      if let other = table.fields.first(where: { $0.name == array.name }) {
        throw DataFileFailure(
          path: path, expected: "each name once", actual: array.name.repeated(after: other.name),
          advice: "write the file again with numpy.savez")
      }
      let (kind, column) = try field(of: array, path, requests.request(array.name))
      table.fields.append(Field(name: array.name, kind: kind))
      table.columns.append(column)
    }
    return table
  }

  /// Pictures of so many bytes are mapped, if they are not compressed, so that they take memory only as long as the
  /// system likes.
  private static let leastMapped = 64 << 20

  private static func field(
    of member: NPZ.Member, _ path: String, _ request: FieldRequest?
  ) throws -> (FieldKind, RecordColumn) {
    switch member {
    case .array(let array): return try field(of: array, path, request)
    case .bytes(let name, let shape, let bytes):
      if (3...4).contains(shape.count) { return image(ByteStorage(mapped: bytes), shape) }
      return try field(
        of: NPZArray(name: name, shape: shape, values: .uint8(Array(bytes))), path, request)
    }
  }

  private static func field(
    of array: NPZArray, _ path: String, _ request: FieldRequest?
  ) throws -> (FieldKind, RecordColumn) {
    switch (array.values, array.shape.count) {
    case (.uint8(let bytes), 3...4): return image(ByteStorage(bytes), array.shape)
    case (.boolean(let bits), 3...4):
      return image(ByteStorage(bits.map { $0 ? 255 : 0 }), array.shape)
    case (.uint8(let codes), 1): return category(codes)
    case (.int64(let codes), 1): return category(codes)
    case (.boolean(let bits), 1):
      return (.category(levels: ["false", "true"]), .levels(bits.map { Int32($0 ? 1 : 0) }))
    case (.text(let texts), 1) where request?.isText == true:
      let column = RecordColumn.texts(texts.map { $0.isEmpty ? nil : $0 })
      return (FieldKind(TextKind(for: column, request)), column)
    case (.text(let texts), 1) where texts.contains(where: { !$0.isEmpty }):
      return category(texts.map(ByteText.init), missing: ByteText(""))
    case (.float32(let numbers), 1): return (.number, .numbers(numbers.map(Double.init)))
    case (.float64(let numbers), 1): return (.number, .numbers(numbers))
    case (.float32(let numbers), 2):
      let width = array.shape[1]
      return (.vector(count: width), .numbers(numbers.map(Double.init), width: width))
    case (.float64(let numbers), 2):
      return (.vector(count: array.shape[1]), .numbers(numbers, width: array.shape[1]))
    default:
      throw DataFileFailure(
        path: path,
        expected: "array '\(array.name)' to be images (uint8 [n, height, width] or [n, height, "
          + "width, channels]), a category (integers or texts [n]), numbers (float [n]) or vectors "
          + "(float [n, count])",
        actual: "\(words(array.values)) of shape \(array.shape)",
        advice: "convert it before saving, or leave it out")
    }
  }

  private static func image(_ bytes: ByteStorage, _ shape: [Int]) -> (FieldKind, RecordColumn) {
    let size = ImageSize(
      height: shape[1], width: shape[2], channels: shape.count == 4 ? shape[3] : 1)
    return (.image(size), .bytes(bytes, size: size))
  }

  /// The levels are the sorted distinct values; a value equal to `missing` is none.
  private static func category<Value: Hashable & Comparable & CustomStringConvertible>(
    _ values: [Value], missing: Value? = nil
  ) -> (FieldKind, RecordColumn) {
    let distinct = Set(values).filter { $0 != missing }.sorted()
    let indices = Dictionary(uniqueKeysWithValues: zip(distinct, Int32(0)...))
    return (.category(levels: distinct.map(\.description)), .levels(values.map { indices[$0] }))
  }

  private static func words(_ values: NPZArray.Values) -> String {
    switch values {
    case .float32: "float32"
    case .float64: "float64"
    case .int64: "integers"
    case .uint8: "uint8"
    case .boolean: "bool"
    case .text(let texts): texts.allSatisfy(\.isEmpty) ? "empty texts" : "texts"
    }
  }
}

extension NPZ.Member {
  fileprivate var name: String {
    switch self {
    case .array(let array): array.name
    case .bytes(let name, _, _): name
    }
  }

  fileprivate var shape: [Int] {
    switch self {
    case .array(let array): array.shape
    case .bytes(_, let shape, _): shape
    }
  }

  fileprivate var count: Int {
    switch self {
    case .array(let array): array.values.count
    case .bytes(_, _, let bytes): bytes.count
    }
  }
}
