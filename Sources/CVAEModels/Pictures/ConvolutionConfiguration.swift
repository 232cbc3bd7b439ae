public import RecordTypes

/// The `convolution:` part: the shape of convolutional networks.
public struct ConvolutionConfiguration: Codable, Hashable, Sendable {
  /// Channels at each scale, the picture's own size first, each next one half as large; nil: chosen
  /// from the size.
  public var widths: [Int]?
  /// Residual blocks at each scale; nil: one, and none where pictures are larger than 16 pixels.
  public var blocks: [Int]?
  /// Widths of the dense layers between the coarsest scale and the latent, in recognition; the
  /// decoder has them in reverse.
  public var dense = [256]
  /// Whether the decoder has a convolution behind each up-sampling that no block follows. Without, pixels that come from
  /// one number of a coarser scale look alike, so that pictures show a grid.
  public var smooth = false
  /// Details that have latent numbers of their own, the coarsest first; none: all of a picture is in z.
  public var levels: [DetailConfiguration] = []
  /// The share of records in which, while training, the finer levels are at their mean, from one that is drawn on, so that z and
  /// the upper levels learn to carry what they can without them.
  ///
  /// - Source: Rippel, Gelbart and Adams, *Learning Ordered Representations with Nested Dropout*, 2014.
  public var levelDropout = 0.0

  /// All chosen from the pictures' size.
  public init() {}

  /// Reads what is there; the rest is chosen.
  public init(from decoder: any Swift.Decoder) throws {
    let settings = try Settings<CodingKeys>(decoder, of: "model.convolution")
    try settings.update(&widths, .widths)
    try settings.update(&blocks, .blocks)
    try settings.update(&dense, .dense)
    try settings.update(&smooth, .smooth)
    try settings.update(&levels, .levels)
    try settings.update(&levelDropout, .levelDropout)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case widths, blocks, dense, smooth, levels, levelDropout
  }
}

extension ModelConfiguration {
  /// The extents that convolutional networks are made for, in pixels.
  static let convolutionalExtents = 16...128

  /// The architecture that is set, or else the one that fits: convolutional where there are
  /// images, at least one of them generated, all of one size of 16 to 128 pixels along both sides.
  public func architecture(schema: RecordSchema, roles: Roles) -> Architecture {
    if let architecture { return architecture }
    let images = schema.images.filter { (roles.given + roles.generated).contains($0.name) }
    let hasGenerated = images.contains { roles.isGenerated($0.name) }
    let fits = images.allSatisfy { image in
      Self.convolutionalExtents.contains(image.size.height)
        && Self.convolutionalExtents.contains(image.size.width)
        && image.size.height == images[0].size.height && image.size.width == images[0].size.width
    }
    return hasGenerated && fits ? .convolutional : .mlp
  }

  /// The same settings with all that was chosen from the fields named: a model file stays readable
  /// whatever is chosen later.
  func resolved(schema: RecordSchema, roles: Roles) -> ModelConfiguration {
    var named = self
    named.architecture = architecture(schema: schema, roles: roles)
    if let scales = pictureScales(schema: schema, roles: roles) {
      named.convolution.widths = scales.widths
      named.convolution.blocks = scales.blocks
    }
    return named
  }

  /// The scales of convolutional networks; nil for dense layers.
  func pictureScales(schema: RecordSchema, roles: Roles) -> PictureScales? {
    guard architecture(schema: schema, roles: roles) == .convolutional,
      let size = schema.images.first?.size
    else { return nil }
    return PictureScales(size, convolution)
  }

  /// Refuses settings of levels that would do nothing.
  func validateLevelsAreUsed(schema: RecordSchema, roles: Roles) throws {
    let isConvolutional = architecture(schema: schema, roles: roles) == .convolutional
    try require(
      convolution.levels.isEmpty || isConvolutional, "convolution.levels",
      "the architecture 'convolutional'", got: "mlp",
      remedy: "leave the levels out, or write model.architecture: convolutional")
    try require(
      convolution.levelDropout == 0 || !convolution.levels.isEmpty, "convolution.levelDropout",
      "levels, in model.convolution.levels", got: "none", remedy: "leave it out, or add levels")
  }

  /// Checks what convolutional networks need.
  func validateConvolutions(schema: RecordSchema, roles: Roles) throws {
    let images = schema.images.filter { (roles.given + roles.generated).contains($0.name) }
    guard let first = images.first(where: { roles.isGenerated($0.name) }) else {
      throw ConfigurationError(
        key: "model.architecture", expected: "a generated image for 'convolutional'",
        actual: "the generated fields \(roles.generated.joined(separator: ", "))",
        remedy: "write mlp")
    }
    for image in images {
      try require(
        Self.convolutionalExtents.contains(image.size.height)
          && Self.convolutionalExtents.contains(image.size.width), "architecture",
        "images of 16 to 128 pixels for 'convolutional'",
        got: "'\(image.name)' of \(image.size.height) × \(image.size.width)",
        remedy: "write mlp, or scale the images")
      try require(
        image.size.height == first.size.height && image.size.width == first.size.width,
        "architecture", "images of one size for 'convolutional'",
        got: "'\(first.name)' and '\(image.name)'", remedy: "write mlp")
    }
    try validateScales(first.size)
  }

  /// Latent numbers at a pixel of a level.
  private static let mostDetailChannels = 256
  /// Residual blocks at one scale.
  private static let mostBlocks = 1000

  private func validateScales(_ size: ImageSize) throws {
    if let widths = convolution.widths {
      let most = Int.bitWidth - min(size.height, size.width).leadingZeroBitCount
      try require(
        !widths.isEmpty && widths.count <= most && widths.allSatisfy { $0 >= 1 },
        "convolution.widths", "1 to \(most) widths of at least 1", got: "\(widths)")
    }
    try require(
      convolution.dense.allSatisfy { $0 >= 1 }, "convolution.dense", "widths of at least 1",
      got: "\(convolution.dense)", remedy: "write [] for no dense layer")
    let scales = PictureScales(size, convolution)
    try require(
      scales.blocks.count == scales.widths.count && scales.blocks.allSatisfy { $0 >= 0 },
      "convolution.blocks", "a count for each of \(scales.widths.count) scales",
      got: "\(scales.blocks)")
    try require(
      scales.blocks.allSatisfy { $0 <= Self.mostBlocks }, "convolution.blocks",
      "at most \(Self.mostBlocks) at each scale", got: "\(scales.blocks)")
    try validateLevels(scales)
  }

  private func validateLevels(_ scales: PictureScales) throws {
    let levels = convolution.levels
    let extents = scales.widths.indices.map(scales.extent).reversed().map { $0 }
    for level in levels {
      try require(
        extents.contains(level.extent), "convolution.levels",
        "extents out of \(extents), which the scales of these pictures have",
        got: "\(level.extent)", remedy: "choose some of these, the coarsest first")
      try require(
        (1...Self.mostDetailChannels).contains(level.channels), "convolution.levels",
        "1 to \(Self.mostDetailChannels) latent numbers at each pixel", got: "\(level.channels)")
    }
    try require(
      (0..<1).contains(convolution.levelDropout), "convolution.levelDropout",
      "a share of at least 0 and below 1", got: "\(convolution.levelDropout)",
      remedy: "write 0.3, or 0 for none")
    try require(
      zip(levels, levels.dropFirst()).allSatisfy { $0.extent < $1.extent }, "convolution.levels",
      "the coarsest level first, and one of each extent", got: "\(levels.map(\.extent))")
  }
}

extension RecordSchema {
  /// The image fields.
  fileprivate var images: [(name: String, size: ImageSize)] {
    fields.compactMap { field in
      field.module.features.pictureSize.map { (field.name, $0) }
    }
  }
}
