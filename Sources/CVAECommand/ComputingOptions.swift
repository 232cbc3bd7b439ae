import ArgumentParser
import CVAE
import TensorGraph

/// What commands compute on.
struct ComputingOptions: ParsableArguments {
  @Option(help: "Processor threads to compute on; all by default.")
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads must be at least 1, not \(threads).")
    }
  }

  func executor(_ precision: Precision = .float32) -> any Executor {
    Self.executor(precision: precision, threads: threads)
  }

  /// The one place where commands choose an executor.
  static func executor(
    precision: Precision = .float32, threads: Int? = nil
  ) -> any Executor {
    ExecutorName.oneDNN.executor(precision: precision, threads: threads)
  }
}
