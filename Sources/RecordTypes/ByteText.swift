/// A text that equals only texts with the same UTF-8 bytes.
///
/// Two `String`s are equal if they are canonically equivalent, such as the two spellings of `é`. Names in data
/// aren't: a table can hold both.
package struct ByteText: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The text.
  package let text: String

  /// Wraps a text.
  package init(_ text: String) { self.text = text }

  /// Whether both have the same bytes.
  package static func == (first: ByteText, second: ByteText) -> Bool {
    first.text.utf8.elementsEqual(second.text.utf8)
  }

  /// Mixes the bytes in.
  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(text.utf8.count)
  }

  /// The order of texts; spellings of one text by their bytes.
  package static func < (first: ByteText, second: ByteText) -> Bool {
    first.text == second.text
      ? first.text.utf8.lexicographicallyPrecedes(second.text.utf8) : first.text < second.text
  }

  /// The text itself.
  package var description: String { text }
}

extension [String] {
  /// The position of a name with the same bytes.
  package func firstIndex(spelled name: String) -> Int? {
    firstIndex { ByteText($0) == ByteText(name) }
  }

  /// Each name's position, by the name's bytes; of equal names the first one's.
  package var places: [ByteText: Int] {
    Dictionary(zip(map(ByteText.init), indices), uniquingKeysWith: { first, _ in first })
  }
}

extension String {
  /// The text in quotation marks, and its code points: `'é' (U+0065 U+0301)`.
  package var withCodePoints: String {
    let points = unicodeScalars.map { scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: Swift.max(0, 4 - digits.count)) + digits
    }
    return "'\(self)' (\(points.joined(separator: " ")))"
  }

  /// What an error says of a name that comes after an equal one: `'é' twice`, or both spellings.
  package func repeated(after other: String) -> String {
    ByteText(self) == ByteText(other)
      ? "'\(self)' twice"
      : "two spellings of one name, \(other.withCodePoints) and \(withCodePoints)"
  }
}
