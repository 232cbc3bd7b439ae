import Foundation
import TensorFiles

/// Small data sets: pictures of 8 × 8 with a bright bar where their label says.
enum TinyData {
  static let images = "train-images-idx3-ubyte"
  static let labels = "train-labels-idx1-ubyte"

  static func pixels(_ labels: [UInt8]) -> [UInt8] {
    labels.enumerated().flatMap { record, label in
      (0..<64).map { pixel in
        let noise = UInt8((record * 31 + pixel * 17) % 23)
        return (pixel % 8) / 3 == Int(label) % 3 ? 200 + noise : 20 + noise
      }
    }
  }

  static func turns(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 3) } }

  static func imageFile(_ labels: [UInt8]) -> [UInt8] {
    [0, 0, 8, 3] + [labels.count, 8, 8].flatMap(bigEndian) + pixels(labels)
  }

  static func labelFile(_ labels: [UInt8]) -> [UInt8] {
    [0, 0, 8, 1] + bigEndian(labels.count) + labels
  }

  private static func bigEndian(_ number: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(number).bigEndian, Array.init)
  }

  /// A folder of IDX files: three labels in turn, unless `labels` says others.
  @discardableResult
  static func putIDX(
    into folder: TemporaryFolder, _ name: String = "data", train: Int = 60, test: Int = 20,
    labels: [UInt8]? = nil
  ) throws -> String {
    let known = labels ?? turns(train)
    try folder.put(imageFile(known), "\(name)/\(images)")
    try folder.put(labelFile(known), "\(name)/\(Self.labels)")
    if test > 0 {
      try folder.put(imageFile(turns(test)), "\(name)/t10k-images-idx3-ubyte")
      try folder.put(labelFile(turns(test)), "\(name)/t10k-labels-idx1-ubyte")
    }
    return folder.file(name)
  }

  /// An archive of images, labels and a number from 0 to 1.
  static func putArchive(into folder: TemporaryFolder) throws -> String {
    let labels = turns(60)
    let path = folder.file("shoes.npz")
    try NPZ.write(
      [
        NPZArray(name: "image", shape: [60, 8, 8], values: .uint8(pixels(labels))),
        NPZArray(name: "label", shape: [60], values: .int64(labels.map(Int64.init))),
        NPZArray(
          name: "heel", shape: [60], values: .float32((0..<60).map { Float($0 % 21) / 20 })),
      ], to: path)
    return path
  }

  /// A table with an identifier, and holes in a number and a category.
  static func putHoles(into folder: TemporaryFolder) throws -> String {
    var rows = ["id,size,kind,weight"]
    for index in 0..<300 {
      let size = 1 + Double(index * 7 % 90) / 10
      let kind = ["small", "large", "odd"][size < 4 ? 0 : index % 10 == 0 ? 2 : 1]
      let weight = String(format: "%.1f", 3 * size + Double(index % 5) / 10)
      rows.append(
        "\(index),\(String(format: "%.1f", size)),\(index % 6 == 1 ? "" : kind),"
          + (index % 4 == 3 ? "NA" : weight))
    }
    return try folder.put((rows.joined(separator: "\n") + "\n").utf8, "holes.csv")
  }

  /// A table of texts under a kind, and of a short form of each, with the schema that says so.
  static func putTexts(into folder: TemporaryFolder) throws -> String {
    let words = [["river", "<b>wood</b>", "hill"], ["wheel", "motor", "gear"]]
    let rows = (0..<160).map { row in
      let own = words[row % 2]
      let (first, second) = (own[row / 2 % 3], own[row / 6 % 3])
      let kind = row % 2 == 0 ? "land" : "part"
      return "the \(first) and a \(second) of \(row),\(first) \(second),\(kind)"
    }
    try folder.put(
      "fields: {long: {kind: text, tokens: bytes}, short: {kind: text, tokens: bytes}}".utf8,
      "texts/schema.yaml")
    return try folder.put(
      (["long,short,kind"] + rows).joined(separator: "\n").utf8, "texts/texts.csv")
  }

  /// An archive of square pictures and their labels.
  static func putPictures(
    _ pixels: [UInt8], side: Int, labels: [UInt8], to path: String
  ) throws {
    try NPZ.write(
      [
        NPZArray(name: "image", shape: [labels.count, side, side], values: .uint8(pixels)),
        NPZArray(name: "label", shape: [labels.count], values: .int64(labels.map(Int64.init))),
      ], to: path)
  }

  /// A configuration that trains in a moment; `training` has further lines of that part.
  static func putConfiguration(
    into folder: TemporaryFolder, given: String = "label", training: [String] = []
  ) throws -> String {
    let lines =
      [
        "given: [\(given)]",
        "model:",
        "  latent: 4",
        "  recognition: {hidden: [16]}",
        "  prior: {hidden: [8]}",
        "  decoder: {hidden: [16]}",
        "training:",
      ] + (["batch: 10", "epochs: 2", "threads: 1"] + training).map { "  " + $0 }
    return try folder.put(lines.joined(separator: "\n").utf8, "tiny.yaml")
  }
}
