import Foundation
import OneDNNExecution
import TensorGraph
import Testing

/// A run that was stopped ends with the same bytes as one that wasn't.
@Suite struct ResumeTests {
  let folder: TemporaryFolder
  let data: String
  let configuration: String

  /// As many as leave time for a signal after the first.
  static let epochs = 24

  init() throws {
    folder = try TemporaryFolder()
    data = try TinyData.putIDX(into: folder, train: 300)
    configuration = try TinyData.putConfiguration(into: folder, training: ["conditionDropout: 0.2"])
  }

  private func arguments(_ output: String, _ precision: String) -> [String] {
    [
      "train", data, "--config", configuration, "--epochs", "\(Self.epochs)", "--precision",
      precision,
      "--output", folder.file(output),
    ]
  }

  /// Starts a run and ends it by a signal after its first epoch.
  private func stop(_ output: String, _ precision: String, by signal: Int32) throws
    -> Command.Result
  {
    let process = try Command.start(arguments(output, precision))
    while process.isRunning, !folder.exists("\(output)/metrics.jsonl") { usleep(2000) }
    process.send(signal)
    return process.finish()
  }

  /// Lets the run go on, and compares it with one that was never stopped.
  private func compare(_ output: String, _ precision: String) throws {
    #expect(
      try folder.lines("\(output)/metrics.jsonl").count < Self.epochs, "It ended before the signal."
    )
    let resumed = try Command.run("train", "--output", folder.file(output), "--resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    let whole = try Command.run(arguments("whole", precision))
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(
      try folder.bytes("\(output)/model.safetensors") == folder.bytes("whole/model.safetensors"))
    for name in [output, "whole"] {
      let epochs = try folder.lines("\(name)/metrics.jsonl").map { line in
        try #require(line.firstMatch(of: /"epoch":(\d+)/)).1
      }
      #expect(epochs == (1...Self.epochs).map { "\($0)" })
    }
    #expect(try folder.names(in: output).filter { $0.contains(".partial") } == [])
  }

  /// The first one's lock keeps a second process out, and goes with it however it ends.
  @Test(arguments: [[], ["--overwrite"], ["--resume"]])
  func onlyOneProcessAtATime(more: [String]) throws {
    let first = try Command.start(arguments("run", "float32") + ["--epochs", "100000"])
    while first.isRunning, !folder.exists("run/metrics.jsonl") { usleep(2000) }
    first.send(SIGSTOP)
    let before = try folder.content()
    let second = try Command.run(arguments("run", "float32") + more)
    second.expectRefusal("expected a directory in which no other process trains, got one in use by")
    #expect(second.errors.contains("process \(first.number) on '"))
    #expect(try folder.content() == before)
    first.send(SIGKILL)
    _ = first.finish()
    let third = try Command.run(arguments("run", "float32") + ["--overwrite"])
    #expect(third.status == 0, "\(third.errors)")
    #expect(!folder.exists("run/.cvae.lock"))
  }

  @Test func afterAKill() throws {
    let result = try stop("killed", "float32", by: SIGKILL)
    #expect(result.status == -SIGKILL)
    try compare("killed", "float32")
  }

  @Test(
    .enabled(
      if: OneDNNExecutor.supports(.bfloat16),
      "bfloat16 needs AVX-512: resumption in it left out"))
  func afterAKillInBFloat16() throws {
    let result = try stop("killed", "bfloat16", by: SIGKILL)
    #expect(result.status == -SIGKILL)
    try compare("killed", "bfloat16")
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func afterAnInterruption(signal: Int32) throws {
    let result = try stop("stopped", "float32", by: signal)
    // Job schedulers send SIGTERM, and start again what ends with 75.
    #expect(result.status == (signal == SIGINT ? 0 : 75), "\(result.errors)")
    let last = try #require(result.errorLines.last)
    #expect(last.contains(/^Stopped in epoch \d+ after step \d+; continue with: cvae train/))
    #expect(last.hasSuffix("cvae train \(data) --output \(folder.file("stopped")) --resume"))
    #expect(try folder.text("stopped/run.json").contains("\"outcome\" : \"interrupted\""))
    try compare("stopped", "float32")
  }

  /// A schema file that the first session named is found again by the third.
  @Test func schemaFileIsKept() throws {
    let schema = try folder.put("fields: {label: {levels: [boot, coat, bag]}}".utf8, "names.yaml")
    let first = try Command.run(
      "train", data, "--config", configuration, "--schema", schema, "--output",
      folder.file("named"))
    #expect(first.status == 0, "\(first.errors)")
    for _ in 0..<2 {
      let result = try Command.run("train", "--output", folder.file("named"), "--resume")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.hasPrefix("Finished: "))
    }
  }
}
