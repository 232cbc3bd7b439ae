import Foundation
import TensorFiles
import Testing

@testable import CVAETraining

@Suite struct RunDirectoryTests {
  private let files = FileManager.default

  private func put(_ path: String) { _ = files.createFile(atPath: path, contents: Data("x".utf8)) }

  @Test func newFolderIsMadeWithItsParents() throws {
    let folder = try TemporaryFolder()
    let run = RunDirectory(folder("a/b/run"))
    try run.prepare(for: .new)
    var isFolder: ObjCBool = false
    #expect(files.fileExists(atPath: run.path, isDirectory: &isFolder) && isFolder.boolValue)
    #expect(run.modelPath == folder("a/b/run/model.safetensors"))
    #expect(RunDirectory("run/").metricsPath == "run/metrics.jsonl")
  }

  @Test func linkToNothingIsFollowed() throws {
    let folder = try TemporaryFolder()
    symlink("elsewhere", folder("link"))
    let run = RunDirectory(folder("link"))
    try run.prepare(for: .new)
    try run.recordStart(data: "data.npz", commandLine: ["cvae"])
    #expect(files.fileExists(atPath: folder("elsewhere/run.json")))
    #expect(try files.destinationOfSymbolicLink(atPath: folder("link")) == "elsewhere")
  }

  @Test func fileInItsPlaceIsRefused() throws {
    let folder = try TemporaryFolder()
    put(folder("run"))
    #expect(
      sentence { try RunDirectory(folder("run")).prepare(for: .new) }
        == "\(folder("run")): expected a directory for the run, got a file; choose another "
        + "--output.")
    #expect(
      sentence { try RunDirectory(folder("run/below")).prepare(for: .new) }
        == "\(folder("run/below")): expected a directory that can be written, but the system says "
        + "'Not a directory'; check the permissions, or choose another --output.")
  }

  /// A run as far as its `run.json` tells.
  private func putRun(in folder: TemporaryFolder, _ name: String = "") throws {
    try RunDirectory(folder(name)).recordStart(data: "data.npz", commandLine: ["cvae"])
  }

  private static let names = [
    "model.safetensors", "checkpoint.safetensors", "metrics.jsonl", "samples.png", "report.html",
    "learning-curve.png",
  ]

  @Test(arguments: names)
  func olderRunIsRefusedOrReplaced(name: String) throws {
    let folder = try TemporaryFolder()
    try putRun(in: folder)
    let bytes: Data =
      switch (name as NSString).pathExtension {
      case "png": Data([0x89]) + Data("PNG".utf8)
      case "html": Data(RunDirectory.reportMark.utf8)
      default: Data("x".utf8)
      }
    _ = files.createFile(atPath: folder(name), contents: bytes)
    put(folder("notes.txt"))
    #expect(
      sentence { try RunDirectory(folder.path).prepare(for: .new) }
        == "\(folder.path): already holds a run; continue it with --resume, replace it with "
        + "--overwrite, or choose another --output.")
    #expect(files.fileExists(atPath: folder(name)))
    try RunDirectory(folder.path).prepare(for: .replacing)
    #expect(try files.contentsOfDirectory(atPath: folder.path) == ["notes.txt"])
  }

  /// Files of the same names that no run of ours has written.
  @Test(arguments: names + ["run.json"], [true, false])
  func foreignFileIsRefusedAndStays(name: String, overwrite: Bool) throws {
    let folder = try TemporaryFolder()
    put(folder(name))
    #expect(
      sentence { try RunDirectory(folder.path).prepare(for: overwrite ? .replacing : .new) }
        == "\(folder.path): holds '\(name)', which isn't part of a run that 'cvae train' wrote there, so it "
        + "stays; move it elsewhere, or choose another --output.")
    #expect(bytes(folder(name)) == Data("x".utf8))
  }

  /// Also beside a run: what doesn't look as if a run had written it stays.
  @Test(arguments: ["samples.png", "learning-curve.png", "report.html"])
  func foreignPictureOrPageInARunStays(name: String) throws {
    let folder = try TemporaryFolder()
    try putRun(in: folder)
    put(folder(name))
    #expect(
      sentence { try RunDirectory(folder.path).prepare(for: .replacing) }
        .contains("holds '\(name)', which isn't part of a run"))
    #expect(bytes(folder(name)) == Data("x".utf8))
  }

  /// A model alone is no sign that the pictures beside it are a run's.
  @Test func picturesBesideACopiedModelStay() throws {
    let folder = try TemporaryFolder()
    let metadata = Dictionary(
      uniqueKeysWithValues: ["schema", "preprocessing", "architecture", "objective", "provenance"]
        .map { ($0, "{}") })
    let tensor = StoredTensor(shape: [1], values: [1])
    try SafetensorsFile(metadata: metadata, tensors: ["w": tensor])
      .write(to: folder("model.safetensors"))
    let picture = Data([0x89]) + Data("PNG".utf8)
    _ = files.createFile(atPath: folder("samples.png"), contents: picture)
    #expect(
      sentence { try RunDirectory(folder.path).prepare(for: .replacing) }
        .contains("holds 'samples.png', which isn't part of a run"))
    #expect(bytes(folder("samples.png")) == picture)
  }

  @Test func foreignModelFileIsNoRun() throws {
    let folder = try TemporaryFolder()
    let tensor = StoredTensor(shape: [1], values: [1])
    try SafetensorsFile(metadata: ["schema": "theirs"], tensors: ["w": tensor])
      .write(to: folder("model.safetensors"))
    #expect(!RunDirectory(folder.path).holdsRun)
    #expect(
      sentence { try RunDirectory(folder.path).prepare(for: .replacing) }
        .contains("holds 'model.safetensors', which isn't part of a run"))
  }

  @Test func linkAmongTheRunsFilesStays() throws {
    let folder = try TemporaryFolder()
    try putRun(in: folder)
    put(folder("theirs.png"))
    symlink("theirs.png", folder("samples.png"))
    let before = try files.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(
      sentence { try RunDirectory(folder.path).prepare(for: .replacing) }
        .contains("holds 'samples.png', which isn't part of a run"))
    #expect(try files.contentsOfDirectory(atPath: folder.path).sorted() == before)
  }

  @Test func resumingNeedsACheckpoint() throws {
    let folder = try TemporaryFolder()
    put(folder("model.safetensors"))
    #expect(
      sentence { try RunDirectory(folder("none")).prepare(for: .resuming) }
        == "\(folder("none")): expected a run to resume, got no such directory; check --output, or "
        + "leave out --resume to start.")
    #expect(
      sentence { try RunDirectory(folder.path).prepare(for: .resuming) }
        == "\(folder.path): expected a run to resume, got a directory without "
        + "checkpoint.safetensors; leave out --resume to start.")
    put(folder("checkpoint.safetensors"))
    let dead = pid_t.max - 1
    put(folder(".model.safetensors.partial-\(dead)"))
    put(folder(".other.partial-\(dead)"))
    try RunDirectory(folder.path).prepare(for: .resuming)
    #expect(files.fileExists(atPath: folder("model.safetensors")))
    #expect(!files.fileExists(atPath: folder(".model.safetensors.partial-\(dead)")))
    #expect(files.fileExists(atPath: folder(".other.partial-\(dead)")))
  }

  /// What takes long may be made in the folder before the run begins.
  @Test func checkingChangesNothingAndTheCacheStays() throws {
    let folder = try TemporaryFolder()
    try RunDirectory(folder("run")).check(for: .new)
    #expect(!files.fileExists(atPath: folder("run")))
    let run = RunDirectory(folder("run"))
    try run.prepare(for: .new)
    try files.createDirectory(atPath: run.pictureCachePath, withIntermediateDirectories: true)
    put(run.pictureCachePath + "/pixels")
    try RunDirectory(run.path).check(for: .new)
    try putRun(in: folder, "run")
    put(run.modelPath)
    #expect(
      sentence { try RunDirectory(run.path).check(for: .new) }
        == sentence { try RunDirectory(run.path).prepare(for: .new) })
    try RunDirectory(run.path).check(for: .replacing)
    #expect(files.fileExists(atPath: run.modelPath))
    try RunDirectory(run.path).prepare(for: .replacing)
    #expect(files.fileExists(atPath: run.pictureCachePath + "/pixels"))
  }

  @Test func descriptionKeepsASessionForEachProcess() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    try run.recordStart(data: "data.npz", commandLine: ["cvae", "train", "data.npz"])
    #expect(run.runDescription?.sessions.first?.endedAt == nil)
    try run.recordEnd(outcome: "interrupted")
    try run.recordStart(data: "data.npz", commandLine: ["cvae", "train", "data.npz", "--resume"])
    let sessions = try #require(run.runDescription).sessions
    #expect(sessions.map(\.outcome) == ["interrupted", nil])
    #expect(sessions.map(\.commandLine.count) == [3, 4])
    #expect(sessions[0].endedAt != nil && sessions[1].output == run.path)
  }
}
