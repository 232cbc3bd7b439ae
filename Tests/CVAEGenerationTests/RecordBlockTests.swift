import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

@testable import CVAEGeneration

/// Many records, drawn and written block by block.
@Suite struct RecordBlockTests {
  enum Model: CaseIterable { case rows, fixedRoles, pictures }

  private func model(_ kind: Model) throws -> TrainedModel {
    switch kind {
    case .rows: return try TinyTrained.rowModel()
    case .pictures: return try TinyTrained.model()
    case .fixedRoles:
      var configuration = ModelConfiguration()
      configuration.latent = 2
      let data = try TinyTrained.rows()
      return try TinyTrained.trained(
        data, roles: Roles(given: ["label", "size"], schema: data.schema), configuration,
        acceptsMissing: true)
    }
  }

  private func draw(
    _ values: [String: GivenValue], _ blocks: [Range<Int>], _ model: TrainedModel, seed: UInt64 = 3
  ) throws -> [GeneratedRecords] {
    let generator = try Generator(model, executor: ReferenceExecutor(), batch: 4)
    return try blocks.map { block in
      var request = DrawRequest(
        try Conditions(
          values, count: block.count, first: block.lowerBound, model: model, seed: seed),
        seed: seed)
      request.first = block.lowerBound
      return try generator.draw(request)[0]
    }
  }

  /// What is drawn for a record, from sets and ranges, from frequencies and from the networks, depends on its number.
  @Test(
    arguments: [
      (Model.rows, [:]), (.rows, ["label": .levels([0, 2])]),
      (.rows, ["size": .range(1...4), "tag": .levels([0, 1])]), (.fixedRoles, [:]),
      (.fixedRoles, ["label": .levels([0, 1]), "size": .range(0...3)]), (.pictures, [:]),
      (.pictures, ["label": .levels([0, 1, 2])]),
    ] as [(Model, [String: GivenValue])])
  func blocksAreThePartsOfAll(kind: Model, values: [String: GivenValue]) throws {
    let model = try model(kind)
    let all = try draw(values, [0..<50], model)[0]
    let parts = try draw(values, [0..<7, 7..<20, 20..<21, 21..<50], model)
    #expect(Records.joining(parts.map(\.records)) == all.records)
    #expect(Records.joining(parts.map(\.conditions.records)) == all.conditions.records)
    let shifted = try draw(values, [100..<150], model)[0]
    #expect(shifted.records != all.records)
  }

  /// Numbers beyond what addresses have room for begin anew, and stop nothing.
  @Test func numbersMayBeLarge() throws {
    let model = try model(.rows)
    let first = 1 << 33
    for values in [[:], ["size": .range(1...4), "tag": .levels([0])]] as [[String: GivenValue]] {
      let records = try draw(values, [first..<first + 3], model)[0].records
      #expect(records.count == 3)
      #expect(try records == draw(values, [0..<3], model)[0].records)
    }
  }

  @Test(arguments: TableForm.allCases)
  func tablesAreWrittenInBlocks(form: TableForm) throws {
    let model = try model(.rows)
    let folder = FileManager.default.temporaryDirectory.path
    let (whole, parts) = (folder + "/cvae-whole", folder + "/cvae-parts")
    defer { for path in [whole, parts] { unlink(path) } }
    try draw([:], [0..<30], model)[0].table().write(to: whole, as: form)
    try AtomicFile.write(to: parts) { file in
      for (index, block) in try draw([:], [0..<11, 11..<30], model).enumerated() {
        let table = block.table()
        if index == 0 { try file.write(table.header(form)) }
        try table.writeRows(to: &file, as: form)
      }
    }
    let (wanted, found) = try (
      Data(contentsOf: URL(fileURLWithPath: whole)), Data(contentsOf: URL(fileURLWithPath: parts))
    )
    #expect(wanted.count > 200 && wanted == found)
  }

  /// A block of a wide table has fewer records.
  @Test func blocksFillTheThreadsAndLittleMemory() throws {
    let (rows, pictures) = (
      try Generator(model(.rows), executor: ReferenceExecutor(), batch: 4),
      try Generator(
        TinyTrained.completingModel(ImageSize(height: 40, width: 50, channels: 3)),
        executor: ReferenceExecutor(), batch: 64)
    )
    #expect(rows.recordsAtOnce % 4 == 0 && rows.recordsAtOnce > 100_000)
    #expect(pictures.recordsAtOnce % 64 == 0 && (64...1000).contains(pictures.recordsAtOnce))
  }
}
