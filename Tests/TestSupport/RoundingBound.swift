public import TensorGraph

/// How far from the reference an executor that rounds may land, element by element.
///
/// The reference computes in `Double`; beside each value goes the sum of the squares of what roundings
/// may have moved it by. Errors of separate roundings are independent and have mean zero to first
/// order, so by Hoeffding's inequality
///
///     P(|error| > λ √(Σ bounds²)) ≤ 2 exp(−λ²/2),        λ = 6: 3 · 10⁻⁸ for each element
///
/// where the worst case would sum the bounds themselves, √n times as much for n terms. Errors that meet again
/// after they went several ways have one origin and add up; bounds are doubled for that.
///
/// * **A sum of n terms** tₖ with partial sums Sₖ rounds each of them: u² Σ Sₖ². Terms of mixed signs
///   have Σ Sₖ² ≈ n/2 Σ tₖ², equal ones n/3 Sₙ²; so u² n (Σ tₖ² + Sₙ²) bounds both.
/// * **What operands are off by** passes on by the operation's slopes: a linear sum takes squares of
///   its coefficients; anything else is evaluated anew with operands moved both ways, so that a kink
///   within reach of an error is met.
/// * **Functions** are exact for operands within a few roundings, themselves rounded a few times.
///
/// Source: Higham and Mary, *A New Approach to Probabilistic Rounding Error Analysis*, 2019.
public struct RoundingBound {
  /// λ above.
  public static let confidence = 6.0
  /// What errors of one origin that meet again add beside those of separate ones. Networks need the most: there
  /// an error in z reaches every pixel, and from each of them the gradients.
  private static let sharedOrigins = 2.0
  /// The unit roundoff of 32-bit floats, in which sums and functions are computed.
  public static let float32 = 0x1p-24
  /// The unit roundoff of bfloat16: 8 significant bits, to nearest.
  public static let bfloat16 = 0x1p-9

  private let graph: Graph
  private let narrow: Set<Node>
  private var values: [Node: Tensor]
  private var squares: [Node: [Double]] = [:]

  /// Follows errors through a graph.
  ///
  /// - Parameters:
  ///   - values: The reference's values of all nodes that matter.
  ///   - narrow: Nodes that the executor keeps, or reads, in bfloat16.
  public init(_ graph: Graph, values: [Node: Tensor], narrow: Set<Node>) throws {
    self.graph = graph
    self.narrow = narrow
    self.values = values
    for node in graph.nodes {
      guard let value = values[node] else { continue }
      var square = try self.square(of: node, value)
      if narrow.contains(node), !graph[node].operands.isEmpty {
        for index in square.indices {
          square[index] += Self.squared(Self.bfloat16 * value.values[index])
        }
      }
      squares[node] = square
    }
  }

  /// What a node's elements, kept as 32-bit floats, may differ by from the reference's.
  public func bounds(of node: Node) -> [Double] {
    guard let value = values[node], let square = squares[node] else { return [] }
    return zip(value.values, square).map { value, square in
      Self.sharedOrigins * Self.confidence * square.squareRoot() + Self.float32 * abs(value)
        + 0x1p-126
    }
  }

  // MARK: One operation

  private static func squared(_ x: Double) -> Double { x * x }

  private func errors(_ node: Node) -> [Double]? {
    guard let square = squares[node], square.contains(where: { $0 > 0 }) else { return nil }
    return square
  }

  private func square(of node: Node, _ value: Tensor) throws -> [Double] {
    switch ErrorSpread(graph, node) {
    case .exact: return [Double](repeating: 0, count: value.values.count)
    case .rounded(let times, let magnitude):
      return value.values.map { Self.squared(times * Self.float32 * max(magnitude, abs($0))) }
    case .sum(let terms, let amplification):
      return try squareOfSum(node, value, terms: Double(terms), amplification)
    case .elements(let operands, let results, let cancelling):
      return try moved(node, value, operands, results, columnsApart: false)
        .map { $0 + Self.squared(results * Self.float32 * cancelling) }
    case .recurrence(let carrier, let weight, let steps):
      let operands = graph[node].operands
      let rounded = narrow.contains(operands[weight])
      let rows = value.shape.columns
      // Outputs are at most 1; the gates' gradients have a size of their own.
      let largest =
        graph.shape(of: operands[carrier]).columns > rows
        ? 1 : value.values.map(abs).max() ?? 0
      var own: [Double] = []
      if rounded, let weights = values[operands[weight]] {
        let total = weights.values.map(Self.squared).reduce(0, +) / Double(weights.shape.rows)
        let error = Self.squared(Self.bfloat16 * largest) * total
        own =
          (errors(operands[carrier])
          ?? [Double](
            repeating: 0, count: graph.shape(of: operands[carrier]).count)).map { $0 + error }
      }
      return try moved(
        node, value, 2, 4 * Double(steps), columnsApart: true,
        replacing: rounded ? [operands[carrier]: own] : [:])
    case .rows(let operands, let results, let scale):
      var square = try moved(node, value, operands, results, columnsApart: true)
      guard let scale, let factors = values[graph[node].operands[scale]] else { return square }
      let columns = value.shape.columns
      for index in square.indices {
        square[index] += Self.squared(results * Self.float32 * factors.values[index / columns])
      }
      return square
    }
  }

  /// Σ of terms that are products, or single elements.
  private func squareOfSum(
    _ node: Node, _ value: Tensor, terms: Double, _ amplification: Double?
  ) throws -> [Double] {
    let operands = graph[node].operands
    func evaluate(_ factors: [(Node, [Double])]) throws -> [Double] {
      var given = values
      for (operand, numbers) in factors {
        given[operand] = Tensor(graph.shape(of: operand), numbers)
      }
      return try ReferenceEvaluator.value(of: node, in: graph, from: given).values
    }
    let reals = operands.filter { graph[$0].elementType == .real }
    precondition(
      Set(reals).count == reals.count || errors(reals[0]) == nil,
      "A product of a node with itself takes its errors twice, which no case has needed.")
    let squaredValues = reals.map { ($0, values[$0]?.values.map(Self.squared) ?? []) }
    let ofTerms = try evaluate(squaredValues)
    var sums = zip(ofTerms, value.values).map { $0 + Self.squared($1) }
    if let amplification {
      let largest = sums.max() ?? 0
      sums = sums.map { _ in amplification * amplification * largest }
    }
    var result = sums.map { Self.squared(Self.float32) * terms * $0 }
    for (place, operand) in reals.enumerated() {
      guard let errors = errors(operand) else { continue }
      var factors = squaredValues
      factors[place].1 = errors
      for (index, square) in try evaluate(factors).enumerated() { result[index] += square }
    }
    return result
  }

  /// Operands move by their errors and by `operands` roundings, each both ways; in rows, whose elements depend
  /// on all of a row, sixteen groups of columns one after the other.
  private func moved(
    _ node: Node, _ value: Tensor, _ operands: Double, _ results: Double, columnsApart: Bool,
    replacing others: [Node: [Double]] = [:]
  ) throws -> [Double] {
    var result = value.values.map { Self.squared(results * Self.float32 * $0) }
    for operand in Set(graph[node].operands) where graph[operand].elementType == .real {
      guard let known = values[operand] else { continue }
      let errors = others[operand] ?? errors(operand)
      if errors == nil, operands == 0 { continue }
      let reach = known.values.indices.map { index in
        let own = Self.squared(operands * Self.float32 * known.values[index])
        return Self.confidence * (own + (errors?[index] ?? 0)).squareRoot()
      }
      let columns = columnsApart ? min(16, known.shape.columns) : 1
      for group in 0..<columns {
        var largest = [Double](repeating: 0, count: result.count)
        for sign in [1.0, -1] {
          var changed = known
          for index in known.values.indices where index % known.shape.columns % columns == group {
            // Neighbours of a group move in an irregular order, so that they don't cancel each other.
            let turned = columnsApart && (index &* 0x9E37_79B9) >> 7 & 1 == 1
            changed.values[index] += (turned ? -sign : sign) * reach[index]
          }
          var given = values
          given[operand] = changed
          let other = try ReferenceEvaluator.value(of: node, in: graph, from: given)
          for index in largest.indices {
            let difference = abs(other.values[index] - value.values[index])
            largest[index] = max(largest[index], difference.isNaN ? .infinity : difference)
          }
        }
        for (index, change) in largest.enumerated() {
          result[index] += Self.squared(change / Self.confidence)
        }
      }
    }
    return result
  }
}
