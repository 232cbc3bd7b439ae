/// A mapping in a configuration, in which every key may be left out.
///
/// An unknown word or key is an error that names the nearest known one.
package struct Settings<Key: CodingKey & CaseIterable> {
  /// The mapping itself.
  package let container: KeyedDecodingContainer<Key>
  private let place: String

  /// The mapping being decoded, called `place` in errors, such as `model.prior`.
  ///
  /// - Throws: ``UnknownName`` for the first key, in alphabetical order, that is not among `known`.
  package init(
    _ decoder: any Decoder, of place: String, known: [Key] = Array(Key.allCases)
  ) throws {
    let names = known.map(\.stringValue)
    let found = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    for name in found where !names.contains(name) {
      throw UnknownName(kind: "key of \(place)", name: name, known: names)
    }
    container = try decoder.container(keyedBy: Key.self)
    self.place = place
  }

  /// Replaces a default where the mapping holds the key.
  package func update<Value: Decodable>(_ value: inout Value, _ key: Key) throws {
    if let found = try container.decodeIfPresent(Value.self, forKey: key) { value = found }
  }

  /// Replaces a default by one of a list of words where the mapping holds the key.
  package func update<Word: RawRepresentable<String> & CaseIterable & Decodable>(
    _ value: inout Word, _ key: Key
  ) throws {
    if let text = try container.decodeIfPresent(String.self, forKey: key) {
      value = try word(text, key)
    }
  }

  /// A list of names, or one alone; nil where the key is left out.
  package func names(_ key: Key) throws -> [String]? {
    if let name = try? container.decode(String.self, forKey: key) { return [name] }
    return try container.decodeIfPresent([String].self, forKey: key)
  }

  /// The value that a word stands for.
  ///
  /// - Parameter entry: Where in the value it stands, if that is a mapping.
  /// - Throws: ``UnknownName``.
  package func word<Word: RawRepresentable<String> & CaseIterable>(
    _ text: String, _ key: Key, entry: String? = nil
  ) throws -> Word {
    guard let word = Word.allCases.first(where: { $0.rawValue == text }) else {
      let path = [place, key.stringValue, entry].compactMap { $0 }.joined(separator: ".")
      throw UnknownName(
        kind: "value of \(path)", name: text, known: Word.allCases.map(\.rawValue))
    }
    return word
  }
}

/// Any key, to find out which ones a mapping has.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
