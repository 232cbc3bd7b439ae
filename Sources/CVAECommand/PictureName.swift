import Foundation

/// Which arguments name picture files rather than data sets.
enum PictureName {
  private static let endings = ["png", "jpg", "jpeg", "webp"]

  /// Whether a path has the ending of a picture file.
  static func isPicture(_ path: String) -> Bool {
    endings.contains((path as NSString).pathExtension.lowercased())
  }
}
