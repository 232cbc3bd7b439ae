import CVAEModels
import ConditionalData
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// What a program with known inputs was filled with.
private struct Filled {
  var levels: [Int32] = []
  var x: [Float] = []
  var missing: [Float] = []
  var records: [Int32] = []
}

@Suite struct RecordFillerTests {
  /// Fills the inputs of an evaluation program; `given` must name `group` and `x`.
  private func fill(
    _ data: DataSet, acceptsMissing: Bool, records: [Int32], step: UInt32 = 0, dropout: Double = 0
  ) throws -> Filled {
    let configuration = Fixture.configuration(given: ["group", "x"])
    let model = try ConditionalVAE(
      schema: data.schema, roles: Roles(given: ["group", "x"], schema: data.schema),
      configuration: configuration.model, acceptsMissing: acceptsMissing, seed: 1)
    let program = try model.evaluationProgram(batch: records.count)
    let filler = try RecordFiller(
      program, model: model, records: data.records,
      preprocessing: try Preprocessing.fit(data, on: Array(0..<Int32(data.count))))
    let compiled = try ReferenceExecutor().makeSession(for: model.store).compile(program)
    records.withUnsafeBufferPointer {
      filler.fill(
        compiled, records: $0, at: RandomPosition(seed: 5, step: step), conditionDropout: dropout)
    }
    var filled = Filled()
    let (group, x) = (try model.variable("group"), try model.variable("x"))
    filled.levels = compiled.withIndexInput(.field(group, .own)) { Array($0) }
    filled.records = compiled.withIndexInput(.records(.own)) { Array($0) }
    filled.x = compiled.withInput(.field(x, .own)) { Array($0) }
    #expect(program.reads(.unknown(x, .own)) == acceptsMissing)
    if acceptsMissing { filled.missing = compiled.withInput(.unknown(x, .own)) { Array($0) } }
    return filled
  }

  @Test func recordsAndValuesAreThoseThatWereNamed() throws {
    let data = try Fixture.numbers()
    let filled = try fill(data, acceptsMissing: false, records: [4, 7, 4])
    #expect(filled.records == [4, 7, 4])
    #expect(filled.levels == [0, 1, 0])
    let scale = try Preprocessing.fit(data, on: Array(0..<30))
    let x = data.columns[0].numbers
    #expect(filled.x == [4, 7, 4].map { scale.standardised(x[$0], field: "x") })
  }

  @Test func missingValuesBecomeAny() throws {
    let data = try Fixture.numbers(missingGiven: [3])
    let filled = try fill(data, acceptsMissing: true, records: [2, 3, 4])
    #expect(filled.missing == [0, 1, 0])
    #expect(filled.x[1] == 0 && filled.x[0] != 0)
    #expect(filled.levels == [0, 1, 0])
  }

  @Test func missingLevelsBecomeTheLevelAfterTheLast() throws {
    let schema = try Fixture.numbers(2).schema
    let data = try DataSet(
      schema: schema,
      columns: [.numbers([0, 1, 2]), .numbers([1, 0, 1]), .levels([1, nil, 0])])
    let filled = try fill(data, acceptsMissing: true, records: [0, 1, 2])
    #expect(filled.levels == [1, 2, 0])
    #expect(filled.missing == [0, 0, 0])
  }

  @Test func dropoutTakesItsShareFieldByField() throws {
    let data = try Fixture.numbers(2000)
    let records = (0..<2000).map(Int32.init)
    let filled = try fill(data, acceptsMissing: true, records: records, step: 3, dropout: 0.25)
    let dropped = zip(filled.levels, filled.missing).map { ($0 == 2, $1 == 1) }
    // The standard deviation of either share is 0.0097.
    #expect(abs(Double(dropped.count { $0.0 }) / 2000 - 0.25) < 0.04)
    #expect(abs(Double(dropped.count { $0.1 }) / 2000 - 0.25) < 0.04)
    #expect(abs(Double(dropped.count { $0.0 && $0.1 }) / 2000 - 0.0625) < 0.03)
    for (x, isDropped) in zip(filled.x, dropped) where isDropped.1 { #expect(x == 0) }
  }

  @Test func dropoutDependsOnRecordAndStepAlone() throws {
    let data = try Fixture.numbers(200)
    let forward = (0..<200).map(Int32.init)
    let one = try fill(data, acceptsMissing: true, records: forward, step: 3, dropout: 0.5)
    let other = try fill(
      data, acceptsMissing: true, records: forward.reversed(), step: 3, dropout: 0.5)
    let later = try fill(data, acceptsMissing: true, records: forward, step: 4, dropout: 0.5)
    #expect(one.levels == other.levels.reversed())
    #expect(one.missing == other.missing.reversed())
    #expect(one.levels != later.levels)
  }

  @Test func modelWithoutAnyRefusesMissingValues() throws {
    let data = try Fixture.numbers(missingGiven: [3, 5])
    let said = sentence { _ = try fill(data, acceptsMissing: false, records: [0]) }
    #expect(
      said == "field 'x' is given, and 2 of 30 records lack it, but the model was trained without "
        + "missing values; remove these records, or train with training.conditionDropout above 0.")
  }

  @Test func dataOfAnotherKindAreRefused() throws {
    let model = try Trainer(
      data: Fixture.pictures(), configuration: Fixture.configuration(),
      run: RunDirectory("unused"), executor: ReferenceExecutor()
    ).model
    let pictures = try Fixture.pictures()
    let schema = try RecordSchema(fields: [
      pictures.schema.fields[0], Field(name: "label", kind: .category(levels: ["a", "b", "c"])),
    ])
    let other = try DataSet(schema: schema, columns: pictures.columns)
    let program = try model.evaluationProgram(batch: 1)
    let preprocessing = Preprocessing(scales: [:], levelCounts: [:])
    #expect(throws: TrainingFailure.self) {
      _ = try RecordFiller(
        program, model: model, records: other.records, preprocessing: preprocessing)
    }
    let numbers = try Fixture.numbers()
    #expect(throws: UnknownName.self) {
      _ = try RecordFiller(
        program, model: model, records: numbers.records, preprocessing: preprocessing)
    }
  }
}
