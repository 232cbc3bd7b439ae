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
