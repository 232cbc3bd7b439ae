/// What a decoder refused, in a user's words.
struct DecodingMistake {
  /// The keys that lead to the value.
  let path: [any CodingKey]
  private let error: DecodingError

  init(_ error: DecodingError) {
    self.error = error
    path =
      switch error {
      case .typeMismatch(_, let context), .valueNotFound(_, let context),
        .keyNotFound(_, let context), .dataCorrupted(let context):
        context.codingPath
      @unknown default: []
      }
  }

  /// Names the value's path, what was expected and what came; `found` says the latter in words.
  func sentence(got found: String?) -> String {
    let name = path.isEmpty ? "the file" : path.map(\.stringValue).joined(separator: ".")
    let what = "got " + (found ?? "something else")
    return switch error {
    case .typeMismatch(let type, _): "\(name): expected \(Self.words(for: type)), \(what)."
    case .valueNotFound(let type, _): "\(name): expected \(Self.words(for: type)), got nothing."
    case .keyNotFound(let key, _): "\(name): expected the key '\(key.stringValue)', got none."
    case .dataCorrupted(let context):
      "\(name): \(what), which can't be read (\(context.debugDescription))."
    @unknown default: "\(name): \(what), which can't be read."
    }
  }

  private static func words(for type: Any.Type) -> String {
    switch type {
    case is Bool.Type: return "true or false"
    case is String.Type: return "a word"
    case is UInt64.Type, is UInt.Type: return "a whole number, 0 or above"
    case is any FixedWidthInteger.Type: return "a whole number"
    case is any BinaryFloatingPoint.Type: return "a number"
    default:
      let name = "\(type)"
      if name.hasPrefix("Mapping") || name.hasPrefix("Dictionary") { return "keys with values" }
      if name.hasPrefix("Sequence") || name.hasPrefix("Array") { return "a list" }
      return "a single value"
    }
  }
}
