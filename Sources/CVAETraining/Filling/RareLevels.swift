import CVAEModels
import RecordTypes
import TensorGraph

/// Levels that few training records have, whose records are shown more often, always with that level given.
///
/// A level's p(x ∣ y) doesn't depend on how frequent the level is. So a record of a batch may give its place to one of
/// a rare level, as long as the level is part of the condition there: what is best stays the same, but the level is
/// learned in as many steps as others are.
struct RareLevels: Sendable {
  private struct Level {
    let field: Int
    let records: [Int32]
    /// The share of all rows that its records take over.
    let share: Double
  }

  private let levels: [Level]
  /// Behind all records, so that records that take over have random numbers of their own.
  private let firstNumber: Int32

  /// No level's records are shown more often than this factor says.
  private static let greatestFactor = 40.0
  /// The share of rows that rare levels take over in all.
  private static let greatestShare = 0.25
  private static let purpose = RandomPurpose("rare level")

  /// Nil where no category that may be given has a level with less than half of its even share.
  ///
  /// - Parameter first: The number of the first row's random numbers, behind those of all records.
  init?(
    _ model: ConditionalVAE, _ records: Records, training: some Collection<Int32>,
    behind first: Int? = nil
  ) {
    let given = Set(model.roles.given + model.rowFields.map(\.name))
    var found: [Level] = []
    for (index, field) in model.schema.fields.enumerated()
    where field.isCategory && given.contains(field.name) {
      guard let column = records[field.name] else { continue }
      var members = [[Int32]](repeating: [], count: field.levels.count)
      for record in training {
        if let level = column.level(Int(record)) { members[Int(level)].append(record) }
      }
      let known = members.filter { !$0.isEmpty }
      let even = 1 / Double(known.count)
      for members in known {
        let share = Double(members.count) / Double(training.count)
        guard share < even / 2 else { continue }
        found.append(
          Level(
            field: index, records: members,
            share: min(even / 2, Self.greatestFactor * share) - share))
      }
    }
    guard !found.isEmpty else { return nil }
    let scale = min(1, Self.greatestShare / found.map(\.share).reduce(0, +))
    levels = found.map { Level(field: $0.field, records: $0.records, share: scale * $0.share) }
    firstNumber = Int32(clamping: first ?? records.count)
  }

  /// A batch, or a part of one from a row on, with some records in others' places.
  func batch(
    _ records: UnsafeBufferPointer<Int32>, firstRow: Int = 0, at position: RandomPosition
  ) -> FocusedBatch {
    var batch = FocusedBatch(records)
    for row in records.indices {
      let words = position.words(Self.purpose, record: UInt32(firstRow + row), block: 0)
      var rest = Philox.uniform(words.x)
      guard
        let level = levels.first(where: { level in
          rest -= level.share
          return rest < 0
        })
      else { continue }
      batch.records[row] =
        level.records[Int(Philox.uniform(words.y) * Double(level.records.count))]
      batch.numbers[row] = firstNumber &+ Int32(firstRow + row)
      batch.given[row] = Int32(level.field)
    }
    return batch
  }
}

/// Records of a step, some of which have a field that is given whatever their mask says.
struct FocusedBatch {
  var records: [Int32]
  /// What addresses each row's random numbers.
  var numbers: [Int32]
  /// The number of the field that is given; -1 for none.
  var given: [Int32]

  init(_ records: UnsafeBufferPointer<Int32>) {
    self.records = Array(records)
    numbers = self.records
    given = [Int32](repeating: -1, count: records.count)
  }
}
