import CVAETraining
import ConditionalData
import Foundation

extension PictureCache {
  /// The cache in a run's folder; nil for a model file on its own.
  init?(besideModel path: String) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return nil }
    self.init(RunDirectory(path).pictureCachePath)
  }
}
