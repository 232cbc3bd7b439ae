import CVAEModels
import RecordTypes
import TensorGraph
import Testing

/// Whole models, trained for a few steps by the reference executor.
@Suite struct LearningTests {
  /// Two columns: the label decides where the blob is, the style how bright.
  private func train(_ model: ConditionalVAE, steps: UInt32) throws -> [Float] {
    let count = 16
    let session = try ReferenceExecutor().makeSession(for: model.store)
    let program = try session.compile(
      model.trainingProgram(batch: count, rule: AdamRule(), clipNorm: nil, hasFreeBits: false))
    program.set(.klWeight, 1)
    let levels = Array(0..<count).map { Int32($0 % 3) }
    let (image, label) = (model.generatedInputs[0], model.givenInputs[0])
    program.withIndexInput(.field(label, .own)) { buffer in
      for row in 0..<count { buffer[row] = levels[row] }
    }
    program.withIndexInput(.records(.own)) { buffer in
      for row in 0..<count { buffer[row] = Int32(row) }
    }
    program.withInput(.field(image, .own)) { buffer in
      for row in 0..<count {
        for pixel in 0..<4 {
          buffer[4 * row + pixel] =
            pixel == Int(levels[row]) ? (row % 2 == 0 ? 1 : 0.6) : 0.05
        }
      }
    }
    return try (0..<steps).map { step in
      let outcome = try program.run(
        at: RandomPosition(seed: 1, step: step), learningRate: 0.02)
      #expect(outcome == .applied)
      return program.output(.loss)[0]
    }
  }

  @Test func theSimplestModelLearns() throws {
    let model = try Tiny.model(
      [Tiny.image, Tiny.label], given: ["label"],
      Tiny.configuration(latent: 128, hidden: [], prior: .affineSigmoid))
    let losses = try train(model, steps: 60)
    let first = losses.prefix(5).reduce(0, +) / 5
    let last = losses.suffix(5).reduce(0, +) / 5
    #expect(last < 0.6 * first, "from \(first) to \(last)")
  }

  @Test(arguments: PriorKind.allCases)
  func everyPriorLearns(prior: PriorKind) throws {
    let model = try Tiny.model(
      [Tiny.image, Tiny.label], given: ["label"],
      Tiny.configuration(hidden: [8], prior: prior))
    let losses = try train(model, steps: 80)
    let first = losses.prefix(5).reduce(0, +) / 5
    let last = losses.suffix(5).reduce(0, +) / 5
    #expect(last < 0.75 * first, "\(prior): from \(first) to \(last)")
  }

  @Test func equalSeedsGiveEqualModels() throws {
    let models = try [1, 1, 2].map { seed in
      try Tiny.model(
        [Tiny.image, Tiny.label], given: ["label"], Tiny.configuration(), seed: seed)
    }
    let values = models.map { model in
      model.store.parameters.map { model.store.initialValues(of: $0) }
    }
    #expect(values[0] == values[1])
    #expect(values[0] != values[2])
  }
}
