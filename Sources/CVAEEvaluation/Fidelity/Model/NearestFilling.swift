import TensorGraph

/// Fills missing cells from the nearest of known rows: the mean of their numbers, their most frequent level.
///
/// Distances are squared differences of standardised numbers, and 1 for other levels, over the columns that
/// both rows know; a column that one of them lacks counts as 1.
struct NearestFilling {
  private let rows: TableRows
  /// `[columns, rows]`: standardised numbers or levels, NaN where missing.
  private let values: [[Float]]
  private let scales: [(mean: Float, deviation: Float)]

  private static let neighbours = 5

  init(_ rows: TableRows) {
    self.rows = rows
    scales = rows.columns.map { column in
      let numbers = column.knownNumbers
      let mean = numbers.reduce(0) { $0 + Double($1) } / Double(max(1, numbers.count))
      let squares = numbers.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      let deviation = (squares / Double(max(1, numbers.count))).squareRoot()
      return (Float(mean), deviation > 0 ? Float(deviation) : 1)
    }
    values = zip(rows.columns, scales).map(Self.standardised)
  }

  private static func standardised(
    _ column: TableColumn, _ scale: (mean: Float, deviation: Float)
  ) -> [Float] {
    switch column.values {
    case .numbers(let numbers): numbers.map { ($0 - scale.mean) / scale.deviation }
    case .levels(let levels, _): levels.map { $0 < 0 ? .nan : Float($0) }
    }
  }

  /// The same rows without holes, where any neighbour knows the cell.
  func filled(_ holed: TableRows) -> TableRows {
    let own = zip(holed.columns, scales).map(Self.standardised)
    let near = Parallel.map(holed.count) { row in nearest(to: own.map { $0[row] }) }
    return TableRows(
      holed.columns.enumerated().map { index, column in
        switch column.values {
        case .numbers(var numbers):
          for row in numbers.indices where numbers[row].isNaN {
            let found = near[row].map { rows.columns[index].numbers[$0] }.filter { !$0.isNaN }
            numbers[row] =
              found.isEmpty ? scales[index].mean : found.reduce(0, +) / Float(found.count)
          }
          return TableColumn(name: column.name, values: .numbers(numbers))
        case .levels(var levels, let names):
          for row in levels.indices where levels[row] < 0 {
            var counts: [Int32: Int] = [:]
            for place in near[row] where rows.columns[index].levels[place] >= 0 {
              counts[rows.columns[index].levels[place], default: 0] += 1
            }
            levels[row] = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? -1
          }
          return TableColumn(name: column.name, values: .levels(levels, names: names))
        }
      })
  }

  /// The rows nearest to one, the nearest first.
  private func nearest(to row: [Float]) -> [Int] {
    var distances = [Float](repeating: 0, count: rows.count)
    for (index, value) in row.enumerated() {
      let isCategory = rows.columns[index].isCategory
      values[index].withUnsafeBufferPointer { others in
        distances.withUnsafeMutableBufferPointer { distances in
          for place in distances.indices {
            let difference = value - others[place]
            let distance: Float =
              isCategory ? (difference == 0 ? 0 : 1) : difference * difference
            distances[place] += distance.isNaN ? 1 : distance
          }
        }
      }
    }
    var best: [(distance: Float, place: Int)] = []
    for (place, distance) in distances.enumerated()
    where best.count < Self.neighbours || distance < best[best.count - 1].distance {
      let position = best.firstIndex { $0.distance > distance } ?? best.count
      best.insert((distance, place), at: position)
      if best.count > Self.neighbours { best.removeLast() }
    }
    return best.map(\.place)
  }
}
