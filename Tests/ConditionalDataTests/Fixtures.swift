import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// A folder that exists as long as the test that holds it.
final class TemporaryFolder {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("swift-cvae-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file into the folder.
  @discardableResult
  func put(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// Writes a text file into the folder.
  @discardableResult
  func put(_ text: String, _ name: String) throws -> String { try put(Array(text.utf8), name) }
}

/// IDX files as bytes.
enum IDX {
  static let trainImages = "train-images-idx3-ubyte"
  static let trainLabels = "train-labels-idx1-ubyte"
  static let testImages = "t10k-images-idx3-ubyte"
  static let testLabels = "t10k-labels-idx1-ubyte"

  static func images(count: Int, height: Int = 2, width: Int = 3, first: UInt8 = 0) -> [UInt8] {
    let pixels = (0..<(count * height * width)).map { first &+ UInt8(truncatingIfNeeded: $0) }
    return [0, 0, 8, 3] + [count, height, width].flatMap(bigEndian) + pixels
  }

  static func labels(_ labels: [UInt8]) -> [UInt8] {
    [0, 0, 8, 1] + bigEndian(labels.count) + labels
  }

  private static func bigEndian(_ number: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(number).bigEndian, Array.init)
  }

  /// Four records for training and two for testing.
  static func put(into folder: TemporaryFolder, withTest: Bool = true) throws {
    try folder.put(images(count: 4), trainImages)
    try folder.put(labels([3, 1, 4, 1]), trainLabels)
    guard withTest else { return }
    try folder.put(images(count: 2, first: 100), testImages)
    try folder.put(labels([5, 9]), testLabels)
  }

  /// The bytes as gzip data of one block without compression.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt16(bytes.count)
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1]
      + withUnsafeBytes(of: count.littleEndian, Array.init)
      + withUnsafeBytes(of: (~count).littleEndian, Array.init) + bytes
      + withUnsafeBytes(of: (~sum).littleEndian, Array.init)
      + withUnsafeBytes(of: UInt32(bytes.count).littleEndian, Array.init)
  }
}

/// What the error that `body` throws says.
func sentence(
  _ location: SourceLocation = #_sourceLocation, of body: () throws -> Void
) -> String {
  do {
    try body()
    Issue.record("Expected an error.", sourceLocation: location)
    return ""
  } catch {
    return "\(error)"
  }
}

/// A data set of one number field.
func numbers(_ values: [Double], ownTest: Range<Int>? = nil) throws -> DataSet {
  try DataSet(
    schema: RecordSchema(fields: [Field(name: "heel", kind: .number)]),
    columns: [.numbers(values)], ownTest: ownTest)
}

extension RecordColumn {
  /// Pictures of one channel.
  static func grey(_ bytes: [UInt8], width: Int) -> RecordColumn {
    RecordColumn(.bytes(ByteStorage(bytes)), width: width)
  }

  /// The bytes of a column of pictures.
  var bytes: ByteStorage? { if case .bytes(let bytes) = values { bytes } else { nil } }
}
