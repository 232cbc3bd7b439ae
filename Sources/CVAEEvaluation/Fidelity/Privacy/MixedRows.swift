import TensorGraph

/// Rows as numbers, column by column, whose distance is Σ min(|a − b|, 1).
struct MixedRows {
  /// `[columns, count]`.
  let values: [Float]
  let columns: Int
  let count: Int

  /// How many rows are compared with one at a time: their numbers stay in the nearest cache.
  private static let block = 512
  /// Rows of one task.
  private static let chunk = 256

  /// The distance of each row to the nearest of `others`, infinite for none. Where `isSame`, which
  /// means that `others` are these rows, a row isn't its own neighbour.
  func nearest(among others: MixedRows, isSame: Bool = false) -> [Float] {
    let chunks = (count + Self.chunk - 1) / Self.chunk
    return Parallel.map(chunks) { chunk in
      let first = chunk * Self.chunk
      return nearest(first..<min(first + Self.chunk, count), among: others, isSame: isSame)
    }.flatMap(\.self)
  }

  private func nearest(_ rows: Range<Int>, among others: MixedRows, isSame: Bool) -> [Float] {
    var best = [Float](repeating: .infinity, count: rows.count)
    var sums = [Float](repeating: 0, count: Self.block)
    others.values.withUnsafeBufferPointer { otherValues in
      sums.withUnsafeMutableBufferPointer { sums in
        for start in stride(from: 0, to: others.count, by: Self.block) {
          let block = start..<min(start + Self.block, others.count)
          for row in rows {
            sums.update(repeating: 0)
            for column in 0..<columns {
              let first = column * others.count + start
              Self.add(
                distancesFrom: values[column * count + row],
                to: UnsafeBufferPointer(rebasing: otherValues[first..<first + block.count]),
                sums)
            }
            for place in block.count..<Self.block { sums[place] = .infinity }
            if isSame, block.contains(row) { sums[row - start] = .infinity }
            let nearest = Self.minimum(sums)
            best[row - rows.lowerBound] = min(best[row - rows.lowerBound], nearest)
          }
        }
      }
    }
    return best
  }

  private static func add(
    distancesFrom value: Float, to others: UnsafeBufferPointer<Float>,
    _ sums: UnsafeMutableBufferPointer<Float>
  ) {
    for place in 0..<others.count {
      let distance = abs(value - others[place])
      sums[place] += distance < 1 ? distance : 1
    }
  }

  /// Of a whole block; in eight lanes, as one would wait for each comparison.
  private static func minimum(_ sums: UnsafeMutableBufferPointer<Float>) -> Float {
    let bytes = UnsafeRawBufferPointer(sums)
    let step = MemoryLayout<SIMD8<Float>>.size
    var lanes = SIMD8<Float>(repeating: .infinity)
    for place in 0..<bytes.count / step {
      let next = bytes.loadUnaligned(fromByteOffset: place * step, as: SIMD8<Float>.self)
      lanes.replace(with: next, where: next .< lanes)
    }
    return lanes.min()
  }
}
