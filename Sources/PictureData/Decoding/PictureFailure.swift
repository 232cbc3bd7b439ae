import Foundation

/// Why one picture among many can't be used, as the end of a sentence.
enum PictureFailure: Error, Equatable {
  /// No file of that name, or none that may be read: the system's error number.
  case unopened(code: Int32)
  /// The beginning isn't that of a PNG, JPEG or WebP file.
  case otherForm
  /// The decoder gave up, or the file ends before its picture does.
  case damaged
  /// A WebP file of several pictures.
  case animated
  /// More pixels than can be decoded.
  case tooLarge(height: Int, width: Int)

  /// In words: `"is cut short or damaged"`.
  var words: String {
    switch self {
    case .unopened(ENOENT): "is not there"
    case .unopened(ESPIPE): "is no plain file"
    case .unopened(let code): "can't be read (\(String(cString: strerror(code))))"
    case .otherForm: "is not a PNG, JPEG or WebP picture"
    case .damaged: "is cut short or damaged"
    case .animated: "is an animation"
    case .tooLarge(let height, let width): "is too large, \(height) × \(width) pixels"
    }
  }
}
