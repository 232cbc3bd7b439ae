import ConditionalData
import Foundation
import TensorGraph
import Testing

@testable import CVAETraining

@Suite struct StoppingTests {
  /// Steps so small that no parameter moves, and so no epoch is better than the one before.
  private func standstill(_ change: (inout TrainingConfiguration) -> Void) -> RunConfiguration {
    Fixture.configuration {
      $0.optimizer.learningRate = 1e-30
      $0.epochs = 9
      $0.earlyStopping = EarlyStopping(patience: 2)
      change(&$0)
    }
  }

  @Test func boundThatCeasesToRiseEndsTheRunWithTheBestModel() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    var lines = 0
    let outcome = try Trainer(
      data: Fixture.pictures(), configuration: standstill { _ in }, run: run,
      executor: ProbeExecutor()
    ).run(onEpoch: { _ in lines += 1 })
    #expect(outcome == .stoppedEarly(bestEpoch: 1))
    #expect(lines == 3)
    #expect(try TrainedModel.load(run.path).provenance.epochs == 1)
    let state = try Checkpoint.load(run.checkpointPath).state
    #expect(state.epoch == 3 && state.isFinished && state.best?.epoch == 1)
  }

  @Test func patienceBeginsAfterTheWarmup() throws {
    let folder = try TemporaryFolder()
    let outcome = try Trainer(
      data: Fixture.pictures(),
      configuration: standstill { $0.klWeight = .linear(from: 0, to: 1, epochs: 4) },
      run: folder.run(), executor: ProbeExecutor()
    ).run()
    #expect(outcome == .stoppedEarly(bestEpoch: 5))
  }

  @Test func patienceBeginsWhereNatsCeaseToBeFree() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let outcome = try Trainer(
      data: Fixture.pictures(),
      configuration: standstill {
        $0.freeBits = 0.5
        $0.freeBitsUntil = 3
      }, run: run, executor: ProbeExecutor()
    ).run()
    #expect(outcome == .stoppedEarly(bestEpoch: 4))
    let objective = try TrainedModel.load(run.path).objective
    #expect(objective.freeBits == 0.5 && objective.freeBitsUntil == 3)
  }

  @Test func withoutEarlyStoppingEveryEpochsModelIsKept() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let configuration = standstill {
      $0.earlyStopping = nil
      $0.epochs = 3
    }
    let outcome = try Trainer(
      data: Fixture.pictures(), configuration: configuration, run: run, executor: ProbeExecutor()
    ).run()
    #expect(outcome == .finished)
    #expect(try TrainedModel.load(run.path).provenance.epochs == 3)
  }

  @Test func refusedStepsAreCountedAndLeftOutOfTheMeans() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let executor = ProbeExecutor(refuses: { $0 == 1 || $0 == 4 })
    var lines: [EpochMetrics] = []
    let outcome = try Trainer(
      data: Fixture.pictures(), configuration: Fixture.configuration(), run: run,
      executor: executor
    ).run(onEpoch: { lines.append($0) })
    #expect(outcome == .finished)
    #expect(lines.map(\.refusedSteps) == [1, 2, 2])
    let counted = [0, 2].flatMap { executor.steps[$0].elbo }.map(Double.init)
    #expect(abs(lines[0].train.elbo - counted.reduce(0, +) / Double(counted.count)) < 1e-9)
    #expect(try Checkpoint.load(run.checkpointPath).state.updateCount == 7)
  }

  @Test func tenRefusedStepsInARowEndTheRunAndKeepTheModel() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let executor = ProbeExecutor(refuses: { $0 >= 4 })
    let configuration = Fixture.configuration { $0.epochs = 20 }
    var kept = Data()
    let outcome = try Trainer(
      data: Fixture.pictures(), configuration: configuration, run: run, executor: executor
    ).run(onEpoch: { if $0.epoch == 4 { kept = bytes(run.modelPath) } })
    #expect(executor.steps.count == 14)
    #expect(
      outcome
        == .diverged(
          reason: "The loss or its gradient was not finite in 10 steps in a row, up to step 14 in "
            + "epoch 5, and model.safetensors keeps the model of an earlier epoch; lower "
            + "training.optimizer.learningRate (now 0.01) or set training.gradientClip, for "
            + "example to 5."))
    #expect(!kept.isEmpty && bytes(run.modelPath) == kept)
  }

  @Test func hugeLearningRateEndsAsDivergence() throws {
    let folder = try TemporaryFolder()
    let configuration = Fixture.configuration {
      $0.optimizer.learningRate = 1e30
      $0.gradientClip = 2
      $0.epochs = 20
    }
    let outcome = try Trainer(
      data: Fixture.pictures(), configuration: configuration, run: folder.run(),
      executor: ProbeExecutor()
    ).run()
    guard case .diverged(let reason) = outcome else {
      Issue.record("A learning rate of 1e30 gave \(outcome).")
      return
    }
    #expect(reason.contains("lower training.optimizer.learningRate (now 1e+30)"))
    #expect(reason.contains("or lower training.gradientClip (now 2.0)."))
  }
}
