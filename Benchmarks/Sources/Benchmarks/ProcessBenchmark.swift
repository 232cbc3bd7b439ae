import CVAETraining
import Foundation

/// Whole processes: wall time and peak memory, from start to a written file.
struct ProcessBenchmark {
  let fixture: Fixture
  let cvae: String
  let python: String?
  let peers: String
  let rounds: Int

  private struct Usage {
    let seconds: Double
    let megabytes: Double
  }

  func run() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("cvae-benchmark-\(getpid())").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = "\(folder)/model.safetensors"
    try fixture.untrained.save(to: model)
    let generate = [
      cvae, "generate", model, "--given", "label=3", "--count", "64", "--output",
      "\(folder)/sheet.png",
    ]
    print("\nWhole processes, medians of \(rounds)")
    report("cvae generate, 64 images to one PNG", try times(generate))
    if let python {
      let once = [python, "\(peers)/generate_once.py", "\(folder)/peer.png"]
      report("torch generate_once.py, the same", try times(once, count: 3))
    }
    let configuration = "\(folder)/mlp.yaml"
    try "model: {architecture: mlp}\n".write(
      toFile: configuration, atomically: true, encoding: .utf8)
    let train = [
      cvae, "train", fixture.dataPath, "--config", configuration, "--given", "label", "--epochs",
      "1", "--output", "\(folder)/run", "--overwrite",
    ]
    report("cvae train, 1 epoch of Fashion-MNIST, mlp", try times(train, count: 3))
  }

  private func report(_ name: String, _ usages: [Usage]) {
    let seconds = Statistics.median(usages.map(\.seconds))
    let megabytes = Statistics.median(usages.map(\.megabytes))
    print("  \(name): \((seconds * 1e3).text(0)) ms, \(megabytes.text(0)) MB at its peak")
  }

  private func times(_ arguments: [String], count: Int? = nil) throws -> [Usage] {
    _ = try once(arguments)
    return try (0..<(count ?? rounds)).map { _ in try once(arguments) }
  }

  /// Starts a process and waits. GNU time asks the system for its peak: a process that this large one
  /// started itself would inherit this one's.
  private func once(_ arguments: [String]) throws -> Usage {
    let peak = FileManager.default.temporaryDirectory
      .appendingPathComponent("cvae-benchmark-peak-\(getpid())")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/time")
    process.arguments = ["-f", "%M", "-o", peak.path] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let seconds = try Statistics.seconds {
      try process.run()
      process.waitUntilExit()
    }
    guard process.terminationStatus == 0 else {
      throw PeerWorker.Refused(description: "\(arguments.joined(separator: " ")) failed.")
    }
    let text = try String(contentsOf: peak, encoding: .utf8)
    let kilobytes = Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? .nan
    return Usage(seconds: seconds, megabytes: kilobytes / 1024)
  }
}
