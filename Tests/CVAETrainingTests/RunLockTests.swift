import CVAEModels
import ConditionalData
import Foundation
import TensorFiles
import TensorGraph
import Testing

@testable import CVAETraining

/// A run directory is one trainer's at a time, and an older run's until the new one can begin.
@Suite struct RunLockTests {
  private let folder: TemporaryFolder
  private let run: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    run = RunDirectory(folder("run"))
  }

  private func trainer(_ executor: any Executor = ReferenceExecutor()) throws -> Trainer {
    try Trainer(
      data: Fixture.pictures(), configuration: Fixture.configuration(), run: run,
      executor: executor)
  }

  private func content() throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: run.path)
    return Dictionary(uniqueKeysWithValues: names.map { ($0, bytes(run.file($0))) })
  }

  @Test(arguments: [RunStart.new, .replacing, .resuming])
  func refusesASecondTrainer(start: RunStart) throws {
    let second = try trainer()
    var asked = 0
    let outcome = try trainer().run(onEpoch: { epoch in
      guard epoch.epoch == 1 else { return }
      asked += 1
      let before = try content()
      let said = sentence { _ = try second.run(start) }
      #expect(
        said.hasPrefix(
          "\(run.path): expected a directory in which no other process trains, got one in use by "
            + "process \(getpid()) on '")
          || start == .new && said.contains("already holds a run"), "\(said)")
      #expect(try content() == before)
    })
    #expect(outcome == .finished && asked == 1)
    #expect(FileManager.default.fileExists(atPath: run.file(FolderLock.name)) == false)
    #expect(try second.run(.replacing) == .finished)
  }

  @Test func takesTheCallersLock() throws {
    let lock = try run.lock()
    #expect(sentence { _ = try trainer().run() }.contains("in use by process \(getpid())"))
    #expect(try trainer().run(lock: lock) == .finished)
  }

  /// What the executor refuses must not cost the old run.
  @Test func keepsTheOldRunUntilTheNewOneCanBegin() throws {
    #expect(try trainer().run() == .finished)
    let before = try content()
    #expect(throws: NoExecutor.Refusal.self) { try trainer(NoExecutor()).run(.replacing) }
    #expect(try content() == before)
  }

  @Test func replacesNothingUnlessTold() throws {
    #expect(try trainer().run() == .finished)
    let before = try content()
    #expect(sentence { _ = try trainer().run() }.contains("already holds a run"))
    #expect(try content() == before)
  }
}

/// An executor that makes no session.
private struct NoExecutor: Executor {
  struct Refusal: Error {}
  var threads: Int { 1 }
  func with(threads: Int) -> any Executor { self }
  func makeSession(for store: ParameterStore) throws -> any ExecutionSession { throw Refusal() }
}
