/// Runs programs node by node in `Double`: the standard that fast executors are compared with, and fast enough
/// for small models in tests.
public struct ReferenceExecutor: Executor {
  /// An executor; it has no settings.
  public init() {}

  /// One: it is slow on purpose.
  public var threads: Int { 1 }

  /// The same; it has one thread.
  public func with(threads: Int) -> any Executor { self }

  /// Takes over the parameters with their first values.
  public func makeSession(for store: ParameterStore) throws -> any ExecutionSession {
    ReferenceSession(store)
  }
}

/// Parameters and moments in `Double`, by name.
final class ReferenceSession: ExecutionSession {
  var values: [String: Tensor] = [:]
  var firstMoments: [String: Tensor] = [:]
  var secondMoments: [String: Tensor] = [:]
  var updateCount = 0
  var largestNorm: Double?
  var gradientNorm: Double?
  /// Nothing: the reference creates no primitives, and keeps no buffers from run to run.
  let counters = ExecutionCounters()

  init(_ store: ParameterStore) {
    for parameter in store.parameters {
      let first = store.initialValues(of: parameter).map(Double.init)
      values[parameter.name] = Tensor(parameter.shape, first)
      firstMoments[parameter.name] = Tensor(parameter.shape, repeating: 0)
      secondMoments[parameter.name] = Tensor(parameter.shape, repeating: 0)
    }
  }

  func compile(_ program: Program) throws -> any CompiledProgram {
    try ReferenceProgram(program, in: self)
  }

  func value(of parameter: Parameter) throws -> [Float] {
    try find(parameter, in: values).values.map(Float.init)
  }

  func setValue(_ values: [Float], of parameter: Parameter) throws {
    self.values[parameter.name] = try tensor(values, for: parameter)
  }

  func moments(of parameter: Parameter) throws -> (first: [Float], second: [Float]) {
    let first = try find(parameter, in: firstMoments)
    let second = try find(parameter, in: secondMoments)
    return (first.values.map(Float.init), second.values.map(Float.init))
  }

  func setMoments(first: [Float], second: [Float], of parameter: Parameter) throws {
    let tensors = (try tensor(first, for: parameter), try tensor(second, for: parameter))
    firstMoments[parameter.name] = tensors.0
    secondMoments[parameter.name] = tensors.1
  }

  func find(_ parameter: Parameter, in table: [String: Tensor]) throws -> Tensor {
    let found = table[parameter.name]
    guard let found, found.shape == parameter.shape else {
      throw EvaluationError(
        source: "parameter \"\(parameter.name)\"", expected: parameter.shape,
        actual: found?.shape)
    }
    return found
  }

  private func tensor(_ values: [Float], for parameter: Parameter) throws -> Tensor {
    _ = try find(parameter, in: self.values)
    guard values.count == parameter.shape.count else {
      throw EvaluationError(
        source: "parameter \"\(parameter.name)\"", expected: parameter.shape,
        actual: Shape([max(1, values.count)]))
    }
    return Tensor(parameter.shape, values.map(Double.init))
  }
}
