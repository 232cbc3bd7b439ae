import Foundation
import TensorFiles

@testable import ConditionalData

extension FuzzedReader {
  /// `.npz`: zip archives of numpy's arrays. Check sums of entries that aren't compressed are made right, else
  /// nearly all inputs would fail by them.
  static let npz = FuzzedReader(
    name: "npz",
    words: [
      "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "'descr': '<f4'", "'<f8'", "'<i4'", "'<i8'",
      "'|u1'", "'|b1'", "'<U3'", "(2, 2)", "(-1,)", "(4611686018427387904, 4)", ".npy",
    ].map { Array($0.utf8) },
    seeds: {
      let pixels = NPZArray(
        name: "image", shape: [2, 2, 2], values: .uint8([0, 50, 100, 150, 200, 250, 3, 7]))
      let labels = NPZArray(name: "label", shape: [2], values: .int64([0, 1]))
      let texts = NPZArray(name: "kind", shape: [2], values: .text(["boot", ""]))
      let numbers = NPZArray(name: "size", shape: [2], values: .float32([1.5, -2]))
      let places = NPZArray(name: "place", shape: [2, 2], values: .float64([1, 2, 3, 4]))
      let bits = NPZArray(name: "new", shape: [2], values: .boolean([true, false]))
      let scratch = try Scratch()
      defer { scratch.remove() }
      return try [[pixels, labels], [texts, numbers], [places, bits], [labels]].map { arrays in
        let path = scratch.folder.appending(path: "seed.npz").path
        try NPZ.write(arrays, to: path)
        return try [UInt8](Data(contentsOf: URL(filePath: path)))
      }
    },
    read: { bytes, scratch in
      let path = try scratch.write(withRightSums(bytes), "fuzz.npz")
      let data = try DataSet.load(path)
      _ = try Preprocessing.fit(data, on: (0..<Int32(data.count)).map { $0 })
    })

  /// A zip archive whose stored entries have the sums that its directory states.
  private static func withRightSums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    func number(_ place: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
    var place = 0
    while place + 46 <= bytes.count {
      defer { place += 1 }
      guard number(place, 4) == 0x0201_4B50, number(place + 10, 2) == 0 else { continue }
      let (count, local) = (number(place + 20, 4), number(place + 42, 4))
      guard local + 30 <= bytes.count else { continue }
      let start = local + 30 + number(local + 26, 2) + number(local + 28, 2)
      guard start + count <= bytes.count else { continue }
      let sum = Array(bytes[start..<start + count]).checkSum
      bytes.replaceSubrange(place + 16..<place + 20, with: [UInt8].littleEndian(sum))
    }
    return bytes
  }

  /// A folder of IDX files; the first two bytes say how long the image file is, before that of labels.
  static let idx = FuzzedReader(
    name: "idx", longest: 512,
    words: [
      [0, 0, 8, 3], [0, 0, 8, 1], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 2],
    ],
    seeds: {
      let images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3] + [UInt8](0..<12)
      let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 3, 11]
      return [(images, labels), (stored(images), stored(labels))].map { images, labels in
        .littleEndian(UInt16(images.count)) + images + labels
      }
    },
    read: { bytes, scratch in
      let count = bytes.count < 2 ? 0 : Int(bytes[0]) | Int(bytes[1]) << 8
      try scratch.write(
        Array(bytes.dropFirst(2).prefix(count)), "idx/train-images-idx3-ubyte")
      try scratch.write(
        Array(bytes.dropFirst(2 + count)), "idx/train-labels-idx1-ubyte")
      _ = try DataSet.load(scratch.folder.appending(path: "idx").path)
    })
}
