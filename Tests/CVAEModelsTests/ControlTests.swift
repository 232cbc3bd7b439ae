import CVAEModels
import RecordTypes
import TensorGraph
import Testing

/// Decoder outputs that are extrapolated away from those under an unknown condition.
@Suite struct ControlTests {
  private let style = [0.3, -1, 0.5, 2, -0.7, 0.1]

  /// What a controlled program draws, or the plain one.
  private func values(
    _ model: ConditionalVAE, control: Double?, condition: TinyBatch, step: UInt32 = 0
  ) throws -> [String: [Double]] {
    var batch = condition
    batch.reals["u"] = style
    for input in model.givenInputs {
      batch.indices["unknown.\(input.name)"] = input.missingLevel.map { [$0, $0, $0] }
      if input.hasUnknownFlag {
        batch.reals["unknown.\(input.name)"] =
          [Double](repeating: 0, count: 3 * input.features.width)
        batch.reals["unknown.\(input.name).missing"] = [1, 1, 1]
      }
    }
    if let control { batch.reals["control"] = [control] }
    var form = DrawingForm()
    form.drawsStyle = false
    form.isControlled = control != nil
    return try batch.run(
      model.drawingProgram(batch: 3, form), of: model, at: RandomPosition(seed: 5, step: step))
  }

  /// log p(tag | z, y) of both levels, `[record][level]`, where z is the style.
  private func tagScores(
    _ model: ConditionalVAE, condition: TinyBatch
  ) throws -> [[Double]] {
    let scores = try (0..<2 as Range<Int32>).map { level in
      var batch = condition
      batch.indices["tag"] = [level, level, level]
      batch.reals["mean"] = style
      // No noise is left of a sample of z.
      batch.reals["logVariance"] = [Double](repeating: -2000, count: 6)
      batch.reals["priorMean"] = [Double](repeating: 0, count: 6)
      batch.reals["priorLogVariance"] = [Double](repeating: 0, count: 6)
      return try #require(
        batch.run(model.importanceProgram(batch: 3), of: model)["logLikelihood.tag"])
    }
    return (0..<3).map { [scores[0][$0], scores[1][$0]] }
  }

  /// A standard prior, so that z is the style under every condition.
  private func model() throws -> ConditionalVAE {
    try Tiny.model(
      [Tiny.image, Tiny.label, Tiny.number, Tiny.tag, Tiny.vector], given: ["label", "row"],
      Tiny.configuration(prior: .standard), acceptsMissing: true)
  }

  private func logit(_ p: Double) -> Double { logOf(p) - logOf(1 - p) }

  private func unknown(_ condition: TinyBatch) -> TinyBatch {
    var unknown = condition
    unknown.indices["label"] = [3, 3, 3]
    unknown.reals["row"] = [Double](repeating: 0, count: 9)
    unknown.reals["row.missing"] = [1, 1, 1]
    return unknown
  }

  @Test(arguments: [0, 1, 2.5, -1])
  func outputsAreExtrapolated(control: Double) throws {
    let model = try model()
    let batch = Tiny.batch(of: model, count: 3, seed: 1)
    let given = try values(model, control: nil, condition: batch)
    let none = try values(model, control: nil, condition: unknown(batch))
    let result = try values(model, control: control, condition: batch)
    // The number is its mean and noise, which is the same in all three.
    for (name, scale) in [("image", logit), ("size", { $0 })] as [(String, (Double) -> Double)] {
      let (a, b, found) = (
        try #require(given[name]), try #require(none[name]), try #require(result[name])
      )
      #expect(a != b)
      for index in found.indices {
        let wanted = scale(b[index]) + control * (scale(a[index]) - scale(b[index]))
        #expect(
          abs(scale(found[index]) - wanted) < 1e-9, "\(name)[\(index)], control \(control)")
      }
    }
  }

  /// A level is drawn by the softmax of extrapolated logits, which the probabilities under both conditions
  /// give but for a constant.
  @Test(arguments: [0, 2.5, -1, -40])
  func levelsAreDrawnByExtrapolatedLogits(control: Double) throws {
    let model = try model()
    let batch = Tiny.batch(of: model, count: 3, seed: 1)
    let given = try tagScores(model, condition: batch)
    let none = try tagScores(model, condition: unknown(batch))
    let records = try #require(batch.indices["records"])
    var differ = 0
    for step in 0..<60 as Range<UInt32> {
      let found = try #require(
        values(model, control: control, condition: batch, step: step)["tag"])
      for row in 0..<3 {
        let odds = { (scores: [Double]) in scores[0] - scores[1] }
        let wanted = odds(none[row]) + control * (odds(given[row]) - odds(none[row]))
        let words = RandomPosition(seed: 5, step: step).words(
          RandomPurpose("generated tag"), record: UInt32(records[row]), block: 0)
        let draw = Philox.uniform(words.x)
        #expect(found[row] == (draw < sigmoidOf(wanted) ? 0 : 1), "step \(step), row \(row)")
        if (draw < sigmoidOf(odds(given[row]))) != (draw < sigmoidOf(wanted)) { differ += 1 }
      }
    }
    try #require(differ > 0, "Control changes no level that was drawn here.")
  }

  @Test func plainProgramHasNoSecondPass() throws {
    let model = try model()
    func names(_ program: ModelProgram) -> [String] {
      program.realInputs.map(\.slot.testName) + program.indexInputs.map(\.slot.testName)
    }
    var form = DrawingForm()
    form.isControlled = true
    let (plain, controlled) = (
      try model.drawingProgram(batch: 3), try model.drawingProgram(batch: 3, form)
    )
    #expect(!names(plain).contains { $0.hasPrefix("unknown.") || $0 == "control" })
    #expect(
      Set(names(controlled)).subtracting(names(plain)) == [
        "control", "unknown.label", "unknown.row", "unknown.row.missing",
      ])
  }

  /// A field of such a name has a slot and weights of its own beside the second set.
  @Test func fieldsNamedLikeTheSecondSetAreKeptApart() throws {
    let model = try Tiny.model(
      [Tiny.image, Tiny.label, Field(name: "unknown.label", kind: .category(levels: ["a", "b"]))],
      given: ["label", "unknown.label"], Tiny.configuration(), acceptsMissing: true)
    var form = DrawingForm()
    form.isControlled = true
    let program = try model.drawingProgram(batch: 3, form)
    let ports = model.givenInputs.flatMap { input in
      [RecordSet.own, .unknown].map { program.indexPort(.field(input, $0)) }
    }
    #expect(Set(ports).count == 4)
    let names = model.store.parameters.map(\.name)
    #expect(Set(names).count == names.count)
  }
}
