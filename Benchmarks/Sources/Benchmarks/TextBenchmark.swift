import TensorGraph

/// Training steps of a model of texts, and texts that are drawn, beside PyTorch's.
struct TextBenchmark {
  let texts: TextFixture
  let rounds: Int

  /// Checks that the peers train the same model, and lets the sides take turns.
  ///
  /// - Throws: ``PeerWorker/Refused`` when a peer's losses are others.
  func run(_ workers: [PeerWorker]) throws {
    let own = (records: texts.records, steps: TextFixture.steps)
    print(
      "\nModel of texts: \(texts.fixture.model.store.count) parameters; LSTMs of "
        + "\(TextFixture.hidden) numbers, \(TextFixture.vocabulary) tokens")
    try LossCheck(
      fixture: texts.fixture, steps: 10, mode: "eager", batch: TextFixture.batch, texts: own
    ).run(workers)
    try TrainingBenchmark(
      fixture: texts.fixture, rounds: rounds,
      title: "Training step, texts of \(TextFixture.lengths) tokens",
      batches: [(size: TextFixture.batch, steps: 8)], texts: own
    ).run(workers)
    try GenerationBenchmark(
      fixture: texts.fixture, rounds: rounds,
      batches: [(size: 1, repeats: 40), (size: 64, repeats: 10), (size: 1024, repeats: 2)],
      tokens: TextFixture.steps
    ).run(workers)
  }
}
