import Foundation
import TensorGraph

/// Training steps beside other processes that only count: how near each side comes to its fair share of the cores.
struct BusyBenchmark {
  let fixture: Fixture
  let rounds: Int
  private let batch = 128
  private let steps = 100

  /// Prints, for no, one, two and four competing processes, each side's step and its share of its idle speed.
  func run(_ workers: [PeerWorker]) throws {
    print("\nDense training step, batch \(batch), beside processes that only count")
    var sides: [(label: String, seconds: () throws -> Double)] = []
    for precision in Precision.measured {
      let side = try TrainingSide(fixture, batch: batch, precision: precision)
      try side.run(steps: 20)
      sides.append(("swift-cvae \(precision.rawValue)", { try side.run(steps: steps) }))
    }
    for worker in workers {
      let question: [String: Any] = [
        "cmd": "prepare", "batch": batch, "precision": "float32", "mode": "compiled",
      ]
      guard let key = worker.prepare(question) else { continue }
      sides.append(
        (
          "\(worker.framework) compiled float32",
          {
            let answer = try worker.ask(["cmd": "time", "key": key, "steps": steps])
            return answer["seconds"] as? Double ?? .nan
          }
        ))
    }
    var idle: [Double] = []
    for count in [0, 1, 2, 4] {
      let competitors = try (0..<count).map { _ in try Competitor() }
      defer { for competitor in competitors { competitor.stop() } }
      var times = [[Double]](repeating: [], count: sides.count)
      for _ in 0..<rounds {
        for (index, side) in sides.enumerated() {
          times[index].append(try side.seconds() / Double(steps))
        }
      }
      let medians = times.map(Statistics.median)
      if count == 0 { idle = medians }
      let fair = min(1, 2.0 / Double(2 + count))
      print("  \(count) beside; a fair share is \(fair.text(2)):")
      for (index, side) in sides.enumerated() {
        print(
          "    \(side.label): \((medians[index] * 1e3).text(2)) ms, "
            + "\((idle[index] / medians[index]).text(2)) of its idle speed")
      }
    }
  }
}

/// A process that only counts.
private final class Competitor {
  private let process = Process()

  init() throws {
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "while :; do :; done"]
    try process.run()
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}
