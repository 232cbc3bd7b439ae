import RecordTypes

/// The `augmentation:` part: pictures are changed now and then while training, and the networks are told how.
///
/// Flags with what was done are one more condition of all networks. Whatever else the model is used for, nothing was done, and
/// the flags are 0: mirrored or moved pictures teach the networks, but they aren't among those that the model draws or scores.
///
/// - Source: Jun et al., *Distribution Augmentation for Generative Modeling*, 2020; Karras et al., *Elucidating the Design
///   Space of Diffusion-Based Generative Models*, 2022, section 5 (both tell the network what was done).
public struct AugmentationConfiguration: Encodable, Hashable, Sendable {
  /// Whether pictures are mirrored, left to right.
  public var flip = false
  /// The most pixels by which pictures are moved along each side; the pixels at the edge are repeated.
  public var shift = 0
  /// Whether red, green and blue change places.
  public var colours = false
  /// The share of records that are changed.
  public var share = 0.5

  /// Pictures as they are.
  public init() {}

  /// Whether anything is done.
  public var isOn: Bool { count > 0 }

  /// Numbers that say what was done to a record: 1 for mirrored, the two distances as shares of ``shift``, and one number
  /// for each order of colours but the usual one.
  public var count: Int {
    (flip ? 1 : 0) + (shift > 0 ? 2 : 0) + (colours ? Self.orders.count - 1 : 0)
  }

  /// The orders of red, green and blue, the usual one first.
  public static let orders = [
    [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0],
  ]

  enum CodingKeys: String, CodingKey, CaseIterable { case flip, shift, colours, share }
}

extension AugmentationConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let settings = try Settings<CodingKeys>(decoder, of: "model.augmentation")
    try settings.update(&flip, .flip)
    try settings.update(&shift, .shift)
    try settings.update(&colours, .colours)
    try settings.update(&share, .share)
  }
}

extension ModelConfiguration {
  /// Checks what is done to pictures.
  func validateAugmentation(schema: RecordSchema, roles: Roles) throws {
    guard augmentation != AugmentationConfiguration() else { return }
    let sizes = schema.fields.filter { (roles.given + roles.generated).contains($0.name) }
      .compactMap(\.imageSize)
    try require(
      !sizes.isEmpty, "augmentation", "pictures", got: "none", remedy: "leave this part out")
    try require(
      augmentation.share > 0 && augmentation.share <= 1, "augmentation.share",
      "a share above 0 and up to 1", got: "\(augmentation.share)")
    try require(
      augmentation.isOn, "augmentation", "flip, shift or colours", got: "share alone",
      remedy: "add one of them, or leave this part out")
    let most = sizes.map { min($0.height, $0.width) / 2 }.min() ?? 0
    try require(
      (0...most).contains(augmentation.shift), "augmentation.shift",
      "0 to \(most) pixels, half of these pictures", got: "\(augmentation.shift)")
    try require(
      !augmentation.colours || sizes.contains { $0.channels == 3 }, "augmentation.colours",
      "pictures in colour", got: "grey ones", remedy: "write false")
  }
}
