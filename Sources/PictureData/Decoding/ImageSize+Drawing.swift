public import RecordTypes
import TensorFiles

extension ImageSize {
  /// Whether picture files and figures can show it: grey values, or red, green and blue.
  public var isDrawable: Bool { channels == 1 || channels == 3 }

  /// Refuses a picture file at `path` for a field that no such file fits.
  func checkDrawable(_ path: String) throws(DataFileFailure) {
    if isDrawable { return }
    throw DataFileFailure(
      path: path, expected: "a field of 1 or 3 channels to read the picture into",
      actual: "\(channels) channels", advice: "give the records as an .npz file")
  }
}
