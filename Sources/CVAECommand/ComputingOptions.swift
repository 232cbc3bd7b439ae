import ArgumentParser
import CVAE
import CVAETraining
import TensorGraph

/// The options that say on what commands compute.
struct ComputingOptions: ParsableArguments {
  @Option(help: "Processor threads to compute on; all by default.")
  var threads: Int?

  func validate() throws {
    try NumberCheck.count("--threads", threads, to: TrainingConfiguration.mostThreads)
  }

  func executor(_ precision: Precision = .float32) -> any Executor {
    Self.executor(precision: precision, threads: threads)
  }

  /// The one place where commands choose an executor.
  static func executor(
    precision: Precision = .float32, threads: Int? = nil, communicator: (any Communicator)? = nil
  ) -> any Executor {
    ExecutorName.oneDNN.executor(
      precision: precision, threads: threads, communicator: communicator)
  }
}
