import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEGeneration

/// What can be given, and how networks get it.
@Suite struct ConditionsTests {
  @Test(
    arguments: [
      ("label", .level(1000), "level 1000"), ("label", .level(-1), "level -1"),
      ("label", .level(3), "level 3"), ("label", .levels([]), "levels []"),
      ("label", .levels([0, 3]), "levels [0, 3]"), ("label", .number(1), "1.0"),
      ("label", .range(0...1), "0.0..1.0"), ("size", .level(0), "level 0"),
      ("size", .levels([0]), "levels [0]"), ("size", .every, "every level"),
      ("size", .number(.infinity), "inf"), ("size", .number(.nan), "nan"),
      ("size", .range(0 ... .infinity), "0.0..inf"),
      ("size", .range(-.infinity...0), "-inf..0.0"),
    ] as [(String, GivenValue, String)])
  func impossibleValuesAreRefused(field: String, value: GivenValue, actual: String) throws {
    let model = try TinyTrained.rowModel()
    let kind = field == "label" ? "a category of 3 levels" : "a number"
    #expect(
      throws: InvalidGiven(
        place: "'\(field)'", expected: "a value of \(kind), or any", actual: actual)
    ) {
      _ = try Conditions([field: value], count: 2, model: model)
    }
  }

  /// A range that no number out of few lies in names the nearest.
  @Test func rangesOfFewNumbers() throws {
    let field = Field(name: "code", kind: FieldKind(DiscreteKind(values: [10, 20, 45])))
    try GivenValue.range(20...30).check(field)
    #expect(
      throws: InvalidGiven(
        place: "'code'",
        expected: "a range with one of its 3 numbers in it, of which 20.0 is the nearest",
        actual: "21.0..30.0")
    ) { try GivenValue.range(21...30).check(field) }
  }

  /// A missing value can be asked for where training records have some.
  @Test func onlyWhatWasMissingCanBeGivenAsMissing() throws {
    let model = try TinyTrained.rowModel()
    let conditions = try Conditions(["size": .missing], count: 2, model: model)
    func absent(_ count: Int) -> [String: Bitmap] {
      ["size": Bitmap(repeating: true, count: count)]
    }
    #expect(conditions.absent == absent(2) && conditions.isUniform)
    #expect(conditions.selecting([1]).absent == absent(1))
    let other = try Conditions(["size": .number(1)], count: 1, model: model)
    #expect(
      Conditions(joining: [conditions, other]).absent == ["size": Bitmap([true, true, false])])
    #expect(
      throws: InvalidGiven(
        place: "'label'", expected: "a value of a category of 3 levels, or any",
        actual: "a missing value, which no training record has")
    ) { _ = try Conditions(["label": .missing], count: 2, model: model) }
    #expect(
      throws: InvalidGiven(
        place: "'label'", expected: "a value of a category of 3 levels, or any",
        actual: "a missing value, which this model never draws")
    ) { _ = try Conditions(["label": .missing], count: 2, model: TinyTrained.model()) }
  }

  /// Networks are told that a value is missing; of one that is unknown they are told nothing.
  @Test func networksGetWhatIsMissing() throws {
    let model = try TinyTrained.rowModel(labelsMayBeMissing: true)
    let program = try model.makeSession(ReferenceExecutor()).compile(
      model.model.drawingProgram(batch: 2))
    let conditions = try Conditions(
      ["label": .missing, "size": .missing], count: 2, model: model)
    let filler = try RecordFiller(
      program.model, model: model.model, records: conditions.records,
      preprocessing: model.preprocessing, meaning: .requested)
    let absence = try #require(model.model.inputs.first { $0.isAbsence })
    let label = try model.variable("label")
    func known(absent: [String: Bitmap]) throws -> [[Int32]] {
      try [0, 1].withUnsafeBufferPointer {
        try filler.reading(conditions.records, absent: absent)
          .fill(program, records: $0, at: RandomPosition(seed: 1, step: 0))
      }
      return [label, absence].map { input in
        program.withIndexInput(.field(input.known, .own)) { Array($0) }
      }
    }
    // The level behind the three that have names; and that the size is absent.
    #expect(try known(absent: conditions.absent) == [[3, 3], [1, 1]])
    #expect(try known(absent: [:]) == [[4, 4], [2, 2]])
    #expect(try known(absent: ["size": Bitmap([true, false])]) == [[4, 4], [1, 2]])
    #expect(try known(absent: ["label": Bitmap([false, true])]) == [[4, 3], [2, 2]])
  }

  /// Under fixed roles too, whose sets and ranges are drawn at once.
  @Test(arguments: [.level(1000), .levels([]), .levels([7]), .number(1)] as [GivenValue])
  func fixedRolesRefuseThemAlike(value: GivenValue) throws {
    let model = try TinyTrained.model()
    #expect(throws: InvalidGiven.self) {
      _ = try Conditions(["label": value], count: 2, model: model)
    }
    #expect(try Conditions(["label": .level(2)], count: 2, model: model).count == 2)
  }

  /// Records of which the first lacks the second number of its place.
  private func holed(_ model: TrainedModel) throws -> Conditions {
    Conditions(
      try Records(
        schema: RecordSchema(fields: [model.schema.field("place")]),
        columns: [.numbers([1, .nan, 3, 40], width: 2)]))
  }

  @Test func aVectorIsKnownAsAWhole() throws {
    let conditions = try holed(TinyTrained.placeModel(acceptsMissing: true))
    #expect((0..<2).map(conditions.lacksSomething) == [true, false])
    #expect(!conditions.isUniform)
  }

  /// Networks get a vector or that there is none.
  @Test func networksGetAVectorAsAWhole() throws {
    let model = try TinyTrained.placeModel(acceptsMissing: true)
    let program = try model.makeSession(ReferenceExecutor()).compile(
      model.model.drawingProgram(batch: 3))
    let place = try model.variable("place")
    // What an earlier batch left.
    program.withInput(.field(place, .own)) { $0.update(repeating: 7) }
    program.withInput(.unknown(place, .own)) { $0.update(repeating: 7) }
    let filler = try RecordFiller(
      program.model, model: model.model, records: holed(model).records,
      preprocessing: model.preprocessing, meaning: .requested)
    [0, 1, 1].withUnsafeBufferPointer {
      filler.fill(program, records: $0, at: RandomPosition(seed: 1, step: 0))
    }
    let last = [3.0, 40].enumerated().map {
      model.preprocessing.standardised($1, field: "place", component: $0)
    }
    #expect(program.withInput(.field(place, .own)) { Array($0) } == [0, 0] + last + last)
    #expect(program.withInput(.unknown(place, .own)) { Array($0) } == [1, 0, 0])
  }

  /// Without an embedding for unknown conditions the number that lacks is drawn, the other stays.
  @Test func whatIsUnknownIsDrawn() throws {
    let model = try TinyTrained.placeModel(acceptsMissing: false)
    var conditions = try holed(model)
    #expect(conditions.drawUnknown(model: model, seed: 1) == ["place"])
    let place = try #require(conditions.records["place"])
    #expect(!place.hasMissing)
    #expect(place.number(0) == 1 && place.number(1) == 3 && place.number(1, component: 1) == 40)
    let drawn = try #require(place.number(0, component: 1))
    #expect((10...160).contains(drawn))
    #expect(conditions.drawUnknown(model: model, seed: 1).isEmpty)
  }
}
