import TensorGraph

/// Training steps of a convolutional model, beside PyTorch's of the same layers.
struct ConvolutionBenchmark {
  let fixture: Fixture
  let rounds: Int

  /// Prints the layers, checks that the peers train the same model, and lets the sides take turns.
  ///
  /// - Throws: ``PeerWorker/Refused`` when a peer's losses are others.
  func run(_ workers: [PeerWorker]) throws {
    let batch = 128
    let program = try fixture.model.trainingProgram(
      batch: batch, rule: AdamRule(), clipNorm: nil, hasFreeBits: false)
    print(
      "\nConvolutional model: \(fixture.model.store.count) parameters, "
        + "latent \(fixture.model.configuration.latent); its layers in the order of execution:")
    for line in LayerList.lines(of: program.program) { print("  \(line)") }
    for mode in ["eager", "compiled"] {
      try LossCheck(fixture: fixture, steps: 10, mode: mode).run(workers)
    }
    try TrainingBenchmark(
      fixture: fixture, rounds: rounds, title: "Convolutional training step",
      batches: [(size: batch, steps: 12)]
    ).run(workers)
  }
}
