/// Ranks that should train one model differ.
public struct RankMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  /// What differs.
  public let subject: String
  /// The first rank that has something else than rank 0.
  public let rank: Int
  /// Its machine.
  public let host: String
  /// What rank 0 has.
  public let expected: String
  /// What the other rank has.
  public let actual: String
  /// What to do.
  public let remedy: String

  /// Says how two ranks differ.
  public init(
    subject: String, rank: Int, host: String, expected: String, actual: String, remedy: String
  ) {
    self.subject = subject
    self.rank = rank
    self.host = host
    self.expected = expected
    self.actual = actual
    self.remedy = remedy
  }

  /// One sentence.
  public var description: String {
    "\(subject): expected \(expected), got \(actual) at rank \(rank) on \(host); \(remedy)."
  }
}
