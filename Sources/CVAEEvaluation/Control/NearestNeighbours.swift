import CVAEGeneration
import TensorGraph

/// Distances of pictures to the nearest of many others.
///
/// The nearest is found by blocked matrix products, as |a − b|² = |a|² + |b|² − 2 a·b; its distance
/// is then measured pixel by pixel, so that a copy has exactly 0.
struct NearestNeighbours {
  /// Rows of the others in one product.
  private static let largestBlock = 2000

  let others: LabelledRows
  let executor: any Executor

  /// Searches `others`, which must not be empty.
  init(among others: LabelledRows, executor: any Executor) {
    precondition(others.count > 0, "There must be something to be near to.")
    self.others = others
    self.executor = executor
  }

  /// The Euclidean distance of each of `pictures` `[count, width]` to its nearest.
  func distances(of pictures: [Float]) throws -> [Double] {
    let width = others.width
    let count = pictures.count / width
    guard count > 0 else { return [] }
    return try zip(0..<count, nearest(to: pictures, count: count)).map { row, other in
      let neighbour = others.values([other])
      var total = 0.0
      for column in 0..<width {
        let difference = Double(pictures[row * width + column]) - Double(neighbour[column])
        total += difference * difference
      }
      return total.squareRoot()
    }
  }

  /// The number of each picture's nearest.
  private func nearest(to pictures: [Float], count: Int) throws -> [Int32] {
    let block = min(Self.largestBlock, others.count)
    let product = try Products(of: count, by: block, width: others.width, executor)
    product.program.withInput(product.pictures) { _ = $0.update(fromContentsOf: pictures) }
    var nearest = [Int32](repeating: 0, count: count)
    var best = [Float](repeating: -.infinity, count: count)
    for rows in BatchRows((0..<Int32(others.count)).map { $0 }, batch: block) {
      let squares = product.program.withInput(product.others) { buffer in
        others.fill(rows.records, into: buffer)
        return Self.squaredLengths(UnsafeBufferPointer(buffer), width: others.width)
      }
      try product.program.run(at: RandomPosition(seed: 0, step: 0))
      product.program.withOutput(product.products) { products in
        for row in 0..<count {
          for other in 0..<rows.count {
            // |a|² is the same for all.
            let score = 2 * products[row * block + other] - squares[other]
            if score > best[row] {
              best[row] = score
              nearest[row] = rows.records[other]
            }
          }
        }
      }
    }
    return nearest
  }

  /// Pictures times others, transposed.
  private struct Products {
    let program: any CompiledProgram
    /// `[count, width]`.
    let pictures: Port<Float>
    /// `[block, width]`.
    let others: Port<Float>
    /// `[count, block]`.
    let products: Port<Float>

    init(of count: Int, by block: Int, width: Int, _ executor: any Executor) throws {
      var graph = Graph()
      pictures = graph.input([count, width])
      others = graph.input([block, width])
      products = graph.output(
        try graph.matmul(pictures.node, others.node, transposeRight: true))
      program = try executor.makeSession(for: ParameterStore(seed: 0))
        .compile(Program(graph: graph))
    }
  }

  private static func squaredLengths(
    _ rows: UnsafeBufferPointer<Float>, width: Int
  ) -> [Float] {
    (0..<rows.count / width).map { row in
      var total: Float = 0
      for column in row * width..<(row + 1) * width { total += rows[column] * rows[column] }
      return total
    }
  }
}
