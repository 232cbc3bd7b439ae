/// How much work goes into judging control.
public struct ControlSettings: Hashable, Sendable {
  /// Generated pictures of each level.
  public var perLevel: Int
  /// Importance samples for each record and level where the model classifies.
  public var samples = 8
  /// Test records that the model classifies, at most.
  public var classified = 2000
  /// Generated pictures and real test pictures whose nearest training picture is sought, at most.
  public var compared = 1000
  /// Training records that probes learn from, at most; half as many score them.
  public var probed = 20_000

  /// `perLevel` pictures of each of a category's levels; where it is nil, 200, or of categories with
  /// many levels fewer, so that there are ten thousand in all.
  public init(levels: Int, perLevel: Int? = nil) {
    self.perLevel = perLevel ?? max(10, min(200, 10_000 / max(1, levels)))
  }
}
