import RecordTypes
import TensorFiles

extension StoredTable {
  /// The rule by which records are split; by the levels of a category where one is named.
  ///
  /// - Throws: As ``DataSplit/init(_:seed:validation:by:)``, ``DamagedTable``.
  func rule(seed: UInt64, validation share: Double, by field: Field?) throws -> SplitRule {
    guard let field else {
      return SplitRule(count: count, ownTest: nil, seed: seed, validation: share)
    }
    guard field.isCategory else {
      throw DataFileFailure(
        path: header.name, expected: "a category in field '\(field.name)' to split by",
        actual: field.kind.summary, advice: "split by a category")
    }
    var present: Set<Int32> = []
    for block in 0..<blocks {
      var rows = StoredRows(self, fields: [field.name])
      let all = Array(0..<header.records(ofBlock: block).count)
      try rows.append(all, ofBlock: block, try bytes(ofBlock: block))
      let column = rows.records.columns[0]
      for record in all { if let level = column.level(record) { present.insert(level) } }
    }
    return SplitRule(
      count: count, ownTest: nil, seed: seed, validation: share,
      levels: LevelParts(
        names: field.levels, present: present, seed: seed, validation: share, hasOwnTest: false))
  }

  /// The part of each row of a block.
  func parts(
    _ rule: SplitRule, split field: Field?, ofBlock block: Int,
    _ bytes: @autoclosure () throws -> [UInt8]
  ) throws -> [SplitRule.Part] {
    let records = header.records(ofBlock: block)
    guard rule.isByLevel, let field else { return records.map(rule.part(of:)) }
    var rows = StoredRows(self, fields: [field.name])
    try rows.append(Array(0..<records.count), ofBlock: block, try bytes())
    let column = rows.records.columns[0]
    return (0..<records.count).map { row in
      rule.part(of: records.lowerBound + row, level: column.level(row))
    }
  }

  /// The rows of a block that are in a part, by their places in the block.
  func rows(
    of part: SplitRule.Part, _ rule: SplitRule, split field: Field?, ofBlock block: Int,
    _ bytes: [UInt8]
  ) throws -> [Int] {
    let parts = try parts(rule, split: field, ofBlock: block, bytes)
    return parts.indices.filter { parts[$0] == part }
  }

  /// Passes the records of a part to `body`, block by block.
  ///
  /// - Throws: ``DamagedTable``, `FileFailure`, what `body` throws.
  func forEachBlock(
    of part: SplitRule.Part, _ rule: SplitRule, _ split: Field?, fields: [String],
    _ body: (Records) throws -> Void
  ) throws {
    for block in 0..<blocks {
      let bytes = try bytes(ofBlock: block)
      var rows = StoredRows(self, fields: fields, reserving: StoredTableHeader.blockCount)
      try rows.append(
        self.rows(of: part, rule, split: split, ofBlock: block, bytes), ofBlock: block, bytes)
      try body(rows.records)
    }
  }
}
