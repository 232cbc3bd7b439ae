import ArgumentParser
import CVAE
import CVAETraining
import TensorGraph

/// The options that say on what commands compute.
struct ComputingOptions: ParsableArguments {
  @Option(help: "Processor threads to compute on; all by default. XLA decides itself.")
  var threads: Int?

  @OptionGroup var devices: DeviceOptions

  func validate() throws {
    try NumberCheck.count("--threads", threads, to: TrainingConfiguration.mostThreads)
  }

  func executor(_ precision: Precision = .float32) throws -> any Executor {
    try Self.executor(on: devices.open(), precision: precision, threads: threads)
  }

  /// The one place where commands choose an executor.
  static func executor(
    on device: OpenDevice = OpenDevice.processor, precision: Precision = .float32,
    threads: Int? = nil, communicator: (any Communicator)? = nil
  ) throws -> any Executor {
    try device.executor(precision: precision, threads: threads, communicator: communicator)
  }
}
