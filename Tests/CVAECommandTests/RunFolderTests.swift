import Foundation
import Testing

/// A folder that holds a run is only touched where that was requested.
@Suite struct RunFolderTests {
  let run: TrainedRun

  init() throws { run = try TrainedRun() }

  private func train(_ more: String...) throws -> Command.Result {
    try Command.run(run.arguments() + more)
  }

  @Test func refusesToOverwrite() throws {
    let before = try run.folder.content()
    let result = try train()
    result.expectRefusal()
    #expect(
      result.sentence(in: run.folder)
        == "Error: …/run: already holds a run; continue it with --resume, replace it with "
        + "--overwrite, or choose another --output.")
    #expect(try run.folder.content() == before)
  }

  @Test func overwrites() throws {
    let model = try run.folder.bytes("run/model.safetensors")
    let result = try train("--overwrite", "--seed", "2")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try run.folder.bytes("run/model.safetensors") != model)
    #expect(try run.folder.lines("run/metrics.jsonl").count == 2)
  }

  /// What is wrong with the new run must not cost the old one.
  @Test func overwritesNothingWhenRefused() throws {
    let before = try run.folder.content()
    try train("--overwrite", "--group", "lable").expectRefusal("No field is named 'lable'")
    #expect(try run.folder.content() == before)
  }

  @Test func resumesAFinishedRun() throws {
    let model = try run.folder.bytes("run/model.safetensors")
    let result = try Command.run("train", "--output", run.path, "--resume")
    #expect(result.status == 0)
    #expect(result.errors == "Finished: \(run.model).\n")
    #expect(try run.folder.bytes("run/model.safetensors") == model)
  }

  @Test(arguments: [
    (["--epochs", "3"], "training.epochs is 2 there, but 3 was requested"),
    (["--batch", "20"], "training.batch is 10 there, but 20 was requested"),
    (["--seed", "2"], "training.seed is 1 there, but 2 was requested"),
    (["--threads", "2"], "training.threads is 1 there, but 2 was requested"),
    (
      ["--precision", "bfloat16"], "training.precision is float32 there, but bfloat16 was requested"
    ),
  ])
  func refusesAFlagThatContradicts(flag: [String], words: String) throws {
    let before = try run.folder.content()
    let result = try Command.run(["train", run.data, "--output", run.path, "--resume"] + flag)
    result.expectRefusal("--resume keeps the run's settings: \(words)")
    #expect(try run.folder.content() == before)
  }

  @Test func acceptsFlagsThatAgree() throws {
    let result = try train(
      "--resume", "--epochs", "2", "--batch", "10", "--seed", "1", "--threads", "1")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors == "Finished: \(run.model).\n")
  }

  /// Given fields and threads that only the command line named are the run's own, too.
  @Test func resumesWithTheConfigurationAlone() throws {
    let yaml = try run.folder.text("tiny.yaml").split(separator: "\n")
      .filter { !$0.contains("given") && !$0.contains("threads") }.joined(separator: "\n")
    let path = try run.folder.put(yaml.utf8, "bare.yaml")
    let arguments = ["train", run.data, "--config", path, "--output", run.folder.file("bare")]
    let first = try Command.run(arguments + ["--given", "label", "--threads", "1"])
    #expect(first.status == 0, "\(first.errors)")
    let second = try Command.run(arguments + ["--resume"])
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.errors.hasPrefix("Finished: "))
  }

  @Test func refusesOtherData() throws {
    try TinyData.putIDX(into: run.folder, labels: TinyData.turns(60).reversed())
    let before = try run.folder.content()
    try train("--resume").expectRefusal("resume with the data it was started on")
    #expect(try run.folder.content() == before)
  }

  @Test func refusesOtherLevels() throws {
    try run.folder.put("fields: {label: {levels: [boot, coat, bag]}}".utf8, "data/schema.yaml")
    let before = try run.folder.content()
    try train("--resume").expectRefusal("but the data have boot, coat, bag")
    #expect(try run.folder.content() == before)
  }

  @Test func resumesNothing() throws {
    let absent = try Command.run(
      "train", run.data, "--output", run.folder.file("absent"), "--resume")
    absent.expectRefusal("expected a run to resume, got no such directory; check --output")
    #expect(!run.folder.exists("absent"))
    try run.folder.put([], "other/note")
    let other = try Command.run("train", "--output", run.folder.file("other"), "--resume")
    other.expectRefusal("got a directory without checkpoint.safetensors; leave out --resume")
    #expect(try run.folder.names(in: "other") == ["note"])
  }

  @Test func resumesNoDamagedCheckpoint() throws {
    let checkpoint = try run.folder.bytes("run/checkpoint.safetensors")
    try run.folder.put(checkpoint.dropLast(9), "run/checkpoint.safetensors")
    let before = try run.folder.content()
    try train("--resume").expectRefusal("checkpoint.safetensors: expected")
    #expect(try run.folder.content() == before)
  }
}
