import CVAEGeneration
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

@testable import CVAETraining

/// Model files of version 0.2.0, which kept absence in levels and fields of their own.
@Suite struct EarlierModelTests {
  /// A header's text as JSON, changed.
  private func change(
    _ file: inout SafetensorsFile, _ key: String, _ body: (inout [String: Any]) throws -> Void
  ) throws {
    let text = try #require(file.metadata[key])
    var object = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    try body(&object)
    file.metadata[key] = String(
      decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
  }

  /// The file as version 0.2.0 wrote it.
  private func earlier(_ model: TrainedModel) throws -> SafetensorsFile {
    var file = SafetensorsFile(metadata: try model.metadata(), tensors: model.tensors)
    try change(&file, "architecture") { $0["formatVersion"] = 1 }
    try change(&file, "schema") { schema in
      var fields = try #require(schema["fields"] as? [[String: Any]])
      for (place, field) in model.schema.fields.enumerated() where field.mayBeMissing {
        fields[place]["mayBeMissing"] = nil
        if field.isCategory {
          fields[place]["kind"] = ["kind": "category", "levels": field.levels + [""]]
        } else {
          fields.append([
            "name": "\(field.name) is missing", "absenceOf": field.name,
            "kind": ["kind": "category", "levels": ["no", "yes"]],
          ])
        }
      }
      schema["fields"] = fields
    }
    try change(&file, "preprocessing") { preprocessing in
      var counts = try #require(preprocessing["levelCounts"] as? [String: [Int]])
      counts["label"]?.append(7)
      counts["size is missing"] = [50, 10]
      preprocessing["levelCounts"] = counts
    }
    return file
  }

  @Test func rowsAreThoseOfTheSameWeights() throws {
    let model = try TinyTrained.rowModel(labelsMayBeMissing: true)
    try #require(model.schema.fields.map(\.mayBeMissing) == [true, true, false])
    let loaded = try TrainedModel(earlier(model), path: "model.safetensors")
    #expect(loaded.formatVersion == 1 && loaded.schema == model.schema)
    #expect(loaded.preprocessing == model.preprocessing)
    let drawn = try [model, loaded].map { model in
      try Generator(model, executor: ReferenceExecutor(), batch: 20).draw(
        DrawRequest(Conditions([:], count: 60, model: model), seed: 3))[0].records
    }
    #expect(drawn[0] == drawn[1])
    #expect(drawn[0].schema.fields.map(\.name) == ["label", "size", "tag"])
    #expect(drawn[0].columns.map(\.hasMissing) == [true, true, false])
  }
}
