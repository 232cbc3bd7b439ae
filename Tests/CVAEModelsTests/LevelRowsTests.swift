import RecordTypes
import TensorGraph
import Testing

@testable import CVAEModels

/// Rows of numbers for the levels of a field.
@Suite struct LevelRowsTests {
  private func model(levels: Int, embedding: Int?) throws -> ConditionalVAE {
    let schema = try RecordSchema(fields: [
      Field(name: "job", kind: .category(levels: (0..<levels).map { "job \($0)" })),
      Field(name: "size", kind: .number),
    ])
    var configuration = ModelConfiguration()
    configuration.recognition.hidden = [7]
    configuration.decoder.columns = [9, 5]
    configuration.embedding = embedding
    return try ConditionalVAE(
      schema: schema, roles: .named(["any"], schema: schema), configuration: configuration,
      acceptsMissing: true, seed: 1)
  }

  private func shapes(_ model: ConditionalVAE) -> [String: [Int]] {
    Dictionary(uniqueKeysWithValues: model.store.parameters.map { ($0.name, $0.shape.dimensions) })
  }

  /// Models of earlier versions, and fields with few levels, have a row for each level.
  @Test(arguments: [(100, nil), (63, 4)] as [(Int, Int?)])
  func eachLevelHasARow(levels: Int, embedding: Int?) throws {
    let found = shapes(try model(levels: levels, embedding: embedding))
    #expect(found["recognition.hidden0.job.weight"] == [levels + 1, 7])
    #expect(found["decoder.job.seen.weight"] == [levels + 1, 9])
    #expect(!found.keys.contains { $0.contains("embedding") })
  }

  @Test func manyLevelsShareAMatrix() throws {
    let found = shapes(try model(levels: 64, embedding: 4))
    #expect(found["recognition.hidden0.job.embedding"] == [65, 4])
    #expect(found["recognition.hidden0.job.weight"] == [4, 7])
    #expect(found["decoder.job.seen.embedding"] == [65, 4])
    #expect(found["decoder.job.seen.weight"] == [4, 9])
    #expect(throws: ConfigurationError.self) { _ = try model(levels: 64, embedding: 0) }
  }

  /// A level's row is its vector times the matrix.
  @Test func aRowIsTheVectorTimesTheMatrix() throws {
    var store = ParameterStore(seed: 1)
    let rows = LevelRows("a", rows: 3, out: 2, embedding: 2, .uniform(fanIn: 2), store: &store)
    var builder = ProgramBuilder()
    let index = builder.indexInput(.seen, [2])
    let result = try rows(index, in: &builder.graph)
    let program = builder.program()
    let actual = try ReferenceEvaluator.evaluate(
      program.program.graph, nodes: [result], inputs: [:],
      indexInputs: [program.indexPort(.seen): [2, 0]],
      parameters: [
        "a.embedding": Tensor([3, 2], [1, 2, 3, 4, 5, 6]),
        "a.weight": Tensor([2, 2], [1, 10, 100, 1000]),
      ])
    #expect(actual[0].values == [605, 6050, 201, 2010])
  }
}
