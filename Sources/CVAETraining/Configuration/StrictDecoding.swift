import RecordTypes

/// Any key of a mapping.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// The mapping being decoded, after a check that it has no other keys than the named ones.
  ///
  /// - Throws: ``UnknownName`` for the first key, in alphabetical order, that is not among `known`.
  func mapping<Key: CodingKey & CaseIterable>(
    _ type: Key.Type, of place: String, known: [Key]? = nil
  ) throws -> KeyedDecodingContainer<Key> {
    let names = (known ?? Array(Key.allCases)).map(\.stringValue)
    let found = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    for name in found where !names.contains(name) {
      throw UnknownName(kind: "key of \(place)", name: name, known: names)
    }
    return try container(keyedBy: Key.self)
  }
}

extension KeyedDecodingContainer {
  /// Replaces a default where the mapping holds the key.
  func update<Value: Decodable>(_ value: inout Value, _ key: Key) throws {
    if let found = try decodeIfPresent(Value.self, forKey: key) { value = found }
  }

  /// One of an enumeration's words.
  ///
  /// - Throws: ``UnknownName`` for another word.
  func choice<Value: RawRepresentable & CaseIterable>(
    _ value: inout Value, _ key: Key, of place: String
  ) throws where Value.RawValue == String {
    guard let word = try decodeIfPresent(String.self, forKey: key) else { return }
    guard let found = Value(rawValue: word) else {
      throw UnknownName(
        kind: "value of \(place)", name: word, known: Value.allCases.map(\.rawValue))
    }
    value = found
  }

  /// A list of an enumeration's words, or one of them; nil where the key is left out.
  ///
  /// - Throws: ``UnknownName`` for another word.
  func choices<Value: RawRepresentable & CaseIterable>(
    _ key: Key, of place: String
  ) throws -> [Value]? where Value.RawValue == String {
    let word = try? decodeIfPresent(String.self, forKey: key)
    guard let words = try word.map({ [$0] }) ?? decodeIfPresent([String].self, forKey: key) else {
      return nil
    }
    return try words.map { word in
      guard let found = Value(rawValue: word) else {
        throw UnknownName(
          kind: "value of \(place)", name: word, known: Value.allCases.map(\.rawValue))
      }
      return found
    }
  }
}
