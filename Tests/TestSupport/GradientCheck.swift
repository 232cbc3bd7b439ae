import Foundation
public import TensorGraph

/// Compares a graph's gradients with central differences in `Double`.
///
/// The step is `cbrt(ulpOfOne) · max(1, |x|)`, which balances the rounding of the difference with
/// the curvature that it neglects. Elements whose step crosses a kink (the corner of a relu) are
/// left out. Large operands are checked in a random sample of their elements, which leaves a debug
/// build fast.
public struct GradientCheck: Sendable {
  private let opCase: OpCase
  private let seed: UInt64

  /// Checks a case of the catalogue.
  public init(_ opCase: OpCase, seed: UInt64) {
    self.opCase = opCase
    self.seed = seed
  }

  /// Checks what a closure builds from inputs of these shapes.
  public init(
    seed: UInt64, inputs: [Shape], domain: ClosedRange<Double>, build: @escaping OpCase.Builder
  ) {
    self.init(
      OpCase("closure", inputs.map { .input($0, domain) }, build: build), seed: seed)
  }

  /// The worst place that a check found.
  public struct Report: Sendable, CustomStringConvertible {
    /// The largest difference from the central difference, over the operand's largest gradient.
    public internal(set) var worstScaledError = 0.0
    /// How many elements were compared.
    public internal(set) var compared = 0
    /// How many were left out for a kink.
    public internal(set) var atKinks = 0
    /// Names case, seed, input and index of the worst.
    public internal(set) var description: String
  }

  /// Draws values, differentiates both ways, and compares.
  public func run() throws -> Report {
    let built = try OpGraph(opCase, withGradients: true)
    let values = OpValues(for: opCase, result: built.graph.shape(of: built.result), seed: seed)
    let exact = try built.evaluate(built.gradients.map(\.node), values)
    let evaluate = FiniteDifference(built: built, values: values)
    var report = Report(description: "\(opCase), seed \(seed): nothing compared")
    for (gradient, slopes) in zip(built.gradients, exact) {
      let largest = slopes.values.reduce(0) { Swift.max($0, abs($1)) }
      for index in sample(slopes.shape.count, operand: gradient.operand) {
        guard let numeric = try evaluate.slope(operand: gradient.operand, index: index) else {
          report.atKinks += 1
          continue
        }
        report.compared += 1
        let difference = abs(numeric - slopes.values[index])
        // Where no gradient flows both are zero, and the difference counts as it is.
        let error = difference == 0 ? 0 : difference / (largest > 0 ? largest : 1)
        if error > report.worstScaledError || error.isNaN || report.compared == 1 {
          report.worstScaledError = error.isNaN ? .infinity : error
          report.description =
            "\(opCase), seed \(seed), input \(gradient.operand), index \(index):"
            + " gradient \(slopes.values[index]), central difference \(numeric),"
            + " scaled error \(error)"
        }
      }
    }
    return report
  }

  private func sample(_ count: Int, operand: Int) -> [Int] {
    let limit = count < 1000 ? 24 : 4
    guard count > limit else { return Array(0..<count) }
    let order = RandomPosition(seed: seed, step: UInt32(operand))
      .permutation(RandomPurpose("sample of \(opCase)"), count: count)
    return order.prefix(limit).map { Int($0) }
  }
}

/// Central differences of the cotangent's sum, by one element at a time.
private struct FiniteDifference {
  let built: OpGraph
  let values: OpValues

  /// What a relu is applied to: its sign must not change within a step.
  private var corners: [Node] {
    built.graph.nodes.compactMap { node in
      switch built.graph[node].operation {
      case .unary(.relu), .unary(.leakyRelu): built.graph[node].operands[0]
      default: nil
      }
    }
  }

  /// Nil where the step crosses a kink.
  func slope(operand: Int, index: Int) throws -> Double? {
    let centre = values.operands[operand].values[index]
    let step = cbrt(Double.ulpOfOne) * max(1, abs(centre))
    let (low, high) = (centre - step, centre + step)
    let below = try results(operand, index, low)
    let above = try results(operand, index, high)
    for (left, right) in zip(below.dropFirst(), above.dropFirst()) {
      let crosses = zip(left.values, right.values).contains { ($0 > 0) != ($1 > 0) }
      if crosses { return nil }
    }
    // Differences first: elements that don't move add no rounding.
    var total = 0.0
    for place in values.cotangent.values.indices {
      total += values.cotangent.values[place] * (above[0].values[place] - below[0].values[place])
    }
    return total / (high - low)
  }

  private func results(_ operand: Int, _ index: Int, _ value: Double) throws -> [Tensor] {
    var moved = values
    moved.operands[operand].values[index] = value
    return try built.evaluate([built.result] + corners, moved)
  }
}

extension OpGraph {
  /// Values of nodes by the reference, in `Double`.
  public func evaluate(_ nodes: [Node], _ values: OpValues) throws -> [Tensor] {
    try ReferenceEvaluator.evaluate(
      graph, nodes: nodes, inputs: inputs(values), indexInputs: indexInputs(values),
      parameters: parameters(values), at: values.position)
  }
}
