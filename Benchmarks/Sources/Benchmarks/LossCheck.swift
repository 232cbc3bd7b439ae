import CVAEModels
import Foundation
import TensorFiles
import TensorGraph

/// Before any speed is told: both sides train from the same weights on the same batches with the
/// same noise, and must have the same losses.
struct LossCheck {
  let fixture: Fixture
  var steps = 20
  /// The peers' mode: eager or compiled.
  var mode = "compiled"
  var batch = 128
  /// The records that batches are cut from, and the most tokens of their texts.
  var texts: (records: [Int32], steps: Int)?

  /// Prints a line for each worker.
  ///
  /// - Throws: ``PeerWorker/Refused`` when its losses are others.
  func run(_ workers: [PeerWorker]) throws {
    guard !workers.isEmpty else { return }
    let latent = fixture.model.configuration.latent
    let folder = FileManager.default.temporaryDirectory.path
    let weights = "\(folder)/cvae-benchmark-weights.safetensors"
    let batches = "\(folder)/cvae-benchmark-batches.npz"
    try SafetensorsFile(metadata: [:], tensors: fixture.untrained.tensors).write(to: weights)

    let side = try TrainingSide(
      fixture, batch: batch, precision: .float32, records: texts?.records,
      steps: TextSteps(texts?.steps ?? 0))
    var images: [Float] = []
    var rows: [Int64] = []
    var labels: [Int64] = []
    var noise: [Float] = []
    var losses: [Double] = []
    let purpose = RandomPurpose("latent")
    let (observed, label) = (fixture.model.generatedInputs[0], fixture.model.givenInputs[0])
    for step in 0..<steps {
      try side.run(steps: 1)
      if texts == nil {
        images += side.step.withInput(.field(observed, .own)) { Array($0) }
      } else {
        rows += TextFixture.rows(of: observed, in: side.step)
      }
      labels += side.step.withIndexInput(.field(label, .own)) { $0.map(Int64.init) }
      let records = side.step.withIndexInput(.records(.own)) { Array($0) }
      let position = RandomPosition(seed: 1, step: UInt32(step))
      for record in records {
        for column in 0..<latent {
          noise.append(
            Float(position.normal(purpose, record: UInt32(record), column: column)))
        }
      }
      losses.append(Double(side.step.output(.loss)[0]))
    }
    try NPZ.write(
      [
        texts.map { texts in
          NPZArray(name: "x", shape: [steps, batch, 1 + texts.steps], values: .int64(rows))
        } ?? NPZArray(name: "x", shape: [steps, batch, 784], values: .float32(images)),
        NPZArray(name: "label", shape: [steps, batch], values: .int64(labels)),
        NPZArray(name: "noise", shape: [steps, batch, latent], values: .float32(noise)),
      ], to: batches)
    for worker in workers {
      let answer = try worker.ask(
        [
          "cmd": "losses", "steps": steps, "weights": weights, "batches": batches, "mode": mode,
        ])
      let theirs = (answer["losses"] as? [NSNumber] ?? []).map(\.doubleValue)
      guard theirs.count == losses.count else {
        throw PeerWorker.Refused(description: "\(worker.framework) gave no losses.")
      }
      let worst = zip(losses, theirs).map { abs($0 - $1) / abs($1) }.max() ?? .infinity
      print(
        "Same model: over \(steps) steps the losses differ from \(worker.framework)'s, \(mode), by at most "
          + "\(String(format: "%.1e", worst)) (first \(losses[0].text(4)) and "
          + "\(theirs[0].text(4)), last \(losses[steps - 1].text(4)) and "
          + "\(theirs[steps - 1].text(4))).")
      guard worst < 1e-3 else {
        throw PeerWorker.Refused(
          description: "\(worker.framework) computes another model; no ratio would mean anything.")
      }
    }
  }
}
