/// Products within records and what their weights add up to, in `Double`.
enum ReferenceAttention {
  static func product(
    _ product: RecordProduct, _ first: Tensor, _ second: Tensor, batch: Int, to shape: Shape
  ) -> Tensor {
    let (a, b) = (first.rowSlices.map(Array.init), second.rowSlices.map(Array.init))
    let (width, rows) = (shape.columns, shape.rows)
    var result = Tensor(shape, repeating: 0)
    for row in 0..<rows {
      let (step, record) = (row / batch, row % batch)
      for column in 0..<width {
        var sum = 0.0
        switch product {
        case .scores:
          for (x, y) in zip(a[row], b[column * batch + record]) { sum += x * y }
        case .mixture:
          for (place, weight) in a[row].enumerated() {
            sum += weight * b[place * batch + record][column]
          }
        case .transposedMixture:
          for other in 0..<a.count / batch {
            let place = other * batch + record
            sum += a[place][step] * b[place][column]
          }
        }
        result.values[row * width + column] = sum
      }
    }
    return result
  }

  static func maskedSoftmax(_ scores: Tensor, lengths: [Int32]) -> Tensor {
    let width = scores.shape.columns
    let rows = scores.rowSlices.enumerated().flatMap { row, values -> [Double] in
      let length = Int(lengths[row % lengths.count])
      let zeros = [Double](repeating: 0, count: width - length)
      if length == 0 { return zeros }
      let own = Tensor([1, length], Array(values.prefix(length)))
      return ReferenceReduction.softmax(own).values + zeros
    }
    return Tensor(scores.shape, rows)
  }

  static func matchingSum(_ weights: Tensor, source: [Int32], targets: [Int32]) -> Tensor {
    let batch = source.count / weights.shape.columns
    let sums = weights.rowSlices.enumerated().map { row, values in
      values.enumerated().reduce(0.0) { sum, weight in
        let isEqual = source[weight.offset * batch + row % batch] == targets[row]
        return isEqual ? sum + weight.element : sum
      }
    }
    return Tensor([sums.count], sums)
  }

  static func matchingSumGradient(
    source: [Int32], targets: [Int32], upstream: Tensor, to shape: Shape
  ) -> Tensor {
    let batch = source.count / shape.columns
    let values = (0..<shape.count).map { index -> Double in
      let (row, place) = (index / shape.columns, index % shape.columns)
      return source[place * batch + row % batch] == targets[row] ? upstream.values[row] : 0
    }
    return Tensor(shape, values)
  }

  static func levelSums(_ weights: Tensor, source: [Int32], to shape: Shape) -> Tensor {
    let batch = source.count / weights.shape.columns
    var result = Tensor(shape, repeating: 0)
    for (row, values) in weights.rowSlices.enumerated() {
      for (place, weight) in values.enumerated() {
        let level = Int(source[place * batch + row % batch])
        if level < shape.columns { result.values[row * shape.columns + level] += weight }
      }
    }
    return result
  }
}
