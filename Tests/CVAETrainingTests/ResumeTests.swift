import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

@testable import CVAETraining

@Suite struct ResumeTests {
  private func trainer(
    _ run: RunDirectory, _ configuration: RunConfiguration = Self.usual,
    data: DataSet? = nil, _ executor: ProbeExecutor = ProbeExecutor()
  ) throws -> Trainer {
    try Trainer(
      data: data ?? Fixture.pictures(), configuration: configuration, run: run, executor: executor)
  }

  /// Everything that has state: dropout of the condition, clipping, a warm-up, weight decay.
  static let usual = Fixture.configuration {
    $0.conditionDropout = 0.3
    $0.gradientClip = 1
    $0.klWeight = .linear(from: 0, to: 1, epochs: 2)
    $0.schedule = LearningRateSchedule(kind: .cosine, warmupSteps: 3)
    $0.optimizer.kind = .adamw
  }

  /// The metrics without what the clock decides.
  private func terms(_ run: RunDirectory) throws -> [EpochMetrics] {
    try String(decoding: bytes(run.metricsPath), as: UTF8.self).split(separator: "\n").map {
      var line = try JSONText.decode(EpochMetrics.self, from: String($0))
      line.seconds = 0
      line.recordsPerSecond = 0
      return line
    }
  }

  /// Stops a run after each of `steps`, resumes it in a new trainer, and compares.
  private func compare(stoppingAfter steps: [Int], _ configuration: RunConfiguration, data: DataSet)
    throws
  {
    let folder = try TemporaryFolder()
    let (whole, parts) = (try folder.run("whole"), try folder.run("parts"))
    #expect(try trainer(whole, configuration, data: data).run() == .finished)
    for (index, step) in steps.enumerated() {
      var last = 0
      let outcome = try trainer(parts, configuration, data: data).run(
        index > 0 ? .resuming : .new,
        isInterrupted: { last >= step }, onProgress: { last = $0.step })
      guard case .interrupted(let resume) = outcome else {
        Issue.record("Stopping after step \(step) gave \(outcome).")
        return
      }
      #expect(resume.hasSuffix("cvae train \(data.source) --output \(parts.path) --resume"))
      #expect(try Checkpoint.load(parts.checkpointPath).state.step == step)
    }
    #expect(try trainer(parts, configuration, data: data).run(.resuming) == .finished)
    #expect(!bytes(whole.modelPath).isEmpty)
    #expect(bytes(whole.modelPath) == bytes(parts.modelPath))
    #expect(try terms(whole) == terms(parts))
  }

  @Test(arguments: [[1], [2], [3], [4], [5], [2, 3, 7], [1, 2, 3, 4, 5, 6]])
  func stoppedRunEndsWithTheSameBytes(steps: [Int]) throws {
    let data = try Fixture.pictures()
    let batches = try trainer(RunDirectory("unused")).batchesPerEpoch
    #expect(batches == 3)
    try compare(stoppingAfter: steps, Self.usual, data: data)
  }

  @Test func stoppedGaussianRunEndsWithTheSameBytes() throws {
    let configuration = Fixture.configuration(given: ["x"])
    try compare(stoppingAfter: [1, 2, 4], configuration, data: Fixture.numbers())
  }

  /// A run with levels of details, and its data.
  private static func detailed() throws -> (configuration: RunConfiguration, data: DataSet) {
    var configuration = usual
    configuration.model.architecture = .convolutional
    configuration.model.convolution.widths = [2, 3]
    configuration.model.convolution.dense = [3]
    configuration.model.convolution.levels = [DetailConfiguration(extent: 8, channels: 2)]
    configuration.model.augmentation.flip = true
    configuration.model.augmentation.shift = 2
    configuration.training.freeBits = 0.01
    configuration.training.freeBitsUntil = 1
    configuration.training.epochs = 2
    let side = 16
    let data = try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "image", kind: .image(ImageSize(height: side, width: side, channels: 1))),
        Field(name: "label", kind: .category(levels: ["a", "b"])),
      ]),
      columns: [
        .bytes(
          (0..<20 * side * side).map { UInt8($0 * 37 % 256) },
          size: ImageSize(height: side, width: side, channels: 1)),
        .levels((0..<20).map { Int32($0 % 2) }),
      ], source: "details")
    return (configuration, data)
  }

  /// Details have noise of their own, and free nats for a time; each line of metrics has the divergence of each level.
  @Test func stoppedRunWithLevelsOfDetailEndsWithTheSameBytes() throws {
    let (configuration, data) = try Self.detailed()
    try compare(stoppingAfter: [1, 2], configuration, data: data)
    let folder = try TemporaryFolder()
    let run = try folder.run()
    _ = try trainer(run, configuration, data: data).run()
    for line in try terms(run) {
      let parts = try #require(line.train.klByLevel)
      #expect(parts.count == 2 && abs(parts.reduce(0, +) - line.train.kl) < 1e-9)
      #expect(parts.allSatisfy { $0 > 0 })
    }
  }

  /// Steps whose gradients are far larger than usual change nothing, of models with levels alone.
  @Test func outliersAreLeftOut() throws {
    let (configuration, data) = try Self.detailed()
    let folder = try TemporaryFolder()
    let run = try folder.run()
    var last = 0
    _ = try trainer(run, configuration, data: data).run(
      isInterrupted: { last >= 1 }, onProgress: { last = $0.step })
    let stopped = try Checkpoint.load(run.checkpointPath)
    #expect(try #require(stopped.state.meanNorm) > 0)
    // What was usual is made a ten-thousandth of that.
    var state = stopped.state
    state.meanNorm = (state.meanNorm ?? 0) / 10_000
    var file = try SafetensorsFile.read(run.checkpointPath)
    file.metadata[Checkpoint.stateKey] = try JSONText.string(state)
    try file.write(to: run.checkpointPath)
    _ = try trainer(run, configuration, data: data).run(.resuming)
    let ended = try Checkpoint.load(run.checkpointPath)
    #expect(ended.state.refusedSteps > 0 && ended.state.refusedSteps == ended.state.step - 1)
    #expect(ended.model.tensors == stopped.model.tensors)
    #expect(try #require(ended.state.meanNorm) > (state.meanNorm ?? 0), "It is on its way back.")
    let plain = try folder.run("plain")
    _ = try trainer(plain).run()
    #expect(try Checkpoint.load(plain.checkpointPath).state.meanNorm == nil)
  }

  private static var averaging: RunConfiguration {
    var configuration = usual
    configuration.training.averaging = 0.9
    configuration.training.epochs = 6
    return configuration
  }

  /// The running means of the parameters are in the checkpoint.
  @Test(arguments: [[7, 9], [8, 16]])
  func stoppedRunWithAveragesEndsWithTheSameBytes(steps: [Int]) throws {
    try compare(stoppingAfter: steps, Self.averaging, data: Fixture.pictures())
  }

  /// The model has the means of what the parameters are after every eighth step, and training goes on as without them.
  @Test func theModelHasTheMeansOfParameters() throws {
    let folder = try TemporaryFolder()
    var plain = Self.averaging
    plain.training.averaging = nil
    func values(after step: Int) throws -> [String: StoredTensor] {
      let run = try folder.run("step \(step)")
      var last = 0
      _ = try trainer(run, plain).run(
        isInterrupted: { last >= step }, onProgress: { last = $0.step })
      return try Checkpoint.load(run.checkpointPath).model.tensors
    }
    let (first, second) = (try values(after: 8), try values(after: 16))
    let run = try folder.run("averaged")
    #expect(try trainer(run, Self.averaging).run() == .finished)
    let model = try TrainedModel.load(run.path)
    // 18 steps in all; after 16 of them a step leaves 17/26.
    let share = Float(1 - pow(17.0 / 26, 8))
    for (name, tensor) in model.tensors {
      let (start, end) = (first[name]?.values ?? [], second[name]?.values ?? [])
      try #require(start.count == tensor.values.count)
      for (mean, (old, new)) in zip(tensor.values, zip(start, end)) {
        #expect(abs(mean - (old + share * (new - old))) < 1e-6, "\(name)")
      }
    }
    #expect(model.tensors.contains { $0.value.values != second[$0.key]?.values })
    let raw = try folder.run("plain")
    #expect(try trainer(raw, plain).run() == .finished)
    #expect(
      try Checkpoint.load(run.checkpointPath).model.tensors
        == Checkpoint.load(raw.checkpointPath).model.tensors)
  }

  @Test func stoppedEarlyStoppingRunEndsWithTheSameBytes() throws {
    var configuration = Self.usual
    configuration.training.earlyStopping = EarlyStopping(patience: 2)
    configuration.training.epochs = 5
    try compare(stoppingAfter: [4, 9, 10], configuration, data: Fixture.pictures())
  }

  @Test func equalRunsGiveEqualBytesAndOtherSeedsOthers() throws {
    let folder = try TemporaryFolder()
    let runs = try ["a", "b", "c"].map { try folder.run($0) }
    var other = Self.usual
    other.training.seed = 2
    for (run, configuration) in zip(runs, [Self.usual, Self.usual, other]) {
      _ = try trainer(run, configuration).run()
    }
    #expect(bytes(runs[0].modelPath) == bytes(runs[1].modelPath))
    #expect(bytes(runs[0].modelPath) != bytes(runs[2].modelPath))
  }

  /// A process that dies between the files of an epoch leaves a checkpoint older than model and
  /// metrics.
  @Test(arguments: [0, 1, 2])
  func olderCheckpointIsRepaired(epochs: Int) throws {
    let folder = try TemporaryFolder()
    let (whole, killed) = (try folder.run("whole"), try folder.run("killed"))
    _ = try trainer(whole).run()
    var old: Data?
    _ = try trainer(killed).run(
      onEpoch: { if $0.epoch == epochs { old = bytes(killed.checkpointPath) } },
      onProgress: { if epochs == 0, $0.step == 1 { old = bytes(killed.checkpointPath) } })
    try #require(old).write(to: URL(fileURLWithPath: killed.checkpointPath))
    #expect(try terms(killed).count == 3)
    #expect(try trainer(killed).run(.resuming) == .finished)
    #expect(bytes(whole.modelPath) == bytes(killed.modelPath))
    #expect(try terms(whole) == terms(killed))
  }

  @Test func rarerCheckpointsEndWithTheSameModel() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    var configuration = Self.usual
    configuration.training.checkpointEvery = 2
    var states: [TrainingState] = []
    _ = try trainer(run, configuration).run(onEpoch: { _ in
      states.append(try Checkpoint.load(run.checkpointPath).state)
    })
    #expect(states.map(\.epoch) == [0, 2, 3])
    #expect(states.map(\.isFinished) == [false, false, true])
  }

  @Test func stopAtAnEpochsEndDuringValidationIsRepaired() throws {
    let folder = try TemporaryFolder()
    let (whole, parts) = (try folder.run("whole"), try folder.run("parts"))
    _ = try trainer(whole).run()
    var asked = 0
    let outcome = try trainer(parts).run(isInterrupted: {
      asked += 1
      return asked == 4  // after three steps and the validation's only batch
    })
    guard case .interrupted = outcome else {
      Issue.record("The fourth question ended with \(outcome).")
      return
    }
    let state = try Checkpoint.load(parts.checkpointPath).state
    #expect(state.epoch == 0 && state.batch == 3)
    #expect(bytes(parts.modelPath).isEmpty)
    #expect(try trainer(parts).run(.resuming) == .finished)
    #expect(bytes(whole.modelPath) == bytes(parts.modelPath))
    #expect(try terms(whole) == terms(parts))
  }

  @Test func finishedRunEndsAtOnceAndChangesNothing() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    _ = try trainer(run).run()
    let before = [run.modelPath, run.checkpointPath, run.metricsPath].map(bytes)
    let executor = ProbeExecutor()
    #expect(try trainer(run, executor).run(.resuming) == .finished)
    #expect(executor.steps.isEmpty)
    #expect([run.modelPath, run.checkpointPath, run.metricsPath].map(bytes) == before)
  }

  private func trainer(_ run: RunDirectory, _ executor: ProbeExecutor) throws -> Trainer {
    try trainer(run, Self.usual, data: nil, executor)
  }

  @Test func otherSettingsAreRefused() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    _ = try trainer(run).run(isInterrupted: { true })
    var configuration = Self.usual
    configuration.training.batch = 4
    let said = sentence { _ = try trainer(run, configuration).run(.resuming) }
    #expect(
      said == "--resume keeps the run's settings: training.batch is 8 there, but 4 was requested; "
        + "leave that setting out, or start a new run.")
  }

  @Test func otherDataAreRefused() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    _ = try trainer(run).run(isInterrupted: { true })
    let (old, new) = (try Fixture.pictures(), try Fixture.pictures(changed: true))
    let said = sentence { _ = try trainer(run, data: new).run(.resuming) }
    #expect(
      said == "pictures.npz: the run was started on data with the fingerprint \(old.fingerprint), "
        + "but these have \(new.fingerprint); resume with the data it was started on, or start a "
        + "new run.")
  }
}
