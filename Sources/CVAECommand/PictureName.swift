import ConditionalData
import Foundation

/// Which arguments name picture files rather than data sets.
enum PictureName {
  /// Whether a path has the ending of a picture file.
  static func isPicture(_ path: String) -> Bool {
    PictureFiles.endings.contains((path as NSString).pathExtension.lowercased())
  }
}
