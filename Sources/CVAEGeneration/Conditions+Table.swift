public import ConditionalData

extension Conditions {
  /// What is known of each row of a table.
  public init(_ table: PartialTable) {
    var columns: [String: Column] = [:]
    for (name, column) in table.columns {
      switch column {
      case .levels(let levels): columns[name] = .levels(levels)
      case .reals(let numbers, _): columns[name] = .reals(numbers)
      case .bytes: preconditionFailure("A table holds no pictures.")
      }
    }
    self.init(count: table.count, columns: columns)
  }

  /// Whether anything of a row is unknown.
  public func lacksSomething(_ row: Int) -> Bool {
    columns.values.contains { column in
      switch column {
      case .levels(let levels): levels[row] < 0
      case .reals(let numbers): numbers[row].isNaN
      }
    }
  }

  /// The conditions of some rows of a table.
  public func selecting(_ rows: [Int]) -> Conditions {
    Conditions(
      count: rows.count,
      columns: columns.mapValues { column in
        switch column {
        case .levels(let levels): .levels(rows.map { levels[$0] })
        case .reals(let numbers):
          .reals(
            rows.flatMap { row in
              let width = numbers.count / max(1, count)
              return numbers[row * width..<(row + 1) * width]
            })
        }
      })
  }
}
