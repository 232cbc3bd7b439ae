/// A configuration can't be used.
public struct ConfigurationFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file it came from, if any.
  public let source: String?
  /// One sentence for each mistake.
  public let mistakes: [String]

  /// Gathers the mistakes of one configuration.
  public init(source: String?, mistakes: [String]) {
    self.source = source
    self.mistakes = mistakes
  }

  /// Each sentence, after the file's name.
  public var description: String {
    mistakes.map { mistake in source.map { "\($0): \(mistake)" } ?? mistake }
      .joined(separator: "\n")
  }
}
