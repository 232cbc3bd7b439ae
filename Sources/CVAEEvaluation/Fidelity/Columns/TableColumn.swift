/// A column of a table: numbers, NaN where one is missing, or levels, -1 where one is missing.
struct TableColumn: Equatable {
  enum Values: Equatable {
    case numbers([Float])
    case levels([Int32], names: [String])
  }

  let name: String
  let values: Values

  var isCategory: Bool {
    if case .levels = values { true } else { false }
  }

  var count: Int {
    switch values {
    case .numbers(let numbers): numbers.count
    case .levels(let levels, _): levels.count
    }
  }

  /// The known numbers; none for a category.
  var knownNumbers: [Float] {
    if case .numbers(let numbers) = values { numbers.filter { !$0.isNaN } } else { [] }
  }

  /// A category's levels; none for numbers.
  var levelNames: [String] {
    if case .levels(_, let names) = values { names } else { [] }
  }

  func isKnown(_ row: Int) -> Bool {
    switch values {
    case .numbers(let numbers): !numbers[row].isNaN
    case .levels(let levels, _): levels[row] >= 0
    }
  }

  /// The share of missing values.
  var missingShare: Double {
    Double((0..<count).count { !isKnown($0) }) / Double(max(count, 1))
  }

  /// How many rows have each level.
  var levelCounts: [Int] {
    guard case .levels(let levels, let names) = values else { return [] }
    var counts = [Int](repeating: 0, count: names.count)
    for level in levels where level >= 0 { counts[Int(level)] += 1 }
    return counts
  }

  func picked(_ rows: [Int32]) -> TableColumn {
    switch values {
    case .numbers(let numbers):
      TableColumn(name: name, values: .numbers(rows.map { numbers[Int($0)] }))
    case .levels(let levels, let names):
      TableColumn(name: name, values: .levels(rows.map { levels[Int($0)] }, names: names))
    }
  }

  /// Both columns' rows, one after the other; of one kind, and with the same levels.
  func joined(_ other: TableColumn) -> TableColumn {
    switch (values, other.values) {
    case (.numbers(let own), .numbers(let others)):
      return TableColumn(name: name, values: .numbers(own + others))
    case (.levels(let own, let names), .levels(let others, _)):
      return TableColumn(name: name, values: .levels(own + others, names: names))
    default: preconditionFailure("Column '\(name)' is of two kinds.")
    }
  }
}
