import Foundation

/// The validated header of a safetensors file.
struct SafetensorsHeader {
  /// An element type that can be read.
  enum ElementType: String, CaseIterable {
    case float32 = "F32"
    case int32 = "I32"
    case int64 = "I64"
    case uint8 = "U8"

    /// Bytes for each element.
    var size: Int {
      switch self {
      case .uint8: 1
      case .float32, .int32: 4
      case .int64: 8
      }
    }
  }

  /// Where a tensor lies.
  struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    let count: Int
    /// Its first byte, and the one after its last, counted from the end of the header.
    let begin: Int
    let end: Int
  }

  /// In the order of the data.
  let entries: [Entry]
  let metadata: [String: String]
  /// The first byte after the header.
  let dataOffset: Int

  private static let longest = 100_000_000

  init(_ file: borrowing FileReader) throws {
    let path = file.path
    let json = try Self.json(of: file)
    let content: HeaderContent
    do {
      content = try JSONDecoder().decode(HeaderContent.self, from: Data(json))
    } catch {
      throw ModelFileFailure(
        path: path, expected: "a safetensors header in JSON", actual: Self.reason(error),
        advice: "check that it is a safetensors file, and copy it again")
    }
    dataOffset = 8 + json.count
    metadata = content.metadata
    entries = try content.tensors.map { try Self.entry($0.key, $0.value, path) }
      .sorted { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }
    try Self.checkCover(entries, dataSize: file.count - dataOffset, path)
  }

  private static func json(of file: borrowing FileReader) throws -> [UInt8] {
    guard file.count >= 8 else {
      throw ModelFileFailure(
        path: file.path, expected: "a safetensors file, which has 8 bytes or more",
        actual: "\(file.count) bytes", advice: "copy the file again or train the model again")
    }
    let length = try file.values(UInt64.self, at: 0, count: 1).reduce(0) { $0 + $1.littleEndian }
    let room = min(longest, file.count - 8)
    guard length <= room else {
      throw ModelFileFailure(
        path: file.path, expected: "a header of at most \(room) bytes", actual: "\(length)",
        advice: "check that it is a whole safetensors file, and copy it again")
    }
    return try file.bytes(at: 8, count: Int(length))
  }

  private static func entry(
    _ name: String, _ content: HeaderContent.Tensor, _ path: String
  ) throws -> Entry {
    guard let type = ElementType(rawValue: content.dtype) else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw ModelFileFailure(
        path: path, expected: "tensor '\(name)' to have one of the types \(known)",
        actual: content.dtype, advice: "convert that tensor to F32")
    }
    guard let count = content.shape.checkedProduct(), count <= Int.max / 8 else {
      throw ModelFileFailure(
        path: path, expected: "tensor '\(name)' to have a possible shape",
        actual: "\(content.shape)", advice: "copy the file again or train the model again")
    }
    let offsets = content.data_offsets
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1],
      offsets[1] - offsets[0] == count * type.size
    else {
      throw ModelFileFailure(
        path: path,
        expected: "tensor '\(name)' of shape \(content.shape) to span \(count * type.size) bytes",
        actual: "the offsets \(offsets)", advice: "copy the file again or train the model again")
    }
    return Entry(
      name: name, type: type, shape: content.shape, count: count, begin: offsets[0],
      end: offsets[1])
  }

  /// The tensors must follow each other without gap or overlap up to the end of the file.
  private static func checkCover(_ entries: [Entry], dataSize: Int, _ path: String) throws {
    var end = 0
    for entry in entries {
      guard entry.begin == end else {
        throw ModelFileFailure(
          path: path, expected: "tensor '\(entry.name)' to begin at byte \(end) of the data",
          actual: "\(entry.begin), \(entry.begin < end ? "an overlap" : "a gap")",
          advice: "copy the file again or train the model again")
      }
      end = entry.end
    }
    guard end == dataSize else {
      throw ModelFileFailure(
        path: path, expected: "\(end) bytes of tensors", actual: "\(dataSize)",
        advice: "copy the file again or train the model again")
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "bytes that aren't JSON" }
    switch error {
    case .keyNotFound(let key, _): return "a tensor without '\(key.stringValue)'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      return place.isEmpty ? "JSON of another kind" : "another kind of JSON at '\(place)'"
    default: return "bytes that aren't JSON"
    }
  }
}

/// The header's JSON as it stands.
private struct HeaderContent: Decodable {
  struct Tensor: Decodable {
    let dtype: String
    let shape: [Int]
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let data_offsets: [Int]
  }

  var metadata: [String: String] = [:]
  var tensors: [String: Tensor] = [:]

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for key in container.allKeys {
      if key.stringValue == SafetensorsFile.metadataKey {
        metadata = try container.decode([String: String].self, forKey: key)
      } else {
        tensors[key.stringValue] = try container.decode(Tensor.self, forKey: key)
      }
    }
  }
}
