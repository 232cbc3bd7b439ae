import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

@testable import CVAETraining

/// Training on a table that is read block by block.
@Suite struct StoredTrainingTests {
  let folder: TemporaryFolder
  let path: String

  /// More than two blocks, with a rare level and missing values.
  static let count = 9000

  init() throws {
    folder = try TemporaryFolder()
    path = folder("rows.csv")
    let position = RandomPosition(seed: 8, step: 0)
    let lines = (0..<Self.count).map { row in
      let x = position.normal(RandomPurpose("x"), record: UInt32(row), column: 0)
      let y = 2 * x + position.normal(RandomPurpose("y"), record: UInt32(row), column: 0)
      let kind = row % 101 == 7 ? "rare" : ["a", "b"][row % 2]
      return "\(kind),\(Float(x)),\(row % 19 == 4 ? "" : "\(Float(y))")"
    }
    try Data(("kind,x,y\n" + lines.joined(separator: "\n")).utf8).write(
      to: URL(fileURLWithPath: path))
  }

  private func table(_ cache: String = "table.cache") throws -> StoredTable {
    let loaded = try LoadedData.load(path, cache: TableCache(folder(cache), memory: 0))
    guard case .stored(let table) = loaded else { throw CancellationError() }
    return table
  }

  private static let configuration = {
    var configuration = Fixture.configuration(given: ["any"]) {
      // No divisor of the windows' sizes.
      $0.batch = 1100
      $0.epochs = 2
    }
    configuration.model.decoder.columns = [4, 4]
    return configuration
  }()

  private func trainer(
    _ run: RunDirectory, _ executor: ProbeExecutor = ProbeExecutor(),
    _ configuration: RunConfiguration = Self.configuration
  ) throws -> Trainer {
    let training = configuration.training
    return try Trainer(
      data: try DataSet(
        table(), seed: training.seed, validation: training.validation, by: training.splitBy),
      configuration: configuration, run: run, executor: executor)
  }

  @Test func settingsAndCountsAreThoseOfTheTable() throws {
    let stored = try trainer(folder.run("run"))
    let memory = try Trainer(
      data: DataSet.load(path), configuration: Self.configuration, run: folder.run("memory"),
      executor: ProbeExecutor())
    #expect(stored.configuration.training.shuffle == .blocks)
    #expect(memory.configuration.training.shuffle == nil)
    #expect(stored.trainingCount == memory.trainingCount)
    #expect(stored.batchesPerEpoch == memory.batchesPerEpoch)
    #expect(stored.split == memory.split)
    #expect(stored.preprocessing == memory.preprocessing)
    #expect(stored.model.schema == memory.model.schema)
    #expect(stored.data.fingerprint == memory.data.fingerprint)
  }

  /// Rows by their numbers in the table; of those that a rare level took over, numbers lie behind all records.
  @Test func epochsAreOrdersOfTheTrainingSplit() throws {
    let executor = ProbeExecutor()
    let trainer = try trainer(folder.run("run"), executor)
    #expect(try trainer.run() == .finished)
    let training = Set(trainer.split.train)
    let perEpoch = trainer.batchesPerEpoch
    #expect(executor.steps.count == 2 * perEpoch)
    let epochs = [0, 1].map { epoch in
      executor.steps[epoch * perEpoch..<(epoch + 1) * perEpoch].flatMap(\.records)
    }
    for epoch in epochs {
      let own = epoch.filter { $0 < Self.count }
      #expect(Set(own).count == own.count && Set(own).isSubset(of: training))
      let taken = epoch.count - own.count
      #expect(taken > 0 && taken < epoch.count / 3)
      // What is left over is less than a batch.
      #expect(training.count - epoch.count < Self.configuration.training.batch)
      #expect(own != own.sorted())
    }
    #expect(epochs[0] != epochs[1])
  }

  /// What a batch holds, whatever window it is in.
  private struct Content: Equatable {
    var numbers: [Int32]
    var records: Records
    var ofBlocks: [Int32]
  }

  private func content(_ batch: TrainingBatch) throws -> Content {
    let window = try #require(batch.window)
    return Content(
      numbers: batch.batch.records.map { window.numbers[Int($0)] },
      records: window.records.selecting(batch.batch.records.map { Int($0) }),
      ofBlocks: window.ofBlocks.map { window.numbers[Int($0)] })
  }

  /// Batches that lie across windows of a block each, also where an epoch goes on from any of them.
  @Test(arguments: [700, 1100, 4500])
  func batchesGoOnFromAnyOfThem(size: Int) throws {
    var configuration = Self.configuration
    configuration.training.batch = size
    let trainer = try trainer(folder.run("run"), ProbeExecutor(), configuration)
    let stored = try #require(trainer.data.stored)
    let count = trainer.batchesPerEpoch
    func order(from first: Int) -> WindowedOrder {
      WindowedOrder(trainer, stored, epoch: 1, from: first, blocksOfWindow: 1)
    }
    var whole = order(from: 0)
    let batches = try (0..<count).map { _ in try content(whole.next()) }
    let numbers = batches.flatMap(\.numbers)
    #expect(numbers.count == count * size && Set(numbers).count == numbers.count)
    #expect(Set(numbers).isSubset(of: trainer.split.train))
    let all = try DataSet.load(path).records
    for batch in batches {
      #expect(batch.records.columns == all.selecting(batch.numbers.map { Int($0) }).columns)
    }
    for first in 0..<count {
      var rest = order(from: first)
      for number in first..<count { #expect(try content(rest.next()) == batches[number]) }
    }
  }

  /// Three ranks read different blocks, which are all together.
  @Test func ranksReadTheirOwnBlocks() throws {
    let trainer = try trainer(folder.run("run"))
    let stored = try #require(trainer.data.stored)
    let ranks = try (0..<3).map { rank in
      var order = WindowedOrder(
        trainer, stored, epoch: 0, from: 0, shares: BatchShares(rank: rank, ranks: 3),
        ownBlocks: true,
        blocksOfWindow: 1)
      return try #require(order.next().window).numbers
    }
    #expect(ranks.flatMap { $0 }.sorted() == trainer.split.train)
    #expect(ranks.allSatisfy { numbers in Set(numbers.map { $0 / 4096 }).count == 1 })
  }

  @Test(arguments: [2, 9])
  func aResumedRunHasTheSameBytes(step: Int) throws {
    let (whole, parts) = (try folder.run("whole"), try folder.run("parts"))
    #expect(try trainer(whole).run() == .finished)
    var last = 0
    let outcome = try trainer(parts).run(
      isInterrupted: { last >= step }, onProgress: { last = $0.step })
    guard case .interrupted = outcome else {
      Issue.record("Stopping after step \(step) gave \(outcome).")
      return
    }
    #expect(try trainer(parts).run(.resuming) == .finished)
    #expect(!bytes(whole.modelPath).isEmpty && bytes(whole.modelPath) == bytes(parts.modelPath))
  }

  @Test func theModelKnowsItsData() throws {
    let run = try folder.run("run")
    let trainer = try trainer(run)
    #expect(try trainer.run() == .finished)
    let model = try TrainedModel.load(run.path)
    let whole = try DataSet.load(path, for: model)
    #expect(model.split(of: whole) == trainer.split)
    #expect(model.provenance.trainingRecords == trainer.trainingCount)
    #expect(model.split(of: trainer.data) == trainer.split)
  }

  @Test func groupsAndMistakenSettingsAreRefused() throws {
    var configuration = Fixture.configuration(given: ["x"])
    configuration.model.group = "kind"
    let run = try folder.run("run")
    #expect(
      sentence { _ = try trainer(run, ProbeExecutor(), configuration) }.contains("model.group"))
    configuration.model.group = nil
    configuration.training.shuffle = .blocks
    #expect(
      sentence {
        _ = try Trainer(
          data: DataSet.load(path), configuration: configuration, run: run,
          executor: ProbeExecutor())
      }.contains("training.shuffle"))
  }
}
