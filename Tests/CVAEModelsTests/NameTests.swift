import CVAEModels
import RecordTypes
import TensorGraph
import Testing

/// Names that users choose, beside those of layers, slots, parts and other variables.
@Suite struct NameTests {
  /// Fields called like layers, slots, parts of parameters' paths, or with dots and escapes in them.
  private static let names = [
    "state", "pictures", "hidden0", "hidden", "records", "u", "mean", "klWeight", "hidden0.label",
    "label", "label.missing", "label.mask", "%records", "%73tate", "a", "b.a", "b", "bias",
    "weight", "missing", "seen", "output", "unknown.label", "source.records", "logDeviation",
  ]

  struct Variant: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var given: [String]
    var columns: [Int]?
    var mayBeMissing = false
  }

  static let variants = [
    Variant(testDescription: "at once", given: ["label", "a", "weight", "u", "hidden0"]),
    Variant(
      testDescription: "one after another", given: ["label", "a", "seen", "u", "hidden0"],
      columns: [5, 4]),
    Variant(
      testDescription: "that may be missing", given: ["label", "a"], columns: [5, 4],
      mayBeMissing: true),
    Variant(testDescription: "any", given: ["any"]),
    Variant(testDescription: "any that may be missing", given: ["any"], mayBeMissing: true),
  ]

  private func model(_ fields: [Field], _ variant: Variant) throws -> ConditionalVAE {
    try Tiny.model(
      fields, given: variant.given,
      Tiny.configuration {
        if let columns = variant.columns { $0.decoder.columns = columns }
      }, acceptsMissing: true)
  }

  /// No two inputs or parameters share a name, and a step changes every parameter that is trained.
  private func check(_ model: ConditionalVAE) throws {
    #expect(Set(model.inputs.map(\.name)).count == model.inputs.count)
    let parameters = model.store.parameters
    #expect(Set(parameters.map(\.name)).count == parameters.count)
    let program = try model.trainingProgram(
      batch: 16, rule: AdamRule(), clipNorm: nil, hasFreeBits: false)
    // Each variable has an input of its own, of its own form.
    let ports = model.inputs.map { input in
      let slot = InputSlot.field(input, .own)
      return input.features.isIndex ? program.indexPort(slot).node : program.port(slot).node
    }
    #expect(Set(ports).count == model.inputs.count)
    let slots = program.realInputs.map(\.slot) + program.indexInputs.map(\.slot)
    #expect(Set(slots).count == slots.count)
    #expect(Set(slots.map(\.testName)).count == slots.count)

    var batch = Tiny.batch(of: model, count: 16, seed: 1)
    batch.reals["klWeight"] = [1]
    let session = try ReferenceExecutor().makeSession(for: model.store)
    let compiled = try session.compile(program)
    try batch.write(into: compiled)
    let outcome = try compiled.run(at: RandomPosition(seed: 1, step: 0), learningRate: 0.1)
    #expect(outcome == .applied)
    #expect(compiled.output(.loss)[0].isFinite)
    let trained = model.trainedParameters
    // Nothing is behind the last column to see it; and some fields are given in the same records alone.
    let lastSeen = parameters.map(\.name).filter { $0.contains(".seen.") }
      .suffix(model.generatedInputs.last?.features.isIndex == true ? 1 : 2)
    let idle = [".known.weight", ".mask.weight", ".target.weight"]
    let unchanged = try trained.filter { parameter in
      try session.value(of: parameter) == model.store.initialValues(of: parameter)
        && !idle.contains { parameter.name.hasSuffix($0) }
        && !lastSeen.contains(parameter.name)
    }
    #expect(unchanged.map(\.name) == [])
  }

  /// Programs that score and draw have names as distinct as those of a training step.
  private func checkOtherPrograms(_ model: ConditionalVAE) throws {
    let batch = Tiny.batch(of: model, count: 3, seed: 1)
    let outputs = try batch.run(model.evaluationProgram(batch: 3), of: model)
    #expect(outputs["elbo"]?.allSatisfy(\.isFinite) == true)
    let drawing = try model.drawingProgram(batch: 3)
    for program in [drawing, try model.importanceProgram(batch: 3)] {
      let names = program.realInputs.map(\.slot.testName) + program.indexInputs.map(\.slot.testName)
      #expect(Set(names).count == names.count)
    }
    for input in model.generatedInputs { #expect(drawing.gives(.value(input))) }
  }

  @Test(arguments: variants)
  func neverCollide(variant: Variant) throws {
    let fields = Self.names.enumerated().map { place, name in
      Field(
        name: name, kind: place % 3 == 2 ? .category(levels: ["x", "y"]) : .number,
        mayBeMissing: variant.mayBeMissing && place % 2 == 0)
    }
    let model = try model(fields, variant)
    try check(model)
    try checkOtherPrograms(model)
  }

  /// The variable that says whether there is a price keeps out of the way of a field of its name.
  @Test(arguments: [nil, [5, 4]] as [[Int]?])
  func aFieldCalledLikeAnAbsence(columns: [Int]?) throws {
    let price = Field(name: "price", kind: .number, mayBeMissing: true)
    let flag = Field(name: "price is missing", kind: .category(levels: ["no", "yes", "maybe"]))
    for fields in [[flag, price, Tiny.label], [price, flag, Tiny.label]] {
      for given in ["label", "any"] {
        let model = try model(
          fields, Variant(testDescription: "", given: [given], columns: columns))
        let absence = try #require(model.inputs.first { $0.isAbsence })
        #expect(absence.field.name == "price" && absence.name == "price is missing 2")
        let input = try #require(model.inputs.first { $0.name == "price is missing" })
        #expect(input.field == flag && input.features == .index(count: 3))
        try check(model)
      }
    }
  }

  /// Pictures have layers of their own, `decoder.pictures`.
  @Test func convolutionsKeepTheirNames() throws {
    let fields = [
      Field(name: "pictures", kind: .image(ImageSize(height: 16, width: 16, channels: 1))),
      Field(name: "scale0", kind: .category(levels: ["x", "y"])),
      Field(name: "state", kind: .number), Field(name: "hidden0", kind: .number),
    ]
    let model = try Tiny.model(
      fields, given: ["scale0", "hidden0"],
      Tiny.configuration {
        $0.architecture = .convolutional
        $0.convolution.widths = [2, 8]
        $0.convolution.blocks = [1, 1]
        $0.convolution.dense = [5]
      }, acceptsMissing: true)
    let names = model.store.parameters.map(\.name)
    #expect(Set(names).count == names.count)
    let program = try model.evaluationProgram(batch: 2)
    let outputs = try Tiny.batch(of: model, count: 2, seed: 1).run(program, of: model)
    #expect(outputs["elbo"]?.allSatisfy(\.isFinite) == true)
  }

  /// FNV-1a of "generated err zip11" and "generated taxnew12" is the same.
  @Test func variablesDrawNumbersOfTheirOwn() throws {
    let names = ["err zip11", "taxnew12"]
    try #require(
      RandomPurpose("generated \(names[0])").stream
        == RandomPurpose("generated \(names[1])").stream)
    let model = try Tiny.model(
      names.map { Field(name: $0, kind: .number) } + [Tiny.label], given: ["label"],
      Tiny.configuration())
    let purposes = FieldUse.allCases.flatMap { use in
      model.inputs.map { model.purpose(use, of: $0).stream }
    }
    #expect(Set(purposes).count == purposes.count)

    var batch = Tiny.batch(of: model, count: 4, seed: 1)
    batch.reals["temperature"] = [0]
    // The means are 0 then, and σ is 1: what is drawn is the noise.
    let silent = Dictionary(
      uniqueKeysWithValues: model.store.parameters.filter { $0.name.hasPrefix("decoder") }
        .map { ($0.name, [Double](repeating: 0, count: $0.shape.count)) })
    let drawn = try batch.run(model.drawingProgram(batch: 4), of: model, parameters: silent)
    let (first, second) = (try #require(drawn[names[0]]), try #require(drawn[names[1]]))
    #expect(zip(first, second).allSatisfy { $0 != $1 && $0 != 0 && $1 != 0 })
  }
}
