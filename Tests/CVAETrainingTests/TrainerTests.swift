import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

@Suite struct TrainerTests {
  private func train(
    _ data: DataSet, _ configuration: RunConfiguration, _ run: RunDirectory,
    _ executor: ProbeExecutor = ProbeExecutor()
  ) throws -> (outcome: TrainingOutcome, epochs: [EpochMetrics], steps: [ProbedStep]) {
    var epochs: [EpochMetrics] = []
    let trainer = try Trainer(
      data: data, configuration: configuration, run: run, executor: executor)
    let outcome = try trainer.run(onEpoch: { epochs.append($0) })
    return (outcome, epochs, executor.steps)
  }

  @Test func boundRisesOnTrainingAndValidationSplit() throws {
    let folder = try TemporaryFolder()
    let configuration = Fixture.configuration { $0.epochs = 12 }
    let result = try train(Fixture.pictures(), configuration, folder.run())
    #expect(result.outcome == .finished)
    let (first, last) = (try #require(result.epochs.first), try #require(result.epochs.last))
    #expect(last.train.elbo > first.train.elbo + 0.05)
    let (before, after) = (try #require(first.validation), try #require(last.validation))
    #expect(after.elbo > before.elbo + 0.05)
    for line in result.epochs {
      #expect(abs(line.train.elbo - (line.train.logLikelihood - line.train.kl)) < 1e-4)
      #expect(line.train.kl >= 0)
    }
  }

  @Test func eachEpochTakesWholeBatchesOfTheTrainingSplitInItsOwnOrder() throws {
    let folder = try TemporaryFolder()
    let data = try Fixture.pictures()
    let configuration = Fixture.configuration { $0.epochs = 2 }
    let result = try train(data, configuration, folder.run())
    let split = DataSplit(data, seed: 1, validation: 0.2)
    let batches = split.train.count / 8
    #expect(result.steps.count == 2 * batches)
    let orders = (0..<2).map { epoch in
      result.steps[(epoch * batches)..<((epoch + 1) * batches)].flatMap(\.records)
    }
    for order in orders {
      #expect(order.count == 8 * batches)
      #expect(Set(order).count == order.count)
      #expect(Set(order).isSubset(of: split.train))
    }
    #expect(orders[0] != orders[1])
    #expect(result.steps.map(\.position.step) == (0..<UInt32(2 * batches)).map { $0 })
    #expect(result.steps.allSatisfy { $0.position.seed == 1 })
  }

  @Test func metricsAreMeansOverTheEpochAndFilesHoldThem() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let result = try train(Fixture.pictures(), Fixture.configuration(), run)
    let batches = result.steps.count / 3
    for (epoch, line) in result.epochs.enumerated() {
      let values = result.steps[(epoch * batches)..<((epoch + 1) * batches)].flatMap(\.elbo)
      let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
      #expect(abs(line.train.elbo - mean) < 1e-9)
      #expect(line.epoch == epoch + 1)
      #expect(line.step == (epoch + 1) * batches)
      #expect(line.recordsPerSecond > 0)
    }
    #expect(result.epochs.map(\.seconds) == result.epochs.map(\.seconds).sorted())
    let text = String(decoding: bytes(run.metricsPath), as: UTF8.self)
    let lines = try text.split(separator: "\n").map {
      try JSONText.decode(EpochMetrics.self, from: String($0))
    }
    #expect(lines == result.epochs)
    #expect(!text.contains("refusedSteps"))
    #expect(try TrainedModel.load(run.path).provenance.epochs == 3)
  }

  @Test func withoutValidationTheKeyIsLeftOut() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let configuration = Fixture.configuration {
      $0.validation = 0
      $0.epochs = 1
    }
    let result = try train(Fixture.pictures(), configuration, run)
    #expect(result.epochs[0].validation == nil)
    #expect(!String(decoding: bytes(run.metricsPath), as: UTF8.self).contains("validation"))
  }

  @Test func validationCountsEveryRecordOnce() throws {
    let folder = try TemporaryFolder()
    // More validation records than one batch of the pass holds, and not a multiple of it.
    let data = try Fixture.pictures(420)
    let configuration = Fixture.configuration {
      $0.validation = 0.8
      $0.epochs = 1
    }
    let executor = ProbeExecutor()
    let trainer = try Trainer(
      data: data, configuration: configuration, run: folder.run(), executor: executor)
    let loop = try TrainingLoop(trainer, from: nil) {}
    let held = trainer.split.validation
    #expect(held.count > 256 && held.count < 512)
    let evaluation = try #require(loop.evaluation)
    let whole = try #require(try evaluation.run(over: held, isInterrupted: { false })).terms
    #expect(whole.records == held.count)
    var parts = 0.0
    for start in stride(from: 0, to: held.count, by: 90) {
      let part = Array(held[start..<min(start + 90, held.count)])
      parts += try #require(try evaluation.run(over: part, isInterrupted: { false })).terms.elbo
    }
    #expect(abs(whole.elbo - parts) < 1e-9 * abs(parts))
  }

  @Test func schedulesReachTheSteps() throws {
    let folder = try TemporaryFolder()
    let configuration = Fixture.configuration {
      $0.schedule = LearningRateSchedule(kind: .cosine, warmupSteps: 2, finalShare: 0.5)
      $0.klWeight = .linear(from: 0, to: 1, epochs: 2)
    }
    let steps = try train(Fixture.pictures(), configuration, folder.run()).steps
    let batches = steps.count / 3
    for (index, step) in steps.enumerated() {
      let share = configuration.training.schedule.share(step: index, of: steps.count)
      #expect(step.learningRate == 0.01 * share)
      let weight = configuration.training.klWeight.weight(
        epoch: index / batches, batch: index % batches, of: batches)
      #expect(step.klWeight == Float(weight))
    }
    #expect(steps[0].klWeight == 0 && steps[steps.count - 1].klWeight == 1)
  }

  @Test func gaussianDeviationFitsTheTrainingSplit() throws {
    let folder = try TemporaryFolder()
    let data = try Fixture.numbers()
    let configuration = Fixture.configuration(given: ["x"]) { $0.epochs = 2 }
    let run = try folder.run()
    _ = try train(data, configuration, run)
    let trained = try TrainedModel.load(run.path)
    let records = try #require(trained.split(of: data)).train
    let program = try trained.model.evaluationProgram(batch: records.count)
    let filler = try RecordFiller(
      program, model: trained.model, records: data.records, preprocessing: trained.preprocessing)
    let compiled = try trained.makeSession(ReferenceExecutor()).compile(program)
    let position = RandomPosition(seed: 1, step: 0)
    records.withUnsafeBufferPointer { filler.fill(compiled, records: $0, at: position) }
    try compiled.run(at: position)
    let errors = compiled.output(.squaredError(try trained.model.variable("y")))
    let mean = errors.reduce(0.0) { $0 + Double($1) } / Double(errors.count)
    let stored = try #require(trained.tensors["decoder.y.logDeviation"]).values[0]
    #expect(stored != 0)
    #expect(abs(Double(stored) - 0.5 * log(mean)) < 1e-5)
  }

  @Test func missingConditionsAndDropoutGiveTheModelAnAny() throws {
    let folder = try TemporaryFolder()
    let plain = try Trainer(
      data: Fixture.numbers(), configuration: Fixture.configuration(given: ["x"]),
      run: folder.run("a"), executor: ProbeExecutor())
    #expect(!plain.model.acceptsMissing)
    let dropped = Fixture.configuration(given: ["x"]) {
      $0.conditionDropout = 0.5
      $0.epochs = 1
    }
    let run = try folder.run("b")
    #expect(try train(Fixture.numbers(), dropped, run).outcome == .finished)
    #expect(try TrainedModel.load(run.path).model.acceptsMissing)
    let missing = try folder.run("c")
    let configuration = Fixture.configuration(given: ["x"]) { $0.epochs = 1 }
    let result = try train(Fixture.numbers(missingGiven: [0, 7]), configuration, missing)
    #expect(result.outcome == .finished)
    #expect(result.epochs[0].train.elbo.isFinite)
    #expect(try TrainedModel.load(missing.path).model.acceptsMissing)
  }

  /// Where no record of a batch has the number, nothing is divided by the count of none.
  @Test(arguments: [["x"], ["any"]], [LikelihoodKind.gaussian, .mixture])
  func batchesWithoutAnyNumberAreTrainedOn(given: [String], likelihood: LikelihoodKind) throws {
    let folder = try TemporaryFolder()
    let missing = Set((0..<60).filter { $0 % 10 > 0 })
    let data = try Fixture.numbers(60, missingGenerated: missing.sorted())
    var configuration = Fixture.configuration(given: given) { $0.batch = 4 }
    configuration.model.likelihood = ["y": likelihood]
    let result = try train(data, configuration, folder.run())
    #expect(result.outcome == .finished)
    let empty = result.steps.filter { $0.records.allSatisfy { missing.contains(Int($0)) } }
    try #require(empty.count > 3, "Batches without a number are what this is about.")
    #expect(empty.count < result.steps.count)
    #expect(result.steps.allSatisfy { $0.outcome == .applied && $0.elbo.allSatisfy(\.isFinite) })
    #expect(result.epochs.allSatisfy { $0.train.elbo.isFinite && $0.refusedSteps == nil })
  }

  @Test func progressCountsUp() throws {
    let folder = try TemporaryFolder()
    let trainer = try Trainer(
      data: Fixture.pictures(), configuration: Fixture.configuration { $0.epochs = 1 },
      run: folder.run(), executor: ProbeExecutor())
    var seen: [TrainingProgress] = []
    _ = try trainer.run(onProgress: { seen.append($0) })
    #expect(seen.map(\.batch) == Array(1...trainer.batchesPerEpoch))
    #expect(!seen.isEmpty && seen.allSatisfy { $0.epoch == 1 && $0.epochs == 1 && $0.elbo != nil })
    #expect(seen.allSatisfy { $0.batches == trainer.batchesPerEpoch && $0.recordsPerSecond > 0 })
  }
}
