import CVAEGeneration
import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

@testable import CVAETraining

/// A model file whose header is JSON but not sane is refused, or works: it never ends the process,
/// and what it states is never allocated before tensors are there for it.
@Suite struct MetadataFuzzTests {
  /// Which model's header is changed.
  enum Subject: CaseIterable {
    case pictures, rows, dates, vectors, convolutions
  }

  private static var awkward: [Any] {
    [
      NSNull(), -1, 0, 1 << 40, 1 << 62, 1e300, "NaN", "state", [Any](), [1e300], [String: Any](),
    ]
  }

  @Test(arguments: Subject.allCases)
  func headersAreRefusedOrWork(subject: Subject) throws {
    let model = try Self.model(subject)
    var file = SafetensorsFile(metadata: try model.metadata(), tensors: model.tensors)
    _ = try TrainedModel(file, path: "model.safetensors")
    var (loaded, refused) = (0, 0)
    // What is alike for all models is changed in one.
    let common: Set = ["provenance", "objective"]
    for (key, text) in file.metadata.sorted(by: { $0.key < $1.key })
    where subject == .pictures || !common.contains(key) {
      let whole = try JSONSerialization.jsonObject(with: Data(text.utf8))
      for path in Self.leaves(of: whole) {
        for value in Self.awkward + [Removed()] {
          let changed = Self.replacing(whole, path[...], by: value)
          file.metadata[key] = String(
            decoding: try JSONSerialization.data(withJSONObject: changed), as: UTF8.self)
          do {
            let found = try TrainedModel(file, path: "model.safetensors")
            loaded += 1
            // Sizes are those of the tensors, or the file is refused.
            let draws = ["schema", "preprocessing"].contains(key) && subject != .convolutions
            try Self.use(found, draws: draws)
          } catch let failure as ModelFileFailure {
            refused += 1
            #expect(failure.path == "model.safetensors")
          } catch is GenerationFailure {
            // A model of sound form whose numbers lead nowhere.
          }
        }
      }
      file.metadata[key] = text
    }
    #expect(loaded > 20 && refused > 200, "\(loaded) loaded, \(refused) refused")
  }

  /// What a user does with a model: look at it, draw records, and write them.
  private static func use(_ model: TrainedModel, draws: Bool) throws {
    _ = model.summary
    guard draws else { return }
    let conditions = try Conditions([:], count: 2, model: model)
    let records = try Generator(model, executor: ReferenceExecutor(), batch: 2)
      .draw(DrawRequest(conditions, seed: 1))[0]
    for (field, column) in zip(records.records.schema.fields, records.records.columns) {
      for number in column.numbers { _ = records.forms[field.name]?.text(number) }
    }
  }

  /// Stands for a key that is left out.
  private struct Removed {}

  private enum Step {
    case key(String)
    case place(Int)
  }

  /// The paths of all values that hold no others, of long lists only the first and the last.
  private static func leaves(of value: Any) -> [[Step]] {
    if let entries = value as? [String: Any], !entries.isEmpty {
      return entries.keys.sorted().flatMap { key in
        leaves(of: entries[key] ?? 0).map { [.key(key)] + $0 } + [[.key(key)]]
      }
    }
    if let list = value as? [Any], !list.isEmpty {
      return Set([0, list.count - 1]).sorted().flatMap { place in
        leaves(of: list[place]).map { [.place(place)] + $0 }
      }
    }
    return [[]]
  }

  private static func replacing(_ whole: Any, _ path: ArraySlice<Step>, by value: Any) -> Any {
    switch path.first {
    case nil: return value is Removed ? NSNull() : value
    case .key(let key):
      var entries = whole as? [String: Any] ?? [:]
      if path.count == 1, value is Removed {
        entries[key] = nil
      } else {
        entries[key] = replacing(entries[key] ?? 0, path.dropFirst(), by: value)
      }
      return entries
    case .place(let place):
      var list = whole as? [Any] ?? []
      if path.count == 1, value is Removed {
        list.remove(at: place)
      } else {
        list[place] = replacing(list[place], path.dropFirst(), by: value)
      }
      return list
    }
  }

  private static func model(_ subject: Subject) throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = [3]
    configuration.prior.hidden = [3]
    configuration.decoder.hidden = [3]
    switch subject {
    case .pictures: return try TinyTrained.model(acceptsMissing: true) { $0.adversary.weight = 1 }
    case .rows: return try TinyTrained.rowModel()
    case .dates:
      configuration.decoder.columns = [5, 4]
      configuration.likelihood = ["day": .mixture, "second": .mixture]
      let data = try DataSet(
        schema: RecordSchema(fields: [
          TinyTrained.label, Field(name: "day", kind: .number),
          Field(name: "second", kind: .number),
        ]),
        columns: [
          .levels((0..<30).map { Int32($0 % 3) }), .numbers((0..<30).map(Double.init)),
          .numbers((0..<30).map { Double($0) * 100 }),
        ], source: "dates.csv",
        forms: [
          "day": .days(since: "2024-01-31"), "second": .seconds(since: "2024-01-31 10:00:00"),
        ], isTable: true)
      return try TinyTrained.trained(
        data, roles: Roles(given: ["label"], schema: data.schema), configuration,
        acceptsMissing: true)
    case .vectors:
      let data = try DataSet(
        schema: RecordSchema(fields: [
          Field(name: "x", kind: .number), Field(name: "v", kind: .vector(count: 2)),
        ]),
        columns: [
          .numbers((0..<30).map(Double.init)), .numbers((0..<60).map(Double.init), width: 2),
        ], source: "vectors.npz")
      return try TinyTrained.trained(
        data, roles: Roles(given: ["x"], schema: data.schema), configuration,
        acceptsMissing: false)
    case .convolutions:
      configuration.convolution.widths = [2, 2]
      configuration.convolution.dense = [3]
      let data = try DataSet(
        schema: RecordSchema(fields: [
          Field(name: "image", kind: .image(ImageSize(height: 16, width: 16, channels: 1))),
          TinyTrained.label,
        ]),
        columns: [
          .grey((0..<1536).map { UInt8(truncatingIfNeeded: $0) }, width: 256),
          .levels([0, 1, 2, 0, 1, 2]),
        ], source: "pictures.npz")
      return try TinyTrained.trained(
        data, roles: Roles(given: ["label"], schema: data.schema), configuration,
        acceptsMissing: false)
    }
  }
}
