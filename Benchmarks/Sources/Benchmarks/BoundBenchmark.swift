import CVAEEvaluation
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import OneDNNExecution
import TensorGraph

/// The test ELBO after 12 epochs, three seeds in each precision.
struct BoundBenchmark {
  let fixture: Fixture

  func run(_ workers: [PeerWorker]) throws {
    print("\nTest ELBO on Fashion-MNIST after 12 epochs, batch 128, one posterior sample, nats")
    for precision in Precision.measured {
      var bounds: [Double] = []
      for seed in [1, 2, 3] as [UInt64] { bounds.append(try bound(precision, seed: seed)) }
      let mean = bounds.reduce(0, +) / Double(bounds.count)
      print(
        "  swift-cvae \(precision.rawValue): \(bounds.map { $0.text(2) }.joined(separator: ", ")); "
          + "mean \(mean.text(2))")
    }
    for worker in workers where worker.framework == "torch" {
      let answer = try worker.ask(["cmd": "train", "epochs": 12, "batch": 128, "seed": 1])
      print("  torch float32, seed 1: \((answer["testELBO"] as? Double ?? .nan).text(2))")
    }
  }

  private func bound(_ precision: Precision, seed: UInt64) throws -> Double {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("cvae-bound-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var configuration = fixture.configuration
    configuration.training.epochs = 12
    configuration.training.precision = precision
    configuration.training.seed = seed
    let run = RunDirectory(folder)
    let trainer = try Trainer(
      data: fixture.data, configuration: configuration, run: run,
      executor: try fixture.executor(precision))
    _ = try trainer.run(.replacing)
    let evaluator = Evaluator(
      model: try TrainedModel.load(folder), executor: try fixture.executor(.float32))
    let report = try evaluator.evaluate(
      fixture.data, records: trainer.split.test, samples: 1, split: "test")
    return report.elbo.mean
  }
}
