/// A setting that can't be used, found before any work is done.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where it stands, for example `model.latent`.
  public let key: String
  /// What the key needs, in words.
  public let expected: String
  /// What it was given.
  public let actual: String
  /// What to do about it; nil where that is obvious.
  public let remedy: String?

  /// Makes the error from the parts of its sentence.
  public init(key: String, expected: String, actual: String, remedy: String? = nil) {
    self.key = key
    self.expected = expected
    self.actual = actual
    self.remedy = remedy
  }

  /// One sentence: the key, what it needed, what came, and what to do.
  public var description: String {
    "\(key): expected \(expected), got \(actual)" + (remedy.map { "; \($0)." } ?? ".")
  }
}
