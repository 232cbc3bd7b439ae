/// Names in a message, the first few of many.
package enum NameList {
  /// `"a, b and c"`, or `"a, b, c, d, e and 7 more"`.
  package static func text(_ names: [String], atMost limit: Int = 5) -> String {
    guard names.count <= limit else {
      return names[..<limit].joined(separator: ", ") + " and \(names.count - limit) more"
    }
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// Levels with commas between them, `"Good, 'very, very good', Ideal"`, all or the first `limit` of them.
  package static func levels(_ levels: [String], atMost limit: Int = .max) -> String {
    levels.prefix(limit).map(level).joined(separator: ", ") + (levels.count > limit ? ", …" : "")
  }

  /// A level in a list: in quotes where a comma, or a space at either end, would mislead, or where it is empty.
  package static func level(_ name: String) -> String {
    let bytes = name.utf8
    let isPlain =
      !bytes.isEmpty && bytes.first != UInt8(ascii: " ") && bytes.last != UInt8(ascii: " ")
      && !bytes.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "'") }
    return isPlain ? name : "'\(name)'"
  }

  /// `"1 picture"`, `"2 pictures"`.
  package static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
