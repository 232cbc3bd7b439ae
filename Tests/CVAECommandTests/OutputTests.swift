import Foundation
import Testing

/// No result costs a file that somebody may miss: what is read, what the run holds, what lies there.
@Suite(.sharedRun(.anyPixels)) struct OutputTests {
  let run: TrainedRun
  let folder: TemporaryFolder
  private let files = FileManager.default

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  private func generate(_ output: String, from model: String? = nil) throws -> Command.Result {
    try Command.run("generate", model ?? run.path, "--count", "2", "--output", output)
  }

  private func complete(
    _ output: String, _ more: [String] = [], from model: String? = nil
  ) throws -> Command.Result {
    try Command.run(
      ["complete", model ?? run.path, run.data, "--mask", "top", "--records", "0"]
        + ["--samples", "1", "--output", output] + more)
  }

  /// A copy of the run that a test may change.
  private func copyOfRun() throws -> String {
    try files.copyItem(atPath: run.path, toPath: folder.file("run"))
    return folder.file("run")
  }

  @Test func emptyOutputTouchesNothing() throws {
    let command = try Command.executable().path
    for arguments in [
      "generate '\(run.path)'", "complete '\(run.path)' '\(run.data)' --mask top",
      "transfer '\(run.path)' '\(run.data)'", "encode '\(run.path)' '\(run.data)'",
      "train '\(run.data)' --given label --epochs 1",
    ] {
      try folder.put("thesis".utf8, "here/thesis.txt")
      let shell = try Command.Running(
        URL(fileURLWithPath: "/bin/sh"),
        ["-c", "cd '\(folder.file("here"))' && '\(command)' \(arguments) --output ''"])
      shell.finish().expectRefusal(status: 64, "--output: expected a name, got an empty one")
      #expect(try folder.names(in: "here") == ["thesis.txt"])
    }
  }

  /// What "$name.png" comes to where the variable isn't set.
  @Test(arguments: [".png", ".CSV", "sub/.jsonl"])
  func endingAloneIsNoName(output: String) throws {
    try generate(folder.file(output)).expectRefusal(
      status: 64, "--output: expected a name before", "perhaps from a variable that isn't set")
    #expect(try files.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func ordinaryFileIsReplaced() throws {
    try folder.put("old".utf8, "boots.csv")
    let result = try generate(folder.file("boots.csv"))
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.text("boots.csv") != "old")
  }

  @Test func emptyFolderAndLinkToItAreFilled() throws {
    try files.createDirectory(atPath: folder.file("empty"), withIntermediateDirectories: false)
    symlink("empty", folder.file("link"))
    #expect(try generate(folder.file("link")).status == 0)
    #expect(try folder.names(in: "empty").count == 2)
    #expect(try folder.names(in: "").count == 2)
    try generate(folder.file("link")).expectRefusal("is a directory that isn't empty")
    try complete(folder.file("link")).expectRefusal("is a directory that isn't empty")
    #expect(try folder.names(in: "empty").count == 2)
  }

  @Test(arguments: ["samples.png", "metrics.jsonl", "learning-curve.png"])
  func runKeepsItsFiles(name: String) throws {
    let path = try copyOfRun()
    link("\(path)/\(name)", folder.file("hard-\(name)"))
    symlink("run/\(name)", folder.file("soft-\(name)"))
    let before = try folder.content()
    for output in ["run/\(name)", "hard-\(name)", "soft-\(name)", "run/../run/./\(name)"] {
      for model in [path, path + "/model.safetensors"] {
        try generate(folder.file(output), from: model)
          .expectRefusal("the same as", "a part of the run")
      }
    }
    #expect(try folder.content() == before)
  }

  @Test func reportReplacesItsOwnPageAlone() throws {
    try folder.put(try run.folder.bytes("run/model.safetensors"), "alone/model.safetensors")
    try folder.put("<html>thesis</html>".utf8, "alone/report.html")
    let report = ["report", folder.file("alone"), run.data, "--only", "bounds", "--samples", "1"]
    try Command.run(report).expectRefusal("report.html: expected no such file or an older report")
    #expect(try folder.text("alone/report.html") == "<html>thesis</html>")
    try files.removeItem(atPath: folder.file("alone/report.html"))
    symlink("\(run.data)/\(TinyData.labels)", folder.file("alone/report.html"))
    try Command.run(report).expectRefusal("a file in '\(run.data)', which is read")
    try files.removeItem(atPath: folder.file("alone/report.html"))
    for _ in 0..<2 {
      let result = try Command.run(report)
      #expect(result.status == 0, "\(result.errors)")
    }
    let model = folder.file("alone/model.safetensors")
    link(model, folder.file("page"))
    try Command.run(report + ["--output", folder.file("page")])
      .expectRefusal("the same as '\(model)', the model")
  }

  @Test func dataAndTheirOtherNamesStay() throws {
    let labels = "\(run.data)/\(TinyData.labels)"
    link(labels, folder.file("hard.csv"))
    symlink(labels, folder.file("soft.csv"))
    let before = try run.folder.content()
    for name in ["hard.csv", "soft.csv"] {
      let output = folder.file(name)
      // The data are known from the run alone, too.
      try generate(output).expectRefusal("a file in '\(run.data)', which the model was trained on")
      try Command.run("encode", run.path, run.data, "--output", output)
        .expectRefusal("a file in '\(run.data)', which is read")
    }
    #expect(try run.folder.content() == before)
    #expect(try folder.names(in: "") == ["hard.csv", "soft.csv"])
  }

  @Test func picturesAndMasksStay() throws {
    let mask = folder.file("mask.png")
    #expect(try complete(folder.file("sheet.png")).status == 0)
    #expect(try generate(folder.file("pictures")).status == 0)
    let picture = try #require(try folder.names(in: "pictures").first)
    try files.copyItem(atPath: folder.file("pictures/\(picture)"), toPath: mask)
    link(mask, folder.file("hard.png"))
    let before = try folder.content()
    let arguments = ["complete", run.path, folder.file("pictures/\(picture)"), "--mask", mask]
    try Command.run(arguments + ["--output", folder.file("hard.png")])
      .expectRefusal("the same as '\(mask)', which is read")
    try Command.run(arguments + ["--output", folder.file("pictures")])
      .expectRefusal("is a directory that isn't empty")
    #expect(try folder.content() == before)
  }

  @Test func twoResultsAreTwoFiles() throws {
    try folder.put([], "map.png")
    symlink("map.png", folder.file("z.csv"))
    try Command.run(
      "encode", run.path, run.data, "--output", folder.file("z.csv"), "--map",
      folder.file("map.png")
    ).expectRefusal("--map: expected a place of its own", "another output")
    #expect(try folder.bytes("map.png").isEmpty)
  }

  @Test func trainingRemovesNothingThatIsRead() throws {
    let path = try copyOfRun()
    unlink(path + "/metrics.jsonl")
    link(run.configuration, path + "/metrics.jsonl")
    let before = try folder.content()
    try Command.run(
      "train", run.data, "--config", run.configuration, "--output", path, "--overwrite"
    ).expectRefusal("the same as '\(run.configuration)', which is read")
    #expect(try folder.content() == before)
  }

  @Test(arguments: ["model.safetensors", "report.html", "metrics.jsonl", "samples.png"])
  func trainingKeepsForeignFiles(name: String) throws {
    try folder.put("theirs".utf8, "run/\(name)")
    for more in [[], ["--overwrite"]] {
      try Command.run(run.arguments() + ["--output", folder.file("run")] + more)
        .expectRefusal("holds '\(name)', which isn't part of a run")
    }
    #expect(try folder.names(in: "run") == [name])
    #expect(try folder.text("run/\(name)") == "theirs")
  }
}
