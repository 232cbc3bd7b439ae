import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// Tiny data sets and settings, with which a run takes a fraction of a second.
enum Fixture {
  /// Pictures of 2 × 2 whose grey values depend on one of three levels.
  static func pictures(_ count: Int = 40, changed: Bool = false) throws -> DataSet {
    let position = RandomPosition(seed: 9, step: 0)
    var pixels: [UInt8] = []
    var levels: [Int32] = []
    for record in 0..<count {
      levels.append(Int32(record % 3))
      for column in 0..<4 {
        let noise = position.uniform(RandomPurpose("p"), record: UInt32(record), column: column)
        pixels.append(UInt8(30 + 80 * (record % 3) + Int(30 * noise)))
      }
    }
    if changed { pixels[0] += 1 }
    let schema = try RecordSchema(fields: [
      Field(name: "image", kind: .image(ImageSize(height: 2, width: 2, channels: 1))),
      Field(name: "label", kind: .category(levels: ["low", "middle", "high"])),
    ])
    return try DataSet(
      schema: schema, columns: [.grey(pixels, width: 4), .levels(levels)], source: "pictures.npz")
  }

  /// A number `y` near 2 × `x`, and a group.
  static func numbers(
    _ count: Int = 30, missingGiven: [Int] = [], missingGenerated: [Int] = []
  ) throws -> DataSet {
    let position = RandomPosition(seed: 4, step: 0)
    var (x, y): ([Double], [Double]) = ([], [])
    for record in 0..<count {
      let value = position.normal(RandomPurpose("x"), record: UInt32(record), column: 0)
      let noise = position.normal(RandomPurpose("y"), record: UInt32(record), column: 0)
      x.append(missingGiven.contains(record) ? .nan : Double(Float(value)))
      y.append(missingGenerated.contains(record) ? .nan : Double(Float(2 * value + 0.5 * noise)))
    }
    let groups = (0..<count).map { Int32($0 % 2) }
    let schema = try RecordSchema(fields: [
      Field(name: "x", kind: .number), Field(name: "y", kind: .number),
      Field(name: "group", kind: .category(levels: ["a", "b"])),
    ])
    return try DataSet(
      schema: schema,
      columns: [.numbers(x), .numbers(y), .levels(groups)], source: "numbers.npz")
  }

  /// Two latent dimensions, networks of one hidden layer of four, batches of eight, three epochs.
  static func configuration(
    given: [String] = ["label"], _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) -> RunConfiguration {
    var configuration = RunConfiguration()
    configuration.given = given
    configuration.model.latent = 2
    configuration.model.recognition.hidden = [4]
    configuration.model.prior.hidden = [4]
    configuration.model.decoder.hidden = [4]
    configuration.training.batch = 8
    configuration.training.epochs = 3
    configuration.training.validation = 0.2
    configuration.training.optimizer.learningRate = 0.01
    change(&configuration.training)
    return configuration
  }
}

/// A folder for one test, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "cvae-training-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  func run(_ name: String = "run") throws -> RunDirectory {
    let run = RunDirectory(self(name))
    try run.prepare(for: .new)
    return run
  }
}

/// A file's bytes; empty where there is none.
func bytes(_ path: String) -> Data { FileManager.default.contents(atPath: path) ?? Data() }

/// What an error says, or nothing where none is thrown.
func sentence(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    return "\(error)"
  }
}

extension ConditionalVAE {
  /// The variable of that name.
  func variable(_ name: String) throws -> FieldInput {
    try #require(inputs.first { $0.name == name }, "There is no variable '\(name)'.")
  }
}

extension RecordColumn {
  /// Pictures of one channel.
  static func grey(_ bytes: [UInt8], width: Int) -> RecordColumn {
    RecordColumn(.bytes(ByteStorage(bytes)), width: width)
  }
}
