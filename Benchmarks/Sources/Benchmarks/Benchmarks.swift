import ArgumentParser
import Foundation

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

  @Option(help: "Rounds in which the sides take turns.")
  var rounds = 15

  @Option(help: "Only these parts: training, generation, process, elbo.")
  var only: [String] = ["training", "generation", "process"]

  func run() throws {
    let fixture = try Fixture(data: data, threads: threads)
    let workers = try python.map { python in
      try ["torch", "jax"].map {
        try PeerWorker(
          framework: $0, python: python, folder: peers, data: data, threads: threads)
      }
    }
    print("Machine: \(Machine.description), \(threads) threads; medians of \(rounds) rounds.")
    for worker in workers ?? [] { print("Peer: \(worker.greeting)") }
    if let workers { try LossCheck(fixture: fixture).run(workers) }
    if only.contains("training") {
      try TrainingBenchmark(fixture: fixture, rounds: rounds).run(workers ?? [])
    }
    if only.contains("generation") {
      try GenerationBenchmark(fixture: fixture, rounds: rounds).run(workers ?? [])
    }
    if only.contains("process") {
      try ProcessBenchmark(
        fixture: fixture, cvae: cvae, python: python, peers: peers, rounds: min(rounds, 15)
      ).run()
    }
    if only.contains("elbo") { try BoundBenchmark(fixture: fixture).run(workers ?? []) }
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
