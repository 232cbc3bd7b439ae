public import TensorGraph

/// Runs cases through an executor and through the reference, and compares results and gradients.
///
/// Each case runs twice: alone, where activations may be fused freely, and with its gradients.
public struct ExecutorAgreement: Sendable {
  private let executor: any Executor
  private let rounding: OpValues.Rounding
  private let seed: UInt64

  /// Compares `executor`.
  ///
  /// Inputs are rounded to `rounding`, so that both begin with numbers that both can hold: for an
  /// executor in bfloat16 that keeps a relu's operands on the same side of zero.
  public init(_ executor: any Executor, rounding: OpValues.Rounding = .float32, seed: UInt64 = 1) {
    self.executor = executor
    self.rounding = rounding
    self.seed = seed
  }

  /// The worst place that a comparison found.
  public struct Report: Sendable, CustomStringConvertible {
    /// The largest difference from the reference, over the tensor's largest element; infinite
    /// where one is NaN and the other is not.
    public internal(set) var worstScaledDifference = 0.0
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
      let actual = try run(built, values, on: executor)
      let expected = try run(built, values, on: ReferenceExecutor())
      for (output, pair) in zip(built.program.outputs, zip(actual, expected)) {
        let place = "\(output.name)\(withGradients ? "" : " without gradients")"
        compare(pair.0, pair.1, "\(opCase), seed \(seed), \(place)", &report)
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
    let actual = try run(built, values, on: executor)
    let expected = try run(built, values, on: ReferenceExecutor())
    return zip(built.program.outputs, zip(actual, expected)).compactMap { output, pair in
      let (got, wanted) = pair
      let fault = got.indices.first { got[$0].isNaN || (!got[$0].isFinite && wanted[$0].isFinite) }
      return fault.map {
        "\(opCase), seed \(seed), \(output.name), index \($0) is \(got[$0]) at the extremes"
      }
    }
  }

  private func run(
    _ built: OpGraph, _ values: OpValues, on executor: any Executor
  ) throws -> [[Float]] {
    let session = try executor.makeSession(for: built.store)
    let names = Set(built.store.parameters.map(\.name))
    for parameter in built.store.parameters {
      guard
        let place = values.operands.indices.first(where: {
          OpGraph.name(ofOperand: $0) == parameter.name
        })
      else { continue }
      try session.setValue(values.operands[place].values.map { Float($0) }, of: parameter)
    }
    let program = try session.compile(built.program)
    let used = Set(
      built.graph.entries.compactMap { entry -> String? in
        switch entry.operation {
        case .input(let name), .indexInput(let name): name
        default: nil
        }
      })
    func write(_ name: String, _ tensor: Tensor) {
      guard used.contains(name), !names.contains(name) else { return }
      program.withInput(name) { buffer in
        for (index, value) in tensor.values.enumerated() { buffer[index] = Float(value) }
      }
    }
    for (place, tensor) in values.operands.enumerated() {
      write(OpGraph.name(ofOperand: place), tensor)
    }
    write(OpGraph.cotangent, values.cotangent)
    for (place, list) in values.indices.enumerated() {
      program.withIndexInput(OpGraph.name(ofIndices: place)) { buffer in
        for (index, value) in list.enumerated() { buffer[index] = value }
      }
    }
    try program.run(at: values.position)
    return built.program.outputs.map { program.output($0.name) }
  }

  private func compare(
    _ actual: [Float], _ expected: [Float], _ place: String, _ report: inout Report
  ) {
    guard actual.count == expected.count else {
      report = Report(
        worstScaledDifference: .infinity,
        description: "\(place): \(actual.count) numbers instead of \(expected.count)")
      return
    }
    let largest = expected.reduce(0) { $1.isFinite ? max($0, abs(Double($1))) : $0 }
    for (index, (got, wanted)) in zip(actual, expected).enumerated() {
      if got == wanted || (got.isNaN && wanted.isNaN) { continue }
      let difference = abs(Double(got) - Double(wanted)) / (largest > 0 ? largest : 1)
      let scaled = difference.isNaN ? .infinity : difference
      guard scaled > report.worstScaledDifference else { continue }
      report.worstScaledDifference = scaled
      report.description =
        "\(place), index \(index): got \(got), the reference has \(wanted),"
        + " scaled difference \(scaled)"
    }
  }
}
