import Yams

/// A `schema.yaml` that can't be used.
public struct SchemaFileFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The line, counted from 1, where it is known.
  public let line: Int?
  /// What was expected and what came, as a sentence.
  public let reason: String

  /// One sentence that names file and line.
  public var description: String {
    line.map { "\(path), line \($0): \(reason)" } ?? "\(path): \(reason)"
  }
}

extension SchemaFileFailure {
  /// What the parser says about a text that isn't YAML, without the excerpt that it adds.
  init(path: String, notYAML error: any Error) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(path: path, line: mark.line, reason: "expected YAML, but the parser \(problem).")
    case .duplicatedKeysInMapping(let keys, let context):
      self.init(
        path: path, line: context.mark.line,
        reason: "expected each key once, got '\(keys.joined(separator: "', '"))' twice.")
    default: self.init(path: path, line: nil, reason: "expected YAML, got other bytes.")
    }
  }
}
