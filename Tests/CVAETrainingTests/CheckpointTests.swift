import Foundation
import TensorFiles
import TensorGraph
import Testing

@testable import CVAETraining

@Suite struct CheckpointTests {
  private func interrupted(_ run: RunDirectory) throws {
    _ = try Trainer(
      data: Fixture.pictures(), configuration: Fixture.configuration(), run: run,
      executor: ProbeExecutor()
    ).run(isInterrupted: { true })
  }

  @Test func stateSurvivesToTheLastBit() throws {
    var state = TrainingState()
    state.epoch = 3
    state.batch = 2
    state.step = 77
    state.sums.records = 16
    state.sums.elbo = -(0.1 + 0.2)
    state.sums.logLikelihood = -1e300 / 3
    state.sums.kl = Double.leastNonzeroMagnitude
    state.seconds = 1.0 / 3
    state.best = TrainingState.Best(epoch: 2, elbo: -2.0 / 3)
    let copy = try JSONText.decode(TrainingState.self, from: JSONText.string(state))
    #expect(copy == state)
    state.sums.elbo = -.infinity
    #expect(
      try JSONText.decode(TrainingState.self, from: JSONText.string(state)).sums.elbo == -.infinity)
  }

  @Test func restoredSessionHasParametersMomentsAndCount() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    try interrupted(run)
    let checkpoint = try Checkpoint.load(run.checkpointPath)
    #expect(checkpoint.state.step == 1 && checkpoint.state.updateCount == 1)
    #expect(checkpoint.configuration == Fixture.configuration())
    let session = try ReferenceExecutor().makeSession(for: checkpoint.model.model.store)
    try checkpoint.restore(session)
    #expect(session.updateCount == 1)
    for parameter in checkpoint.model.model.store.parameters {
      let moments = try session.moments(of: parameter)
      #expect(try session.value(of: parameter) == checkpoint.model.tensors[parameter.name]?.values)
      #expect(moments.first == checkpoint.firstMoments[parameter.name]?.values)
      #expect(moments.second == checkpoint.secondMoments[parameter.name]?.values)
    }
    let file = try SafetensorsFile.read(run.checkpointPath)
    #expect(file.tensors["optimizer.first.decoder.image.bias"]?.values.contains { $0 != 0 } == true)
    #expect(file.tensors["optimizer.second.decoder.image.bias"]?.shape == [4])
  }

  /// Where a run stands is counted on from there, and must be a place that a run can have.
  @Test(arguments: [
    (#""epoch":0"#, #""epoch":-1"#, "'training.epoch' in the header to be a count"),
    (#""step":1"#, #""step":9223372036854775807"#, "'training.step' in the header to be a count"),
    (#""batch":1"#, #""batch":-7"#, "'training.batch' in the header to be a count"),
    (#""seconds":0"#, #""seconds":1e300"#, "'training.seconds' in the header to be a time"),
  ])
  func impossiblePlacesAreRefused(old: String, new: String, words: String) throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    try interrupted(run)
    var file = try SafetensorsFile.read(run.checkpointPath)
    let text = try #require(file.metadata["training"])
    file.metadata["training"] = text.replacing(old, with: new)
    #expect(file.metadata["training"] != text, "\(text)")
    try file.write(to: run.checkpointPath)
    #expect(sentence { _ = try Checkpoint.load(run.checkpointPath) }.contains(words))
  }

  @Test func damagedCheckpointsAreNamed() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    try interrupted(run)
    var file = try SafetensorsFile.read(run.checkpointPath)
    file.tensors["optimizer.first.decoder.image.bias"] = nil
    try file.write(to: run.checkpointPath)
    #expect(
      sentence { _ = try Checkpoint.load(run.checkpointPath) }
        == "\(run.checkpointPath): expected tensor 'optimizer.first.decoder.image.bias' of shape "
        + "[4], got no such tensor; the checkpoint is damaged; start the run again with "
        + "--overwrite.")
    file.metadata["training"] = "{}"
    try file.write(to: run.checkpointPath)
    #expect(
      sentence { _ = try Checkpoint.load(run.checkpointPath) }.contains(
        "expected 'training' in the header as this version writes it"))
  }
}
