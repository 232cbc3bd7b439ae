import CVAEModels
import ConditionalData
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// Records of rare levels take over rows of a batch, under the condition of their level.
@Suite struct RareLevelsTests {
  private static let count = 400

  /// Records of which the first ten have the level `b` of `kind`; both levels of `shape` are frequent.
  private func data() throws -> DataSet {
    try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "size", kind: .number),
        Field(name: "kind", kind: .category(levels: ["a", "b", "c"])),
        Field(name: "shape", kind: .category(levels: ["x", "y"])),
      ]),
      columns: [
        .numbers((0..<Self.count).map { Double($0) }),
        .levels((0..<Self.count).map { $0 < 10 ? 1 : 0 }),
        .levels((0..<Self.count).map { Int32($0 % 2) }),
      ])
  }

  private func model(_ data: DataSet, given: [String]) throws -> ConditionalVAE {
    try ConditionalVAE(
      schema: data.schema, roles: Roles.named(given, schema: data.schema),
      configuration: Fixture.configuration().model, acceptsMissing: true, seed: 1)
  }

  private static let training = Array(0..<Int32(count) as Range<Int32>)

  @Test func onlyRareLevelsThatMayBeGivenTakeOver() throws {
    let data = try data()
    let records = Self.training
    for given in [["any"], ["kind"], ["shape", "kind"]] {
      #expect(RareLevels(try model(data, given: given), data.records, training: records) != nil)
    }
    #expect(
      RareLevels(try model(data, given: ["shape"]), data.records, training: records) == nil)
    // Among these, both levels are equally frequent.
    let even = try model(data, given: ["any"])
    #expect(RareLevels(even, data.records, training: Array(records[..<20])) == nil)
  }

  /// Up to half of the even share of two levels, which ten of 400 records have already.
  @Test func theyTakeOverWhatTheyLack() throws {
    let data = try data()
    let rare = try #require(
      RareLevels(try model(data, given: ["any"]), data.records, training: Self.training))
    var taken = 0
    for step in 0..<50 as Range<UInt32> {
      let position = RandomPosition(seed: 3, step: step)
      let batch = Self.training.withUnsafeBufferPointer { rare.batch($0, at: position) }
      for row in 0..<Self.count {
        guard batch.given[row] >= 0 else {
          #expect(batch.records[row] == Int32(row) && batch.numbers[row] == Int32(row))
          continue
        }
        taken += 1
        #expect(batch.given[row] == 1 && batch.records[row] < 10)
        #expect(batch.numbers[row] >= Int32(Self.count))
      }
      #expect(Set(batch.numbers).count == Self.count, "Each row has random numbers of its own.")
      let again = Self.training.withUnsafeBufferPointer { rare.batch($0, at: position) }
      #expect(again.records == batch.records)
    }
    let share = Double(taken) / 50 / Double(Self.count)
    #expect(abs(share - 0.225) < 0.01, "\(share)")
  }

  /// Whatever the mask and dropout say, the level is given, and something is generated.
  @Test(arguments: [["any"], ["kind"]])
  func theLevelIsGiven(given: [String]) throws {
    let data = try data()
    let model = try model(data, given: given)
    let program = try model.evaluationProgram(batch: Self.count)
    let filler = try RecordFiller(
      program, model: model, records: data.records,
      preprocessing: Preprocessing.fit(data, on: Self.training),
      masks: MaskDistribution([.none, .few, .scattered, .sparse]))
    let compiled = try ReferenceExecutor().makeSession(for: model.store).compile(program)
    let fields = [Int32](repeating: 1, count: Self.count)
    Self.training.withUnsafeBufferPointer {
      filler.fill(
        compiled, records: $0, numbers: Self.training.map { $0 + 1000 }, given: fields,
        at: RandomPosition(seed: 5, step: 2), conditionDropout: 0.9)
    }
    let kind = try model.variable("kind")
    let isMasked = given == ["any"]
    let known = compiled.withIndexInput(.field(isMasked ? kind.known : kind, .own)) { Array($0) }
    #expect(known == (0..<Self.count).map { $0 < 10 ? 1 : 0 })
    guard isMasked else { return }
    let target = compiled.withInput(.field(try model.variable("size").target, .own)) { Array($0) }
    let shape = compiled.withIndexInput(.field(try model.variable("shape"), .own)) { Array($0) }
    for row in 0..<Self.count {
      #expect(target[row] == 1 || shape[row] != 2, "Something is generated in record \(row).")
    }
  }
}
