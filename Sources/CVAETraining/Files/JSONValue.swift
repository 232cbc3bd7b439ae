/// Any JSON value, for code that only compares settings.
enum JSONValue: Hashable, Sendable {
  /// A number, `true`, `false`, or `none` for null.
  case word(String)
  case text(String)
  case list([JSONValue])
  case mapping([String: JSONValue])

  /// What an encodable value looks like as JSON.
  init(of value: some Encodable) throws {
    self = try JSONText.decode(JSONValue.self, from: JSONText.string(value))
  }

  /// All values that are no mappings, by the path of keys that leads there.
  func leaves(under path: String = "") -> [String: JSONValue] {
    guard case .mapping(let entries) = self else { return [path: self] }
    return entries.reduce(into: [:]) { leaves, entry in
      let inner = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      leaves.merge(entry.value.leaves(under: inner)) { first, _ in first }
    }
  }
}

extension JSONValue: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .word("none")
    } else if let value = try? container.decode(Bool.self) {
      self = .word("\(value)")
    } else if let value = try? container.decode(Int.self) {
      self = .word("\(value)")
    } else if let value = try? container.decode(UInt64.self) {
      self = .word("\(value)")
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode(Double.self) {
      self = .word("\(value)")
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .mapping(try container.decode([String: JSONValue].self))
    }
  }
}

extension JSONValue: CustomStringConvertible {
  /// In the short form of a sentence: `[label, 3]`.
  var description: String {
    switch self {
    case .word(let value), .text(let value): value
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{"
        + entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        .joined(separator: ", ") + "}"
    }
  }
}
