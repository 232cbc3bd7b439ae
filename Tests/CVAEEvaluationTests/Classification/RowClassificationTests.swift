import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEEvaluation

/// Levels of rows of which any field may be given, under a decoder of known probabilities.
@Suite struct RowClassificationTests {
  private static let label = Field(name: "label", kind: .category(levels: ["a", "b", "c"]))
  private static let tag = Field(
    name: "tag", kind: .category(levels: ["x", "y"]), mayBeMissing: true)
  private static let shares = [0.2, 0.3, 0.5]
  /// p(tag | label), and at last that it is missing.
  private static let tags = [[0.7, 0.1, 0.2], [0.2, 0.7, 0.1], [0.25, 0.15, 0.6]]

  /// z says nothing; the label is drawn first, and the tag given the label.
  private func model() throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 1
    configuration.recognition.hidden = []
    configuration.decoder.hidden = []
    configuration.decoder.columns = [3]
    configuration.activation = .relu
    configuration.prior.kind = .standard
    let schema = try RecordSchema(fields: [Self.label, Self.tag])
    let plain = try TrainedModel.fixture(schema: schema, given: ["any"], configuration)
    var values = plain.tensors.mapValues { [Double](repeating: 0, count: $0.values.count) }
    // What the tag sees of the label: which it is, or nothing.
    values["decoder.label.seen.weight"] = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    values["decoder.label.bias"] = Self.shares.map { log($0) }
    values["decoder.tag.weight"] = Self.tags.flatMap { $0.map { log($0) } }
    return try TrainedModel.fixture(
      schema: schema, given: ["any"], configuration,
      preprocessing: Preprocessing(
        scales: [:], levelCounts: ["label": [1, 1, 1], "tag": [1, 1]]),
      values: values)
  }

  private func data(_ tags: [Int32?]) throws -> DataSet {
    try DataSet(
      schema: RecordSchema(fields: [Self.tag]), columns: [.levels(tags)], source: "rows")
  }

  private func probabilities(
    _ data: DataSet, of field: String, batch: Int = 4
  ) throws -> [[Double]] {
    let found = try Evaluator(model: model(), executor: ReferenceExecutor(), batch: batch)
      .classify(
        data, by: field, records: (0..<Int32(data.count)).map { $0 }, samples: 2)
    return found.records.indices.map { found.logProbabilities(of: $0).map { exp($0) } }
  }

  private func expectEqual(_ found: [[Double]], _ wanted: [[Double]]) {
    for (own, exact) in zip(found.joined(), wanted.joined()) {
      #expect(abs(own - exact) < 1e-6, "\(found)")
    }
    #expect(found.map(\.count) == wanted.map(\.count))
  }

  private func normal(_ weights: [Double]) -> [Double] {
    weights.map { $0 / weights.reduce(0, +) }
  }

  /// p(label | tag) ∝ p(label) p(tag | label); an empty cell says nothing, although the model has learned how
  /// often it is empty under each label.
  @Test(arguments: [1, 3, 10])
  func laterColumnsCount(batch: Int) throws {
    let found = try probabilities(data([0, nil, 1]), of: "label", batch: batch)
    let under = [0, 1].map { tag in
      normal(Self.shares.indices.map { Self.shares[$0] * Self.tags[$0][tag] })
    }
    expectEqual(found, [under[0], Self.shares, under[1]])
  }

  @Test func columnsMayLack() throws {
    let bare = try DataSet(
      schema: RecordSchema(fields: [Field(name: "other", kind: .number)]),
      columns: [.numbers([1, 2])], source: "bare")
    expectEqual(try probabilities(bare, of: "label"), [Self.shares, Self.shares])
  }

  /// Levels alone share the probability: a missing value is none of them.
  @Test func aCategoryThatMayBeMissing() throws {
    let labels = try DataSet(
      schema: RecordSchema(fields: [Self.label]), columns: [.levels([2, 0] as [Int32])],
      source: "labels")
    expectEqual(
      try probabilities(labels, of: "tag"),
      [normal(Array(Self.tags[2].prefix(2))), normal(Array(Self.tags[0].prefix(2)))])
  }
}
