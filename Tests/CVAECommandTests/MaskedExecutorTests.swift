import CVAEModels
import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

/// Masked models on the fast executor: the reference's numbers, and nothing created while training.
@Suite struct MaskedExecutorTests {
  private static let batch = 12

  private func model(channels: Int, _ likelihood: LikelihoodKind) throws -> ConditionalVAE {
    let schema = try RecordSchema(fields: [
      Field(name: "image", kind: .image(ImageSize(height: 5, width: 7, channels: channels))),
      Field(name: "label", kind: .category(levels: ["a", "b", "c"])),
    ])
    var configuration = ModelConfiguration()
    configuration.latent = 4
    configuration.recognition.hidden = [20]
    configuration.prior.hidden = [16]
    configuration.decoder.hidden = [24]
    configuration.likelihood = ["image": likelihood]
    return try ConditionalVAE(
      schema: schema, roles: .any(schema: schema), configuration: configuration,
      acceptsMissing: true, seed: 5)
  }

  private func fill(_ program: CompiledModel, _ model: ConditionalVAE) throws {
    let draws = RandomPosition(seed: 8, step: 0)
    func values(_ input: FieldInput, _ label: String, _ body: (Double) -> Double) {
      program.withInput(.field(input, .own)) { buffer in
        for index in buffer.indices {
          let draw = draws.uniform(RandomPurpose(label), record: UInt32(index), column: 0)
          buffer[index] = Float(body(draw))
        }
      }
    }
    let image = try #require(model.inputs.first { $0.name == "image" })
    let label = try #require(model.inputs.first { $0.name == "label" })
    values(image, "image") { $0 }
    values(image.mask, "image.mask") { $0 < 0.6 ? 1 : 0 }
    for (slot, count) in [(InputSlot.records(.own), 12), (.field(label, .own), 4)] {
      program.withIndexInput(slot) { buffer in
        for index in buffer.indices { buffer[index] = Int32(index % count) }
      }
    }
  }

  /// The outputs of five training steps, and what the executor created after the first.
  private func train(
    _ model: ConditionalVAE, _ executor: any Executor
  ) throws -> (outputs: [[Float]], created: ExecutionCounters) {
    let session = try executor.makeSession(for: model.store)
    let program = try session.compile(
      model.trainingProgram(batch: Self.batch, rule: AdamRule(), clipNorm: nil, hasFreeBits: false))
    try fill(program, model)
    program.set(.klWeight, 1)
    var outputs: [[Float]] = []
    var before = ExecutionCounters()
    for step in 0..<5 as Range<UInt32> {
      let outcome = try program.run(at: RandomPosition(seed: 2, step: step), learningRate: 0.01)
      #expect(outcome == .applied)
      outputs += [program.output(.elbo), program.output(.kl)]
      if step == 0 { before = session.counters }
    }
    var created = session.counters
    created.primitivesCreated -= before.primitivesCreated
    created.buffersAllocated -= before.buffersAllocated
    return (outputs, created)
  }

  @Test(arguments: [1, 3], [LikelihoodKind.bernoulli, .gaussian])
  func agreesWithTheReference(channels: Int, likelihood: LikelihoodKind) throws {
    let model = try model(channels: channels, likelihood)
    let fast = try train(model, OneDNNExecutor(threads: 1))
    let slow = try train(model, ReferenceExecutor())
    #expect(fast.created == ExecutionCounters())
    for (own, other) in zip(fast.outputs, slow.outputs) {
      let scale = other.map(abs).max() ?? 0
      #expect(scale > 0)
      for (one, two) in zip(own, other) { #expect(abs(one - two) < 2e-4 * scale) }
    }
  }
}
