import Foundation
import RecordTypes
import TensorFiles

/// A folder of IDX files, as MNIST and Fashion-MNIST come: images and labels, for training and,
/// where there are `t10k-` files, for testing.
enum IDXFolder {
  private static let images = "-images-idx3-ubyte"
  private static let labels = "-labels-idx1-ubyte"

  /// Whether any of the files is there.
  static func isOne(_ folder: String) -> Bool {
    hasPart("train", folder) || hasPart("t10k", folder)
  }

  private static func hasPart(_ name: String, _ folder: String) -> Bool {
    find(name + images, folder) != nil || find(name + labels, folder) != nil
  }

  /// Fields `image` and `label`; the training records first, then those for testing.
  static func read(_ folder: String) throws -> DataTable {
    let train = try part("train", folder)
    var pixels = train.images.bytes
    var codes = train.labels.bytes
    let trainCount = codes.count
    let size = Array(train.images.extents[1...])
    if hasPart("t10k", folder) {
      let test = try part("t10k", folder)
      guard Array(test.images.extents[1...]) == size else {
        throw DataFileFailure(
          path: test.images.path,
          expected: "images of \(size[0]) × \(size[1]) as in \(train.images.path)",
          actual: "\(test.images.extents[1]) × \(test.images.extents[2])",
          advice: "take both files from the same data set")
      }
      pixels += test.images.bytes
      codes += test.labels.bytes
    }
    let levels = max(10, Int(codes.max() ?? 0) + 1)
    let image = ImageSize(height: size[0], width: size[1], channels: 1)
    return DataTable(
      fields: [
        Field(name: "image", kind: .image(image)),
        Field(name: "label", kind: .category(levels: (0..<levels).map(String.init))),
      ],
      columns: [.bytes(pixels, size: image), .levels(codes.map(Int32.init))],
      ownTest: trainCount < codes.count ? trainCount..<codes.count : nil)
  }

  private static func part(
    _ name: String, _ folder: String
  ) throws -> (images: IDXFile, labels: IDXFile) {
    let images = try IDXFile(existing(name + images, folder), .images)
    let labels = try IDXFile(existing(name + labels, folder), .labels)
    guard images.extents[0] == labels.extents[0] else {
      throw DataFileFailure(
        path: labels.path,
        expected: "\(images.extents[0]) labels, one for each image in \(images.path)",
        actual: "\(labels.extents[0])", advice: "take both files from the same data set")
    }
    return (images, labels)
  }

  private static func existing(_ name: String, _ folder: String) throws -> String {
    guard let path = find(name, folder) else {
      throw DataFileFailure(
        path: folder, expected: "a file \(name) or \(name).gz", actual: "neither",
        advice: "put it there, or check its name")
    }
    return path
  }

  /// The plain file comes before the compressed one.
  private static func find(_ name: String, _ folder: String) -> String? {
    let path = URL(fileURLWithPath: folder).appendingPathComponent(name).path
    return [path, path + ".gz"].first { FileManager.default.fileExists(atPath: $0) }
  }
}
