import RecordTypes
import TensorGraph

/// The associations of every column of a table with every other.
public struct AssociationMatrix: Hashable, Sendable, Encodable {
  /// The columns' names.
  public let columns: [String]
  /// Row by row, symmetric, 1 on the diagonal: r of two numbers, V of two categories, η of a number
  /// and a category; see ``FidelityReport/correlationDifference``.
  public let values: [[Double]]

  /// Measures `rows`.
  init(_ rows: Records) {
    let columns = rows.columns
    self.columns = rows.schema.fields.map(\.name)
    let upper = Parallel.map(columns.count) { first in
      (first..<columns.count).map { second in
        first == second ? 1 : Association.between(columns[first], columns[second])
      }
    }
    values = columns.indices.map { row in
      columns.indices.map { column in
        upper[min(row, column)][max(row, column) - min(row, column)]
      }
    }
  }

  /// The mean of |own − other| over all pairs of columns; nil for a single column.
  func meanDifference(from other: AssociationMatrix) -> Double? {
    let pairs = values.indices.flatMap { row in
      (0..<row).map { abs(values[row][$0] - other.values[row][$0]) }
    }
    return pairs.isEmpty ? nil : pairs.reduce(0, +) / Double(pairs.count)
  }
}
