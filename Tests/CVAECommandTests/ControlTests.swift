import Foundation
import Testing

/// Control as 'evaluate' judges it, on a run of its own, as a classifier is written into it.
@Suite(.sharedRun()) struct ControlTests {
  let run: TrainedRun
  let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func theClassifierIsTrainedOnceAndTheReportIsTheSame() throws {
    let classifier = folder.file("judge.safetensors")
    let arguments = [
      "evaluate", run.path, run.data, "--only", "control", "--count", "10", "--classifier",
      classifier, "--json",
    ]
    let first = try Command.run(arguments)
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.errors.contains("classifier of 'label': epoch 5 of 5"), "\(first.errors)")
    #expect(folder.exists("judge.safetensors"))
    let second = try Command.run(arguments)
    #expect(second.errors.isEmpty, "\(second.errors)")
    #expect(second.output == first.output)
    let report = try object(first.output)
    #expect(report.keys.sorted() == ["control"])
    let control = try #require(report["control"] as? [String: Any])
    #expect(control["field"] as? String == "label")
    let accuracy = try #require(control["accuracy"] as? [String: Double])
    #expect(accuracy.keys.sorted() == ["mean", "standardError"])
    // Three of ten levels have training records.
    #expect((control["perLevel"] as? [Any])?.count == 3)
  }

  @Test func bothPartsStandInOneObjectAndOneTable() throws {
    let own = folder.file("run")
    try FileManager.default.copyItem(atPath: run.path, toPath: own)
    let arguments = ["evaluate", own, run.data, "--samples", "2", "--count", "4"]
    let report = try object(Command.run(arguments + ["--json"]).output)
    #expect(report["elbo"] != nil && report["control"] != nil)
    #expect(folder.exists("run/classifier-label.safetensors"))
    let table = try Command.run(arguments)
    #expect(table.output.hasPrefix("records "), "\(table.output)")
    #expect(table.output.contains("\n\ncontrol of 'label'"), "\(table.output)")
  }

  @Test func aModelFileIsNoClassifier() throws {
    let before = try Data(contentsOf: URL(fileURLWithPath: run.model))
    let result = try Command.run(
      "evaluate", run.path, run.data, "--only", "control", "--classifier", run.model)
    result.expectRefusal("expected a classifier that 'cvae evaluate' wrote")
    #expect(try Data(contentsOf: URL(fileURLWithPath: run.model)) == before)
  }

  @Test func picturesAreNoTexts() throws {
    let result = try Command.run("evaluate", run.path, run.data, "--only", "texts")
    result.expectRefusal("expected a text, got 'image'; evaluate with --only bounds.")
    let refused = try Command.run(
      "evaluate", run.path, run.data, "--only", "texts", "--classifier", "a.safetensors")
    #expect(refused.status == 64 && refused.errors.contains("--only texts leaves out"))
  }

  @Test func anotherFieldIsRefused() throws {
    let result = try Command.run(
      "evaluate", run.path, run.data, "--only", "control", "--control-field", "image")
    result.expectRefusal("--control-field: expected a category that the model is given ('label')")
  }
}
