public import TensorGraph

/// Runs cases through an executor and through the reference, and compares results and gradients.
///
/// Each case runs twice: alone, where activations may be fused freely, and with its gradients. How far apart
/// results may be is derived from the format: see ``RoundingBound``.
public struct ExecutorAgreement: Sendable {
  private let executors: [any Executor]
  private let rounding: OpValues.Rounding
  private let seed: UInt64
  private let narrow: @Sendable (Program) -> Set<Node>

  /// Compares each of `executors`, which round alike.
  ///
  /// Inputs are rounded to `rounding`, so that all begin with numbers that all can hold: for an
  /// executor in bfloat16 that keeps a relu's operands on the same side of zero.
  /// `narrow` names the nodes that it keeps or reads in bfloat16.
  public init(
    _ executors: any Executor..., rounding: OpValues.Rounding = .float32, seed: UInt64 = 1,
    narrow: @escaping @Sendable (Program) -> Set<Node> = { _ in [] }
  ) {
    self.executors = executors
    self.rounding = rounding
    self.seed = seed
    self.narrow = narrow
  }

  /// The worst place that a comparison found.
  public struct Report: Sendable, CustomStringConvertible {
    /// The largest difference from the reference, over what rounding explains: above 1 is a fault; infinite
    /// where one is NaN and the other is not.
    public internal(set) var worstShareOfBound = 0.0
    /// Names case, seed, output and index of the worst.
    public internal(set) var description: String
  }

  /// Compares all outputs of a case.
  public func compare(_ opCase: OpCase) throws -> Report {
    var report = Report(description: "\(opCase), seed \(seed): equal")
    for withGradients in opCase.differentiable ? [false, true] : [false] {
      let built = try OpGraph(opCase, withGradients: withGradients)
      let values = OpValues(
        for: opCase, result: built.graph.shape(of: built.result), seed: seed, rounding: rounding)
      let expected = try evaluate(built, values)
      let bound = try RoundingBound(
        built.graph, values: expected, narrow: narrow(built.program))
      for executor in executors {
        let actual = try run(built, values, on: executor)
        for (output, numbers) in zip(built.outputs, actual) {
          var place = "\(opCase), seed \(seed), \(output.name)"
          if !withGradients { place += " without gradients" }
          if executors.count > 1 { place += ", \(executor.threads) threads" }
          compare(
            numbers, expected[output.port.node]?.values ?? [],
            bound.bounds(of: output.port.node), place, &report)
        }
      }
    }
    return report
  }

  /// Outputs that are NaN when operands lie at the ends of their domains, or infinite where the
  /// reference is finite; empty when all is well.
  public func extremes(_ opCase: OpCase) throws -> [String] {
    guard opCase.operands.contains(where: { !$0.extremes.isEmpty }) else { return [] }
    let built = try OpGraph(opCase, withGradients: true)
    let values = OpValues(
      for: opCase, result: built.graph.shape(of: built.result), seed: seed, rounding: rounding,
      extremes: true)
    let expected = try run(built, values, on: ReferenceExecutor())
    return try executors.flatMap { executor in
      let actual = try run(built, values, on: executor)
      return zip(built.outputs, zip(actual, expected)).compactMap { output, pair in
        let (got, wanted) = pair
        let fault = got.indices.first {
          got[$0].isNaN || (!got[$0].isFinite && wanted[$0].isFinite)
        }
        return fault.map {
          "\(opCase), seed \(seed), \(output.name), index \($0) is \(got[$0]) at the extremes"
        }
      }
    }
  }

  private func run(
    _ built: OpGraph, _ values: OpValues, on executor: any Executor
  ) throws -> [[Float]] {
    let session = try executor.makeSession(for: built.store)
    let parameters = built.parameters(values)
    for parameter in built.store.parameters {
      let numbers = parameters[parameter.name]?.values ?? []
      try session.setValue(numbers.map { Float($0) }, of: parameter)
    }
    let program = try session.compile(built.program)
    for (port, tensor) in built.inputs(values) {
      program.withInput(port) { buffer in
        for (index, value) in tensor.values.enumerated() { buffer[index] = Float(value) }
      }
    }
    for (port, list) in built.indexInputs(values) {
      program.withInput(port) { buffer in
        for (index, value) in list.enumerated() { buffer[index] = value }
      }
    }
    try program.run(at: values.position)
    return built.outputs.map { program.output($0.port) }
  }

  /// The reference's values of everything that the outputs need.
  private func evaluate(_ built: OpGraph, _ values: OpValues) throws -> [Node: Tensor] {
    var live = Set(built.graph.outputs)
    for node in built.graph.nodes.reversed() where live.contains(node) {
      live.formUnion(built.graph[node].operands)
    }
    let nodes = built.graph.nodes.filter { live.contains($0) }
    return Dictionary(uniqueKeysWithValues: zip(nodes, try built.evaluate(nodes, values)))
  }

  private func compare(
    _ actual: [Float], _ expected: [Double], _ bounds: [Double], _ place: String,
    _ report: inout Report
  ) {
    guard actual.count == expected.count else {
      report = Report(
        worstShareOfBound: .infinity,
        description: "\(place): \(actual.count) numbers instead of \(expected.count)")
      return
    }
    for (index, (got, wanted)) in zip(actual, expected).enumerated() {
      if Double(got) == wanted || (got.isNaN && wanted.isNaN) { continue }
      let share = abs(Double(got) - wanted) / bounds[index]
      guard !(share <= report.worstShareOfBound) else { continue }
      report.worstShareOfBound = share.isNaN ? .infinity : share
      report.description =
        "\(place), index \(index): got \(got), the reference has \(wanted),"
        + " rounding explains \(bounds[index])"
    }
  }
}
