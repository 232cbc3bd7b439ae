import CVAEModels
import ConditionalData
import RecordTypes

/// Columns that decide others, and the combinations of their levels that training records have.
package struct Combinations {
  /// Two or three fields each: the last one is decided by those before it.
  let names: [[String]]
  private let records: Records
  private let training: [Int32]

  /// A combination that fewer records have is not learned: the model file would quote it.
  package static let leastRecords = 5

  /// The stated pairs; else in a table those that its training records show.
  init(_ stated: [[String]]?, _ data: DataSet, training: [Int32], roles: Roles) {
    records = data.records
    self.training = training
    guard stated == nil, data.isTable else {
      names = stated ?? []
      return
    }
    let fields = data.schema.fields
    let used = Set(roles.given + roles.generated)
    let columns = zip(fields, data.columns).map { field, column in
      used.contains(field.name) && field.isIndexed
        ? ColumnRules.Codes(column, records: training) : nil
    }
    names = ColumnRules.find(columns).map { rule in rule.places.map { fields[$0].name } }
  }

  /// The table of an ``Exclusion``: 1 where fewer than five records have the levels of the sources and of the target,
  /// although at least five have either; ``Exclusion/ofRare`` where fewer than five have the level of the target.
  func table(_ sources: [FieldInput], _ target: FieldInput) -> [Float] {
    let sizes = sources.compactMap(\.features.count)
    let from = sources.compactMap { levels($0, count: $0.features.count ?? 0) }
    guard let columns = target.features.count, let to = levels(target, count: columns),
      sizes.count == sources.count, from.count == sources.count
    else { return [] }
    let rows = sizes.reduce(1) { $0 * ($1 + 1) }
    var pairs = [Int32](repeating: 0, count: rows * columns)
    var (ofSource, ofTarget) = (
      [Int32](repeating: 0, count: rows), [Int32](repeating: 0, count: columns)
    )
    for (record, other) in to.enumerated() {
      let own = from.map { Int($0[record]) }
      let row = own.contains { $0 < 0 } ? nil : Exclusion.row(own, of: sources)
      if let row { ofSource[row] += 1 }
      if other >= 0 { ofTarget[Int(other)] += 1 }
      if let row, other >= 0 { pairs[row * columns + Int(other)] += 1 }
    }
    let least = Int32(Self.leastRecords)
    var table = [Float](repeating: 0, count: rows * columns)
    for row in 0..<rows where ofSource[row] >= least {
      let own = pairs[row * columns..<(row + 1) * columns]
      guard own.contains(where: { $0 >= least }) else { continue }
      for (column, count) in own.enumerated() where count < least {
        table[row * columns + column] = ofTarget[column] >= least ? 1 : Exclusion.ofRare
      }
    }
    return table
  }

  /// The levels of the training records as networks see them, -1 for none.
  private func levels(_ input: FieldInput, count: Int) -> [Int32]? {
    guard let column = records[input.field.name] else { return nil }
    let discrete = input.field.kind.content as? DiscreteKind
    // A missing value is a level of a generated variable.
    let none = input.field.mayBeMissing && !input.isGiven ? Int32(count - 1) : -1
    return training.map { record in
      guard column.isKnown(Int(record)) else { return none }
      return discrete.flatMap { kind in
        column.number(Int(record)).map { Int32(kind.index(nearest: $0)) }
      } ?? column.level(Int(record)) ?? none
    }
  }
}

extension Field {
  /// Whether its values are levels or one number out of few.
  fileprivate var isIndexed: Bool { isCategory || kind.content is DiscreteKind }
}
