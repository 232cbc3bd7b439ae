/// How much work goes into judging texts.
public struct TextSettings: Hashable, Sendable {
  /// Texts that are generated under the conditions of held-out records.
  public var generated = 1000
  /// Texts that are generated for the figures of each level; nil for 40, or of categories with many levels fewer.
  public var perLevel: Int?
  /// Held-out records that are reconstructed, transferred, and answered with the most probable text, at most.
  public var read = 250
  /// Training records that probes learn from, at most; half as many score them.
  public var probed = 10_000
  /// Texts of each level that a page shows.
  public var shownOfLevel = 3
  /// Reconstructions, transfers and answers that a page shows.
  public var shown = 12
  /// The share of words that stays where texts are rewritten under another level.
  public var kept = 0.5
  /// The temperature of tokens that is compared with 1.
  public var coolTemperature = 0.7

  /// The usual amount.
  public init() {}

  func perLevel(of levels: Int) -> Int { perLevel ?? max(shownOfLevel, min(40, 1000 / levels)) }
}
