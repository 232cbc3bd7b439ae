import CVAEModels
import OneDNNExecution
import TensorGraph

/// Training steps of a model: time, GFLOP/s, and the share that the products need.
struct TrainingBenchmark {
  let fixture: Fixture
  let rounds: Int
  var title = "Training step"
  /// Records in a step, and steps in a round.
  var batches = [(size: 128, steps: 40), (size: 512, steps: 12)]
  /// The records that batches are cut from, and the most tokens of their texts.
  var texts: (records: [Int32], steps: Int)?

  private struct Peer {
    let worker: PeerWorker
    let key: String
    let label: String
    let precision: Precision
  }

  func run(_ workers: [PeerWorker]) throws {
    for (batch, steps) in batches {
      print("\n\(title), batch \(batch)")
      let peers = prepare(workers, batch: batch)
      let sides = try Precision.measured.map {
        try TrainingSide(
          fixture, batch: batch, precision: $0, records: texts?.records,
          steps: TextSteps(texts?.steps ?? 0))
      }
      for side in sides { try side.run(steps: 20) }
      var own = [[Double]](repeating: [], count: sides.count)
      var products = own
      var fed = own
      var theirs = [[Double]](repeating: [], count: peers.count)
      for _ in 0..<rounds {
        for (index, side) in sides.enumerated() {
          let whole = try Statistics.seconds {
            own[index].append(try side.run(steps: steps) / Double(steps))
          }
          fed[index].append(whole / Double(steps))
          guard let program = side.step.compiled as? any OneDNNProgram else { continue }
          products[index].append(
            try Statistics.seconds { for _ in 0..<steps { try program.runProducts() } }
              / Double(steps))
        }
        for (index, peer) in peers.enumerated() {
          let answer = try peer.worker.ask(["cmd": "time", "key": peer.key, "steps": steps])
          theirs[index].append((answer["seconds"] as? Double ?? .nan) / Double(steps))
        }
      }
      let work = OperationWork.flops(of: sides[0].program.program)
      report(batch, work: work, own: own, fed: fed, products: products)
      for (index, peer) in peers.enumerated() {
        print(
          "  \(peer.label): \((Statistics.median(theirs[index]) * 1e3).text(3)) ms, "
            + "\((work / Statistics.median(theirs[index]) * 1e-9).text(0)) GFLOP/s")
      }
      compare(peers, own: own, theirs: theirs)
    }
  }

  private func prepare(_ workers: [PeerWorker], batch: Int) -> [Peer] {
    workers.flatMap { worker in
      Precision.measured.flatMap { precision in
        (worker.framework == "torch" ? ["eager", "compiled"] : ["compiled"]).compactMap { mode in
          worker.prepare(
            ["cmd": "prepare", "batch": batch, "precision": precision.rawValue, "mode": mode]
          ).map {
            Peer(
              worker: worker, key: $0, label: "\(worker.framework) \(mode) \(precision.rawValue)",
              precision: precision)
          }
        }
      }
    }
  }

  private func report(
    _ batch: Int, work: Double, own: [[Double]], fed: [[Double]], products: [[Double]]
  ) {
    for (index, precision) in Precision.measured.enumerated() {
      let time = Statistics.median(own[index])
      let bare = Statistics.median(products[index])
      let share = Statistics.median(zip(products[index], own[index]).map { $0 / $1 })
      let alone =
        products[index].isEmpty
        ? ""
        : "; its products alone \((bare * 1e3).text(3)) ms, "
          + "\((work / bare * 1e-9).text(0)) GFLOP/s: \((100 * share).text(1)) % of the step"
      print(
        "  swift-cvae \(precision.rawValue): \((time * 1e3).text(3)) ms, "
          + "\((work / time * 1e-9).text(0)) GFLOP/s; with its batch read from bytes "
          + "\(Int(Double(batch) / Statistics.median(fed[index]))) records/s" + alone)
    }
  }

  /// The median over rounds of the ratio within a round, against each framework's best mode.
  private func compare(_ peers: [Peer], own: [[Double]], theirs: [[Double]]) {
    for (index, precision) in Precision.measured.enumerated() {
      for framework in ["torch", "jax"] {
        for theirPrecision in Precision.measured {
          let candidates = peers.indices.filter {
            peers[$0].worker.framework == framework && peers[$0].precision == theirPrecision
          }
          let best = candidates.min {
            Statistics.median(theirs[$0]) < Statistics.median(theirs[$1])
          }
          guard let best else { continue }
          let ratio = Statistics.median(zip(theirs[best], own[index]).map { $0 / $1 })
          print(
            "  ratio: swift-cvae \(precision.rawValue) is \(ratio.text(2)) times as fast as "
              + "\(peers[best].label)")
        }
      }
    }
  }
}
