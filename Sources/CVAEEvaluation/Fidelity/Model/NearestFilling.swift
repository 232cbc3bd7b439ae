import RecordTypes
import TensorGraph

/// Fills missing cells from the nearest of known rows: the mean of their numbers, their most frequent level.
///
/// Distances are squared differences of standardised numbers, and 1 for other levels, over the columns that
/// both rows know; a column that one of them lacks counts as 1.
struct NearestFilling {
  private let rows: Records
  private let scales: [(mean: Double, deviation: Double)]
  /// `[columns, rows]`: standardised numbers or levels.
  private let values: [[Float]]
  /// `[columns, rows]`.
  private let isKnown: [[Bool]]

  private static let neighbours = 5

  init(_ rows: Records) {
    self.rows = rows
    scales = rows.columns.map { column in
      let moments = column.moments
      let deviation = moments.populationVariance.squareRoot()
      return (moments.mean, deviation > 0 ? deviation : 1)
    }
    values = zip(rows.columns, scales).map(Self.standardised)
    isKnown = rows.columns.map { column in (0..<rows.count).map { column.isKnown($0) } }
  }

  private static func standardised(
    _ column: RecordColumn, _ scale: (mean: Double, deviation: Double)
  ) -> [Float] {
    column.holdsLevels
      ? column.levels.map { Float($0) }
      : column.numbers.map { Float(($0 - scale.mean) / scale.deviation) }
  }

  /// The same rows without holes, where any neighbour knows the cell.
  func filled(_ holed: Records) -> Records {
    let holedValues = zip(holed.columns, scales).map(Self.standardised)
    let near = Parallel.map(holed.count) { row in
      nearest(
        to: zip(holed.columns, holedValues).map { column, values in
          column.isKnown(row) ? values[row] : nil
        })
    }
    let columns = zip(holed.columns, rows.columns).enumerated().map { index, pair in
      let (column, known) = pair
      if column.holdsLevels {
        return RecordColumn.levels(
          (0..<holed.count).map { row in
            column.level(row) ?? near[row].compactMap { known.level($0) }.mostFrequent
          })
      }
      return RecordColumn.numbers(
        (0..<holed.count).map { row -> Double in
          if let number = column.number(row) { return number }
          let numbers = near[row].compactMap { known.number($0) }
          return numbers.isEmpty
            ? scales[index].mean : numbers.reduce(0, +) / Double(numbers.count)
        })
    }
    return Records(trusting: holed.schema, columns, count: holed.count)
  }

  /// The rows nearest to one whose missing cells are nil; the nearest first.
  private func nearest(to row: [Float?]) -> [Int] {
    var distances = [Float](repeating: 0, count: rows.count)
    for (index, value) in row.enumerated() {
      // What it lacks itself counts as 1 for every row.
      guard let value else { continue }
      let isCategory = rows.columns[index].holdsLevels
      let (values, isKnown) = (values[index], isKnown[index])
      let others = values.span
      let known = isKnown.span
      var sums = distances.mutableSpan
      for place in sums.indices {
        let difference = value - others[place]
        let distance: Float = isCategory ? (difference == 0 ? 0 : 1) : difference * difference
        sums[place] += known[place] ? distance : 1
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
