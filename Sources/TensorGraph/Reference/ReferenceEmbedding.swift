/// Rows by index, and their gradient, in `Double`.
enum ReferenceEmbedding {
  static func gather(_ table: Tensor, _ indices: [Int32]) -> Tensor {
    let rows = table.rowSlices
    let values = indices.flatMap { rows[row($0, of: rows.count)] }
    return Tensor([indices.count, table.shape.columns], values)
  }

  static func jointIndex(
    _ first: [Int32], _ second: [Int32], columns: Int, count: Int
  ) -> [Int32] {
    (0..<count).map { row in
      first[first.count == 1 ? 0 : row] * Int32(columns) + second[second.count == 1 ? 0 : row]
    }
  }

  static func scatterAdd(_ rows: Tensor, _ indices: [Int32], levels: Int) -> Tensor {
    let width = rows.shape.columns
    var result = Tensor([levels, width], repeating: 0)
    for (index, values) in zip(indices, rows.rowSlices) {
      let start = row(index, of: levels) * width
      for (column, value) in values.enumerated() { result.values[start + column] += value }
    }
    return result
  }

  /// The index as a row number; the caller promises that there is such a row.
  static func row(_ index: Int32, of levels: Int) -> Int {
    precondition((0..<levels).contains(Int(index)), "Index \(index) is outside of 0..<\(levels).")
    return Int(index)
  }
}
