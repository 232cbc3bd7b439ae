import RecordTypes

/// Scales that make the numbers, levels and missing values of a table comparable.
///
/// The distance of two rows is the sum over the columns of
/// - numbers: |a − b| over the width of the middle 90 % of the training numbers, 1 at most; where
///   those are all equal, over the width of them all;
/// - levels: 0 for equal ones, else 1;
/// - a missing value: 1 from a known one, 0 from another missing one.
///
/// - Source: Gower, *A General Coefficient of Similarity and Some of Its Properties*, 1971, with a
///   width that outliers don't stretch.
struct MixedScale {
  private struct Scale {
    let middle: Double
    let width: Double
  }

  /// One for each column; those of categories aren't used.
  private let scales: [Scale]

  /// Further from 0 than any number, so that what is missing is 1 from what is known.
  private static let missing: Float = 1e9
  private static let farthest = 1e6

  /// Fits the widths to training rows.
  init(_ rows: Records) {
    scales = rows.columns.map { column in
      let sorted = column.knownNumbers.sorted()
      guard let first = sorted.first, let last = sorted.last else {
        return Scale(middle: 0, width: 1)
      }
      func quantile(_ share: Double) -> Double {
        sorted[Int((share * Double(sorted.count - 1)).rounded())]
      }
      let inner = quantile(0.95) - quantile(0.05)
      let width = inner > 0 ? inner : last - first
      // Of numbers that are all equal, every other one is 1 away.
      return Scale(middle: quantile(0.5), width: width > 0 ? width : .leastNormalMagnitude)
    }
  }

  /// The rows as numbers of which the distance is Σ min(|a − b|, 1).
  func rows(_ rows: Records) -> MixedRows {
    var values: [Float] = []
    values.reserveCapacity(rows.count * rows.columns.count)
    for (column, scale) in zip(rows.columns, scales) {
      let coordinates =
        column.holdsLevels
        ? column.levels.map { Float($0) }
        : column.numbers.map { number in
          let scaled = (number - scale.middle) / scale.width
          return Float(min(max(scaled, -Self.farthest), Self.farthest))
        }
      values +=
        column.hasMissing
        ? coordinates.enumerated().map { column.isKnown($0) ? $1 : Self.missing } : coordinates
    }
    return MixedRows(values: values, columns: rows.columns.count, count: rows.count)
  }
}
