package import RecordTypes
import TensorFiles

/// The parts of a stored table: the training records block by block, and samples of each part in memory.
///
/// What training needs beside batches is taken from samples of at most a million training records and 100,000 of the
/// others, chosen by a hash of a record's number: which columns decide others, and what is validated on.
package struct StoredSplit: Sendable {
  /// The table.
  package let table: StoredTable
  /// How many training records each block has.
  package let counts: [Int32]
  /// The records of the samples, by their places in ``DataSet/records``.
  package let samples: DataSplit

  private let rule: SplitRule
  /// The category by which records are split.
  private let field: Field?

  /// What the split depends on.
  private let settings: Settings

  private struct Settings: Hashable, Sendable {
    let seed: UInt64
    let validation: Double
    let name: String?
  }

  /// The most records of samples.
  private static let (mostTraining, mostOthers) = (1_000_000, 100_000)
  /// The most bytes of the sample of training records.
  private static let mostBytes = 128 << 20

  /// The number of training records.
  package var trainingCount: Int { counts.reduce(0) { $0 + Int($1) } }

  /// Splits a table, and reads the samples.
  ///
  /// - Throws: As ``DataSplit/init(_:seed:validation:by:)``, ``DamagedTable``, `FileFailure`.
  static func make(
    _ table: StoredTable, seed: UInt64, validation: Double, by name: String?
  ) throws -> (split: StoredSplit, records: Records) {
    let field = try name.map { try table.schema.field($0) }
    let rule = try table.rule(seed: seed, validation: validation, by: field)
    var counts: [Int32] = []
    var others = (validation: 0, test: 0)
    for block in 0..<table.blocks {
      let parts = try table.parts(
        rule, split: field, ofBlock: block, try table.bytes(ofBlock: block))
      counts.append(Int32(parts.count { $0 == .train }))
      others.validation += parts.count { $0 == .validation }
      others.test += parts.count { $0 == .test }
    }
    let training = counts.reduce(0) { $0 + Int($1) }
    let mostTraining = min(Self.mostTraining, Self.mostBytes / (8 * table.header.fields.count))
    func share(_ part: SplitRule.Part) -> Double {
      switch part {
      case .train: Double(mostTraining) / Double(max(1, training))
      case .validation: Double(Self.mostOthers) / Double(max(1, others.validation))
      case .test: Double(Self.mostOthers) / Double(max(1, others.test))
      }
    }
    var rows = StoredRows(
      table, reserving: min(training, mostTraining) + min(table.count, 2 * Self.mostOthers))
    var (train, held, test): ([Int32], [Int32], [Int32]) = ([], [], [])
    for block in 0..<table.blocks {
      let bytes = try table.bytes(ofBlock: block)
      let first = block * StoredTableHeader.blockCount
      let parts = try table.parts(rule, split: field, ofBlock: block, bytes)
      var chosen: [Int] = []
      for (row, part) in parts.enumerated() {
        let share = share(part)
        guard
          share >= 1 || RecordHash.uniform(record: first + row, seed: seed, .sample) < share
        else { continue }
        let place = Int32(rows.numbers.count + chosen.count)
        chosen.append(row)
        switch part {
        case .train: train.append(place)
        case .validation: held.append(place)
        case .test: test.append(place)
        }
      }
      try rows.append(chosen, ofBlock: block, bytes)
    }
    let samples = DataSplit(train: train, validation: held, test: test)
    let split = StoredSplit(
      table: table, counts: counts, samples: samples, rule: rule, field: field,
      settings: Settings(seed: seed, validation: validation, name: name))
    return (split, rows.records)
  }

  private init(
    table: StoredTable, counts: [Int32], samples: DataSplit, rule: SplitRule, field: Field?,
    settings: Settings
  ) {
    (self.table, self.counts, self.samples) = (table, counts, samples)
    (self.rule, self.field, self.settings) = (rule, field, settings)
  }

  /// Whether the table was split by these settings.
  package func isSplit(_ seed: UInt64, _ validation: Double, _ name: String?) -> Bool {
    settings == Settings(seed: seed, validation: validation, name: name)
  }

  /// The training records of some blocks, in their order.
  ///
  /// - Throws: ``DamagedTable``, `FileFailure`.
  package func training(
    ofBlocks blocks: some Sequence<Int>, fields: [String], count: Int
  ) throws -> (records: Records, numbers: [Int32]) {
    var rows = StoredRows(table, fields: fields, reserving: count)
    for block in blocks {
      let bytes = try table.bytes(ofBlock: block)
      try rows.append(
        table.rows(of: .train, rule, split: field, ofBlock: block, bytes), ofBlock: block, bytes)
    }
    return (rows.records, rows.numbers)
  }

  /// Measures all training records.
  ///
  /// - Throws: As ``Preprocessing/fit(_:on:fields:)``, ``DamagedTable``.
  package func preprocessing(fields: [String]) throws -> Preprocessing {
    try table.preprocessing(rule, split: field, fields: fields)
  }
}
