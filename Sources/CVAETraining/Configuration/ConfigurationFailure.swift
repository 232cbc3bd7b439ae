/// A configuration can't be used.
public struct ConfigurationFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file it came from, if any.
  public let source: String?
  /// One sentence for each mistake.
  public let mistakes: [String]

  /// Each sentence, after the file's name.
  public var description: String {
    mistakes.map { mistake in source.map { "\($0): \(mistake)" } ?? mistake }
      .joined(separator: "\n")
  }
}
