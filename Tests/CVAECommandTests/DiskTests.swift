import Foundation
import Testing

/// Where the disk is full or the place can't be written, old files stay and no part of a new one.
@Suite(.sharedRun()) struct DiskTests {
  let run: TrainedRun
  let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  @Test(arguments: ["boots.png", "boots.npz", "boots.csv", "boots.jsonl", "sheets"])
  func generateOnAFullDisk(output: String) throws {
    if output != "sheets" { try folder.put("old".utf8, output) }
    let before = try folder.content()
    let model = output == "sheets" ? try photographs() : run.path
    let result = try Command.runOnFullDisk(
      "generate", model, "--given", "label=1", "--count", "100", "--output", folder.file(output))
    result.expectRefusal("Can't write '\(folder.file(output))'", "the disk is full")
    #expect(try folder.content() == before)
  }

  /// A model of pictures so large that one alone fills the disk.
  private func photographs() throws -> String {
    let path = run.folder.file("photographs")
    let labels = TinyData.turns(12)
    let noise = (0..<(12 * 64 * 64)).map {
      UInt8(truncatingIfNeeded: $0 &* $0 &* 2_654_435_761 >> 7)
    }
    let data = run.folder.file("photographs.npz")
    try TinyData.putPictures(noise, side: 64, labels: labels, to: data)
    let result = try Command.run(
      "train", data, "--config", run.configuration, "--batch", "5", "--output", path)
    #expect(result.status == 0, "\(result.errors)")
    return path
  }

  @Test func encodeOnAFullDisk() throws {
    let result = try Command.runOnFullDisk(
      "encode", run.path, run.data, "--output", folder.file("z.csv"))
    result.expectRefusal("the disk is full")
    #expect(try folder.content().isEmpty)
  }

  @Test func trainOnAFullDisk() throws {
    let output = folder.file("run")
    let result = try Command.runOnFullDisk(
      "train", run.data, "--config", run.configuration, "--output", output)
    result.expectRefusal("Can't write '\(output)/checkpoint.safetensors'", afterProgress: true)
    #expect(
      result.sentence(in: folder)
        == "Error: Can't write '…/run/checkpoint.safetensors': File too large; the disk is full or "
        + "a file-size limit was reached; free some space and try again.")
    #expect(try folder.content().isEmpty)
    let again = try Command.run(
      "train", run.data, "--config", run.configuration, "--output", output)
    #expect(again.status == 0, "\(again.errors)")
  }

  @Test func resultsOnAFullDisk() throws {
    let command = try Command.executable().path
    for arguments in [
      "inspect '\(run.path)'", "evaluate '\(run.path)' '\(run.data)' --only bounds --json",
    ] {
      let shell = try Command.Running(
        URL(fileURLWithPath: "/bin/sh"), ["-c", "'\(command)' \(arguments) > /dev/full"])
      shell.finish().expectRefusal("Can't write 'standard output'", "the disk is full")
    }
  }

  /// A log that can't be written is no reason to stop.
  @Test func logOnAFullDisk() throws {
    let command = try Command.executable().path
    let shell = try Command.Running(
      URL(fileURLWithPath: "/bin/sh"),
      [
        "-c",
        "'\(command)' train '\(run.data)' --config '\(run.configuration)' "
          + "--output '\(folder.file("run"))' 2> /dev/full",
      ])
    #expect(shell.finish().status == 0)
    #expect(folder.exists("run/model.safetensors"))
  }

  @Test(arguments: ["boots.png", "boots.npz", "boots.csv", "boots.jsonl", "boots"])
  func generateIntoNoFolder(output: String) throws {
    for place in ["/dev/null", folder.file("absent")] {
      let path = "\(place)/\(output)"
      let result = try Command.run("generate", run.path, "--given", "label=1", "--output", path)
      result.expectRefusal("'\(path)': ", "; check the path")
    }
    #expect(try folder.content().isEmpty)
  }

  @Test func trainIntoNoFolder() throws {
    let result = try Command.run(
      "train", run.data, "--config", run.configuration, "--output", "/dev/null/run")
    result.expectRefusal()
    #expect(
      result.sentence(in: folder)
        == "Error: /dev/null/run: expected a directory that can be written, but the system says "
        + "'Not a directory'; check the permissions, or choose another --output.")
  }

  @Test func trainIntoAFile() throws {
    let path = try folder.put("a file".utf8, "run")
    let result = try Command.run(
      "train", run.data, "--config", run.configuration, "--output", path)
    result.expectRefusal("expected a directory for the run, got a file; choose another --output")
    #expect(try folder.text("run") == "a file")
  }
}
