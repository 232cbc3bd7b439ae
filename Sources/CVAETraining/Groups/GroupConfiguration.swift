import RecordTypes

/// How many members of a group a step reads: the `groups:` part of `training:`.
public struct GroupConfiguration: Codable, Hashable, Sendable {
  /// The most members from which z is recognised; each step draws a number from one to this.
  public var sources = 5
  /// Members that are drawn from z; the batch is a multiple of it.
  public var targets = 4

  /// Five and four.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case sources, targets
  }

  /// Reads `{sources, targets}`, each key optional.
  public init(from decoder: any Decoder) throws {
    let settings = try Settings<CodingKeys>(decoder, of: "training.groups")
    try settings.update(&sources, .sources)
    try settings.update(&targets, .targets)
  }
}
