import RecordTypes

/// The layers between a classifier's rows and its features, as settings.
enum ClassifierBody: Codable, Hashable, Sendable {
  /// Dense layers with rectifiers; none for a linear classifier.
  case perceptron(hidden: [Int])
  /// For each number of channels a convolution of 3 × 3 with a rectifier that halves height and
  /// width; then a dense layer of `hidden` features with another.
  case convolutional(image: ImageSize, channels: [Int], hidden: Int)

  /// Whether networks for images of that size can be built of it.
  func isSound(for size: ImageSize) -> Bool {
    let widths = 1...1_000_000
    return switch self {
    case .perceptron(let hidden): hidden.allSatisfy(widths.contains)
    case .convolutional(let image, let channels, let hidden):
      image == size && channels.allSatisfy(widths.contains) && widths.contains(hidden)
    }
  }

  /// The body that judges pictures of a size; the only place where it is chosen. Larger pictures are
  /// halved more often, until the shorter side has 8 pixels at most.
  static func forImages(of size: ImageSize) -> ClassifierBody {
    var channels = [32, 64]
    while min(size.height, size.width) >> channels.count > 8 { channels.append(64) }
    return .convolutional(image: size, channels: channels, hidden: 64)
  }
}
