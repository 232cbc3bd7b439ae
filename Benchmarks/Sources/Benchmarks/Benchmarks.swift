import ArgumentParser
import CVAE
import CVAEModels
import ConditionalData
import Foundation
import OneDNNExecution
import TensorGraph

/// Times training steps, generation and whole processes, alone or beside PyTorch and JAX.
@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scripts/bench",
    abstract: "Print a table of measured speeds, with ratios to PyTorch and JAX on request.")

  @Option(help: "Folder of Fashion-MNIST's IDX files.")
  var data = "/usr/share/datasets/fashion-mnist"

  @Option(help: "Path of the cvae command.")
  var cvae: String

  @Option(help: "Python with PyTorch and JAX; scripts/bench --peers makes one.")
  var python: String?

  @Option(help: "Folder of the peers' scripts.")
  var peers = "Benchmarks/peers"

  @Option(help: "Threads for every side.")
  var threads = 2

  @Option(
    help:
      "What this side computes on: cpu, or by XLA xla:cpu, xla:cuda, xla:tpu or a plugin's file.")
  var device = "cpu"

  @Option(help: "How many devices of XLA share a batch.")
  var devices = 1

  @Option(help: "Frameworks to measure beside this side, with --python.")
  var frameworks = ["torch", "jax"]

  @Option(help: "Rounds in which the sides take turns.")
  var rounds = 15

  @Option(
    help: """
      Only these parts: training, convolution, texts, generation, process, busy, elbo, operations.
      """)
  var only: [String] = ["training", "convolution", "generation", "process"]

  func run() throws {
    print(
      "Machine: \(Machine.description), \(threads) threads, "
        + "oneDNN \(OneDNNLibrary.version); medians of \(rounds) rounds.")
    for note in Precision.notes { print(note) }
    if only.contains("operations") { try OperationBenchmark(threads: threads).run() }
    if only.contains("texts") { try runTexts() }
    if only.allSatisfy(["operations", "texts"].contains) { return }
    let records = try DataSet.load(data)
    if only != ["convolution"] { try runDense(records) }
    if only.contains("convolution") {
      let fixture = try Fixture(
        data: records, path: data, threads: threads, architecture: .convolutional, latent: 32)
      let workers = try workers(["torch"], network: "convolution")
      try ConvolutionBenchmark(fixture: fixture, rounds: rounds).run(workers)
    }
  }

  private func runTexts() throws {
    let texts = try TextFixture(threads: threads)
    defer { texts.remove() }
    let workers = try workers(["torch"], network: "text", data: texts.pool)
    try TextBenchmark(texts: texts, rounds: rounds).run(workers)
  }

  /// The parts that measure the multilayer perceptrons.
  private func runDense(_ records: DataSet) throws {
    guard let chosen = ComputingDevice(device) else {
      throw ValidationError("expected a device such as cpu or xla:cpu, got '\(device)'.")
    }
    var fixture = try Fixture(data: records, path: data, threads: threads)
    fixture.device = try chosen.open(count: devices)
    if let client = fixture.device.client {
      print("Device: \(devices) of \(client.deviceKinds.count), \(client.platformVersion).")
    }
    let workers = try workers(frameworks, network: "mlp")
    try LossCheck(fixture: fixture).run(workers)
    if only.contains("training") {
      try TrainingBenchmark(fixture: fixture, rounds: rounds).run(workers)
    }
    if only.contains("generation") {
      try GenerationBenchmark(fixture: fixture, rounds: rounds).run(workers)
    }
    if only.contains("process") {
      try ProcessBenchmark(
        fixture: fixture, cvae: cvae, python: python, peers: peers, rounds: min(rounds, 15)
      ).run()
    }
    if only.contains("busy") { try BusyBenchmark(fixture: fixture, rounds: rounds).run(workers) }
    if only.contains("elbo") { try BoundBenchmark(fixture: fixture).run(workers) }
  }

  /// The peers of a network, introduced by a line each; none without `--python`.
  private func workers(
    _ frameworks: [String], network: String, data: String? = nil
  ) throws -> [PeerWorker] {
    guard let python else { return [] }
    return try frameworks.map { framework in
      let worker = try PeerWorker(
        framework: framework, network: network, python: python, folder: peers,
        data: data ?? self.data, threads: threads)
      print("Peer: \(worker.greeting)")
      return worker
    }
  }
}

/// What the figures were measured on.
enum Machine {
  static var description: String {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let lines = information.split(separator: "\n")
    let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    let cores = lines.count { $0.hasPrefix("processor") }
    let features = ["avx512_bf16", "avx512f", "avx2"].first { information.contains($0) } ?? ""
    return "\(cores) cores,\(name ?? " unknown processor"), \(features)"
  }
}

enum Statistics {
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// Seconds that `body` takes.
  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    let parts = start.duration(to: .now).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }
}

extension Double {
  func text(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}
