import CVAEModels
import RecordTypes
import TensorGraph
import Testing

/// Decoder outputs that are extrapolated away from those under an unknown condition.
@Suite struct ControlTests {
  /// The outputs of a controlled program, or of the plain one.
  private func outputs(
    _ model: ConditionalVAE, control: Double?, condition: TinyBatch
  ) throws -> [String: [Double]] {
    var batch = condition
    batch.reals["u"] = [0.3, -1, 0.5, 2, -0.7, 0.1]
    for input in model.givenInputs {
      batch.indices["unknown.\(input.name)"] = input.missingLevel.map { [$0, $0, $0] }
      if let missing = input.missingName {
        batch.reals["unknown.\(input.name)"] = [Double](repeating: 0, count: 3 * input.field.width)
        batch.reals["unknown.\(missing)"] = [1, 1, 1]
      }
    }
    if let control { batch.reals["control"] = [control] }
    return try batch.run(
      model.decodingProgram(batch: 3, isControlled: control != nil), of: model)
  }

  /// A standard prior, so that z is the style under every condition.
  private func model() throws -> ConditionalVAE {
    try Tiny.model(
      [Tiny.image, Tiny.label, Tiny.number, Tiny.tag, Tiny.vector], given: ["label", "row"],
      Tiny.configuration(prior: .standard), acceptsMissing: true)
  }

  private func logit(_ p: Double) -> Double { logOf(p) - logOf(1 - p) }

  @Test(arguments: [0, 1, 2.5, -1])
  func outputsAreExtrapolated(control: Double) throws {
    let model = try model()
    let batch = Tiny.batch(of: model, count: 3, seed: 1)
    var unknown = batch
    unknown.indices["label"] = [3, 3, 3]
    unknown.reals["row"] = [Double](repeating: 0, count: 9)
    unknown.reals["row.missing"] = [1, 1, 1]
    let given = try outputs(model, control: nil, condition: batch)
    let none = try outputs(model, control: nil, condition: unknown)
    let result = try outputs(model, control: control, condition: batch)
    for (name, scale) in [("image", logit), ("size", { $0 }), ("tag", logOf)]
      as [(String, (Double) -> Double)]
    {
      let (a, b, found) = (
        try #require(given[name]), try #require(none[name]), try #require(result[name])
      )
      // Logits of a category are known but for a constant of each record.
      let count = name == "tag" ? 2 : 1
      for row in stride(from: 0, to: found.count, by: count) {
        let wanted = (row..<row + count).map {
          scale(b[$0]) + control * (scale(a[$0]) - scale(b[$0]))
        }
        let shift = count > 1 ? scale(found[row]) - wanted[0] : 0
        for index in 0..<count {
          #expect(
            abs(scale(found[row + index]) - wanted[index] - shift) < 1e-9,
            "\(name)[\(row + index)], control \(control)")
        }
      }
    }
  }

  @Test func plainProgramHasNoSecondPass() throws {
    let model = try model()
    func names(_ program: Program) -> [String] { Array(program.graph.namedInputs.keys) }
    let (plain, controlled) = (
      try model.generationProgram(batch: 3),
      try model.generationProgram(batch: 3, isControlled: true)
    )
    #expect(!names(plain).contains { $0.hasPrefix("unknown.") || $0 == "control" })
    #expect(
      Set(names(controlled)).subtracting(names(plain)) == [
        "control", "unknown.label", "unknown.row", "unknown.row.missing",
      ])
  }

  @Test func fieldsNamedLikeTheSecondSetHaveOtherNames() {
    let field = Field(name: "unknown.label", kind: .number)
    #expect(FieldInput(field: field, isGiven: true, acceptsMissing: false).name == "%unknown.label")
  }
}
