import CVAEGeneration
import OneDNNExecution
import RecordTypes
import TensorGraph

/// Generation through the library: conditions in, records out.
struct GenerationBenchmark {
  let fixture: Fixture
  let rounds: Int
  /// Records at once, and how often they are drawn in a round.
  var batches = [(size: 1, repeats: 400), (size: 64, repeats: 100), (size: 4096, repeats: 5)]
  /// The most tokens of a record, of which nearly all are drawn from first weights; 0 where it has none.
  var tokens = 0

  func run(_ workers: [PeerWorker]) throws {
    for (batch, repeats) in batches {
      print("\nGeneration, batch \(batch)\(tokens > 0 ? ", texts of \(tokens) tokens" : "")")
      let peers = prepare(workers, batch: batch)
      let levels = (0..<Int32(batch)).map { $0 % 10 }
      let conditions = Conditions(
        try Records(
          schema: RecordSchema(fields: [try fixture.untrained.schema.field("label")]),
          columns: [.levels(levels)]))
      let generators = try Precision.measured.map {
        try Generator(fixture.untrained, executor: fixture.executor($0), batch: batch)
      }
      var sink: Float = 0
      func times(_ generator: Generator) throws -> [Double] {
        try (0..<repeats).map { number in
          try Statistics.seconds {
            let drawn = try generator.draw(DrawRequest(conditions, seed: UInt64(number)))[0]
            sink += Float(drawn.records.count)
          }
        }
      }
      for generator in generators { _ = try times(generator) }
      var own = [[Double]](repeating: [], count: generators.count)
      var theirs = [[Double]](repeating: [], count: peers.count)
      for _ in 0..<rounds {
        for (index, generator) in generators.enumerated() {
          own[index].append(Statistics.median(try times(generator)))
        }
        for (index, peer) in peers.enumerated() {
          let answer = try peer.worker.ask(
            ["cmd": "time_generate", "key": peer.key, "repeats": repeats])
          theirs[index].append(Statistics.median(answer["seconds"] as? [Double] ?? []))
        }
      }
      for (index, precision) in Precision.measured.enumerated() {
        let time = Statistics.median(own[index])
        print("  swift-cvae \(precision.rawValue): \(speed(time, batch))")
      }
      for (index, peer) in peers.enumerated() {
        print("  \(peer.label): \(speed(Statistics.median(theirs[index]), batch))")
      }
      for (index, precision) in Precision.measured.enumerated() {
        for framework in ["torch", "jax"] {
          let best = peers.indices.filter { peers[$0].worker.framework == framework }
            .min { Statistics.median(theirs[$0]) < Statistics.median(theirs[$1]) }
          guard let best else { continue }
          let ratio = Statistics.median(zip(theirs[best], own[index]).map { $0 / $1 })
          print(
            "  ratio: swift-cvae \(precision.rawValue) is \(ratio.text(2)) times as fast as "
              + "\(framework)'s best, \(peers[best].label)")
        }
      }
    }
  }

  private func speed(_ time: Double, _ batch: Int) -> String {
    let records = "\((time * 1e6).text(1)) µs, \(Int(Double(batch) / time)) records/s"
    if tokens == 0 { return records }
    return records + ", \((time / Double(tokens) * 1e3).text(3)) ms for a token of each, "
      + "\(Int(Double(batch * tokens) / time)) tokens/s"
  }

  private func prepare(
    _ workers: [PeerWorker], batch: Int
  ) -> [(worker: PeerWorker, key: String, label: String)] {
    workers.flatMap { worker in
      let modes = worker.framework == "torch" ? ["eager", "frozen", "compiled"] : ["compiled"]
      return Precision.measured.flatMap { precision in
        modes.compactMap { mode in
          worker.prepare(
            ["cmd": "generate", "batch": batch, "precision": precision.rawValue, "mode": mode]
          ).map { (worker, $0, "\(worker.framework) \(mode) \(precision.rawValue)") }
        }
      }
    }
  }
}
