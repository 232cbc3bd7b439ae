/// How much work goes into a ``FidelityReport``, and what it predicts.
public struct FidelitySettings: Hashable, Sendable {
  /// Decides which rows are drawn where there are more than are used.
  public var seed: UInt64
  /// The column that is predicted; nil for the last number and the first category of 2 to 20 levels.
  public var target: String?
  /// Rows of each kind, real and synthetic, that learners learn from, and that are compared with
  /// each other for the privacy figures, at most; at least 10.
  public var mostRows: Int

  /// Chooses; the defaults take seconds.
  public init(seed: UInt64 = 1, target: String? = nil, mostRows: Int = 10_000) {
    self.seed = seed
    self.target = target
    self.mostRows = max(mostRows, FidelityFailure.fewestRows)
  }
}
