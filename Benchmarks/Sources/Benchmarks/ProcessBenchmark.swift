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
      let once = [python, "\(peers)/generate_once.py", "--output", "\(folder)/peer.png"]
      report("torch generate_once.py, the same", try times(once, count: 3))
    }
    let train = [
      cvae, "train", fixture.dataPath, "--given", "label", "--epochs", "1", "--output",
      "\(folder)/run", "--overwrite",
    ]
    report("cvae train, 1 epoch of Fashion-MNIST", try times(train, count: 3))
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

  /// Starts a process, waits, and asks the system what it used.
  private func once(_ arguments: [String]) throws -> Usage {
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    var child: pid_t = 0
    var usage = rusage()
    var status: Int32 = 0
    let seconds = Statistics.seconds {
      guard posix_spawn(&child, arguments[0], &actions, nil, pointers, nil) == 0 else {
        status = -1
        return
      }
      while wait4(child, &status, 0, &usage) < 0 && errno == EINTR {}
    }
    guard status == 0 else {
      throw PeerWorker.Refused(description: "\(arguments.joined(separator: " ")) failed.")
    }
    return Usage(seconds: seconds, megabytes: Double(usage.ru_maxrss) / 1024)
  }
}
