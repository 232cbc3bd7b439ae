import Foundation
import Testing

/// What `train` leaves behind.
@Suite(.sharedRun()) struct TrainTests {
  let run: TrainedRun

  init() throws { run = try SharedRun.run() }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The header of a safetensors file, read as a stranger would.
  private func header(_ name: String) throws -> [String: Any] {
    let bytes = try run.folder.bytes(name)
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    return try object(String(decoding: bytes.dropFirst(8).prefix(length), as: UTF8.self))
  }

  @Test func filesHaveTheirNames() throws {
    #expect(
      try run.folder.names(in: "run") == [
        "checkpoint.safetensors", "learning-curve.png", "metrics.jsonl", "model.safetensors",
        "run.json", "samples.png",
      ])
  }

  @Test func metricsHaveTheirKeys() throws {
    let lines = try run.folder.lines("run/metrics.jsonl").map(object)
    #expect(lines.map { $0["epoch"] as? Int } == [1, 2])
    #expect(lines.map { $0["step"] as? Int } == [5, 10])
    for line in lines {
      for key in ["seconds", "recordsPerSecond"] { #expect(line[key] is Double, "\(line)") }
      for part in ["train", "validation"] {
        let terms = try #require(line[part] as? [String: Double])
        #expect(terms.keys.sorted() == ["elbo", "kl", "logLikelihood"])
        let sum = (terms["logLikelihood"] ?? 0) - (terms["kl"] ?? 0)
        #expect(abs(sum - (terms["elbo"] ?? 0)) < 1e-3, "\(terms)")
      }
    }
  }

  @Test func withoutValidationTheKeyIsLeftOut() throws {
    let folder = try TemporaryFolder()
    let configuration = try TinyData.putConfiguration(into: folder, training: ["validation: 0"])
    let result = try Command.run(
      "train", run.data, "--config", configuration, "--output", folder.file("run"))
    #expect(result.status == 0, "\(result.errors)")
    let line = try #require(try folder.lines("run/metrics.jsonl").first)
    #expect(try object(line)["validation"] == nil)
  }

  @Test func metadataAreJSON() throws {
    let metadata = try #require(
      try header("run/model.safetensors")["__metadata__"] as? [String: String])
    #expect(
      metadata.keys.sorted() == [
        "architecture", "objective", "preprocessing", "provenance", "schema",
      ])
    for text in metadata.values { #expect(try !object(text).isEmpty) }
  }

  /// What differs from run to run stays out of the model file.
  @Test func modelKnowsNoTimeHostOrPath() throws {
    let header = String(describing: try header("run/model.safetensors"))
    let model =
      try header + String(decoding: run.folder.bytes("run/model.safetensors"), as: UTF8.self)
    let date = Date().formatted(.iso8601.year().month().day())
    let host = ProcessInfo.processInfo.hostName
    for word in [
      date, host, run.folder.path, run.folder.path.split(separator: "/").last.map(String.init),
    ] {
      let word = try #require(word)
      #expect(!model.contains(word), "\(word)")
    }
    #expect(try run.folder.text("run/run.json").contains(date))
  }

  @Test func sameSeedGivesTheSameBytes() throws {
    let folder = try TemporaryFolder()
    for (seed, isSame) in [("1", true), ("2", false)] {
      let result = try Command.run(
        "train", run.data, "--config", run.configuration, "--seed", seed, "--output",
        folder.file(seed))
      #expect(result.status == 0, "\(result.errors)")
      let model = try folder.bytes("\(seed)/model.safetensors")
      #expect(try (model == run.folder.bytes("run/model.safetensors")) == isSame)
    }
  }

  /// So few steps seldom suffice, unless they were asked for.
  @Test func fewStepsAreWarnedOf() {
    #expect(run.errors.contains("of training are few: less than 1000. More epochs"))
  }

  @Test func progressGoesToStandardError() throws {
    let folder = try TemporaryFolder()
    let result = try Command.run(
      "train", run.data, "--config", run.configuration, "--epochs", "2", "--output",
      folder.file("run"))
    #expect(result.output.isEmpty)
    #expect(result.errorLines.count == 4)
    #expect(result.errorLines.first?.hasPrefix("Training 3464 parameters on 57 records, ") == true)
    #expect(result.errorLines.first?.contains("steps an epoch, ") == true)
    #expect(result.errorLines.dropFirst().first?.hasPrefix("epoch 1/2  train ELBO -") == true)
    #expect(result.errorLines.last == "Finished: \(folder.file("run"))/model.safetensors.")
    #expect(!result.errors.contains("\u{1B}"), "A log holds no codes for a terminal.")
  }
}
