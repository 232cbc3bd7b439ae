/// An entry of `convolution.levels:`, written `[extent, channels]`: details of pictures that have latent numbers of their
/// own, some at each pixel of a scale.
public struct DetailConfiguration: Hashable, Sendable {
  /// Pixels along the longer side at the scale.
  public var extent: Int
  /// Latent numbers at each of its pixels.
  public var channels: Int

  /// A level of details.
  public init(extent: Int, channels: Int) {
    self.extent = extent
    self.channels = channels
  }
}

/// As JSON or YAML, `[7, 6]`.
extension DetailConfiguration: Codable {
  /// Reads two whole numbers.
  public init(from decoder: any Swift.Decoder) throws {
    let numbers = try [Int](from: decoder)
    guard numbers.count == 2 else {
      throw ConfigurationError(
        key: "model.convolution.levels",
        expected: "two whole numbers for each level, extent and channels",
        actual: "\(numbers)", remedy: "write, for example, [[7, 6], [14, 3]]")
    }
    self.init(extent: numbers[0], channels: numbers[1])
  }

  /// Writes two whole numbers.
  public func encode(to encoder: any Encoder) throws {
    try [extent, channels].encode(to: encoder)
  }
}
