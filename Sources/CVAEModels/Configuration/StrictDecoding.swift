import RecordTypes

/// Decodes a mapping in which every key may be left out, and an unknown key is an error that names the
/// nearest known one.
struct StrictDecoding<Key: CodingKey & CaseIterable> {
  private let container: KeyedDecodingContainer<Key>
  private let path: String

  /// - Throws: ``UnknownName`` for a key that `Key` has no case for.
  init(_ decoder: any Swift.Decoder, keys: Key.Type, path: String) throws {
    let known = Key.allCases.map(\.stringValue)
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys
    where !known.contains(key.stringValue) {
      throw UnknownName(kind: "key of \(path)", name: key.stringValue, known: known)
    }
    container = try decoder.container(keyedBy: Key.self)
    self.path = path
  }

  /// The key's value, or `fallback` where it is left out.
  func value<Value: Decodable>(_ key: Key, else fallback: Value) throws -> Value {
    try container.decodeIfPresent(Value.self, forKey: key) ?? fallback
  }

  /// The key's value out of a list of words, or `fallback` where it is left out.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: Key, else fallback: Choice
  ) throws -> Choice {
    guard let text = try container.decodeIfPresent(String.self, forKey: key) else {
      return fallback
    }
    return try Self.choice(text, of: "\(path).\(key.stringValue)")
  }

  /// The key's value out of a list of words, nil where it is left out.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: Key) throws -> Choice? {
    try container.decodeIfPresent(String.self, forKey: key).map {
      try Self.choice($0, of: "\(path).\(key.stringValue)")
    }
  }

  /// Like ``choice(_:else:)``, for a mapping from any names to words.
  func choices<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: Key
  ) throws -> [String: Choice] {
    let texts = try value(key, else: [String: String]())
    return try Dictionary(
      uniqueKeysWithValues: texts.sorted { $0.key < $1.key }.map { name, text in
        (name, try Self.choice(text, of: "\(path).\(key.stringValue).\(name)"))
      })
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ text: String, of path: String
  ) throws -> Choice {
    guard let choice = Choice.allCases.first(where: { $0.rawValue == text }) else {
      throw UnknownName(
        kind: "value of \(path)", name: text, known: Choice.allCases.map(\.rawValue))
    }
    return choice
  }
}

/// Any key, to find out which ones a mapping has.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
