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

  /// `"1 picture"`, `"2 pictures"`.
  package static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
