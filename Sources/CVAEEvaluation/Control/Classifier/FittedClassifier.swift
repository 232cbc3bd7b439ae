import CVAEGeneration
import CVAETraining
import TensorFiles
import TensorGraph

/// A classifier with its parameters' values.
struct FittedClassifier: Sendable {
  let network: ClassifierNetwork
  /// By parameter, row-major.
  let tensors: [String: StoredTensor]

  /// Trains on all rows; equal calls with equal threads give equal values.
  ///
  /// - Parameter onEpoch: Called after every epoch with its number from 1 on.
  static func train(
    on rows: LabelledRows, levels: Int, settings: ClassifierSettings, executor: any Executor,
    onEpoch: (Int) -> Void = { _ in }
  ) throws -> FittedClassifier {
    precondition(rows.count > 0 && levels > 0, "A classifier needs rows and levels.")
    let network = ClassifierNetwork(
      settings.body, width: rows.width, levels: levels, seed: settings.seed)
    let batch = min(settings.batch, rows.count)
    let session = try executor.makeSession(for: network.store)
    let training = try network.training(batch: batch, settings: settings)
    let step = try session.compile(training.program)
    let schedule = LearningRateSchedule(kind: .cosine)
    let batches = rows.count / batch
    var done = 0
    for epoch in 0..<settings.epochs {
      let order = RandomPosition(seed: settings.seed, step: UInt32(epoch))
        .permutation(RandomPurpose("classifier shuffle"), count: rows.count)
      for start in stride(from: 0, to: batches * batch, by: batch) {
        fill(step, training, rows: rows, Array(order[start..<start + batch]))
        let share = schedule.share(step: done, of: settings.epochs * batches)
        try step.run(
          at: RandomPosition(seed: settings.seed, step: UInt32(done)),
          learningRate: settings.learningRate * share)
        done += 1
      }
      onEpoch(epoch + 1)
    }
    let values = try network.store.parameters.map { parameter in
      let values = try session.value(of: parameter)
      return (parameter.name, StoredTensor(shape: parameter.shape.dimensions, values: values))
    }
    return FittedClassifier(
      network: network, tensors: Dictionary(uniqueKeysWithValues: values))
  }

  private static func fill(
    _ step: any CompiledProgram, _ training: ClassifierNetwork.Training, rows: LabelledRows,
    _ chosen: [Int32]
  ) {
    step.withInput(training.rows) { rows.fill(chosen, into: $0) }
    step.withInput(training.levels) { buffer in
      for (place, row) in chosen.enumerated() { buffer[place] = rows.levels[Int(row)] }
    }
    guard let numbers = training.numbers else { return }
    step.withInput(numbers) { _ = $0.update(fromContentsOf: chosen) }
  }

  /// What the classifier says of all rows, in their order.
  func score(_ rows: LabelledRows, executor: any Executor) throws -> ClassifierScores {
    let session = try executor.makeSession(for: network.store)
    for parameter in network.store.parameters {
      guard let tensor = tensors[parameter.name] else { continue }
      try session.setValue(tensor.values, of: parameter)
    }
    let batch = min(500, max(1, rows.count))
    let scoring = try network.scoring(batch: batch)
    let compiled = try session.compile(scoring.program)
    var predicted: [Int32] = []
    var features: [Float] = []
    var all: [Float] = []
    for part in BatchRows((0..<Int32(rows.count)).map { $0 }, batch: batch) {
      compiled.withInput(scoring.rows) { rows.fill(part.records, into: $0) }
      try compiled.run(at: RandomPosition(seed: 0, step: 0))
      compiled.withOutput(scoring.logits) { logits in
        all.append(contentsOf: logits.prefix(part.count * network.levels))
        for row in 0..<part.count {
          let own = logits.extracting(row * network.levels..<(row + 1) * network.levels)
          predicted.append(Int32(own.indices.max { own[$0] < own[$1] } ?? 0))
        }
      }
      guard let port = scoring.features else { continue }
      compiled.withOutput(port) { values in
        features.append(contentsOf: values.prefix(part.count * network.features))
      }
    }
    return ClassifierScores(
      predicted: predicted, wanted: rows.levels, features: features, width: network.features,
      logits: all)
  }
}
