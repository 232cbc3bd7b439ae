/// A program that the reference runs; inputs wait here as the caller wrote them.
final class ReferenceProgram: CompiledProgram {
  private let program: Program
  private let session: ReferenceSession
  private var inputs: [String: [Float]] = [:]
  private var inputShapes: [String: Shape] = [:]
  private var indexInputs: [String: [Int32]] = [:]
  private var outputs: [String: [Float]] = [:]

  init(_ program: Program, in session: ReferenceSession) throws {
    self.program = program
    self.session = session
    for entry in program.graph.entries { try declare(entry) }
    for output in program.outputs {
      let count = program.graph.shape(of: output.node).count
      outputs[output.name] = [Float](repeating: 0, count: count)
    }
  }

  private func declare(_ entry: Graph.Entry) throws {
    switch entry.operation {
    case .input(let name):
      if let other = inputShapes[name], other != entry.shape {
        throw EvaluationError(source: "input \"\(name)\"", expected: other, actual: entry.shape)
      }
      inputShapes[name] = entry.shape
      inputs[name] = [Float](repeating: 0, count: entry.shape.count)
    case .indexInput(let name):
      if let other = indexInputs[name], other.count != entry.shape.count {
        throw EvaluationError(
          source: "index input \"\(name)\"", expected: [other.count], actual: entry.shape)
      }
      indexInputs[name] = [Int32](repeating: 0, count: entry.shape.count)
    case .parameter(let name):
      guard let value = session.values[name], value.shape == entry.shape else {
        throw EvaluationError(
          source: "parameter \"\(name)\"", expected: entry.shape,
          actual: session.values[name]?.shape)
      }
    default: break
    }
  }

  func withInput<R>(
    _ name: String, _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    precondition(inputs[name] != nil, "The program has no input \"\(name)\".")
    return try inputs[name, default: []].withUnsafeMutableBufferPointer { try body($0) }
  }

  func withIndexInput<R>(
    _ name: String, _ body: (UnsafeMutableBufferPointer<Int32>) throws -> R
  ) rethrows -> R {
    precondition(indexInputs[name] != nil, "The program has no index input \"\(name)\".")
    return try indexInputs[name, default: []].withUnsafeMutableBufferPointer { try body($0) }
  }

  func withOutput<R>(
    _ name: String, _ body: (UnsafeBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    precondition(outputs[name] != nil, "The program has no output \"\(name)\".")
    return try outputs[name, default: []].withUnsafeBufferPointer { try body($0) }
  }

  func withIndexOutput<R>(
    _ name: String, _ body: (UnsafeBufferPointer<Int32>) throws -> R
  ) rethrows -> R {
    try withOutput(name) { numbers in
      let indices = numbers.map { Int32($0) }
      return try indices.withUnsafeBufferPointer { try body($0) }
    }
  }

  func run(at position: RandomPosition, learningRate: Double?) throws -> UpdateOutcome? {
    var given: [String: Tensor] = [:]
    for (name, shape) in inputShapes {
      given[name] = Tensor(shape, inputs[name, default: []].map(Double.init))
    }
    let update = program.update
    let updateNodes = update.map { [$0.loss] + $0.gradients.map(\.node) } ?? []
    let results = try ReferenceEvaluator.evaluate(
      program.graph, nodes: program.outputs.map(\.node) + updateNodes, inputs: given,
      indexInputs: indexInputs, parameters: session.values, at: position)
    for (output, result) in zip(program.outputs, results) {
      outputs[output.name] = result.values.map(Float.init)
    }
    guard let update else { return nil }
    guard let learningRate else {
      preconditionFailure("A program with an update needs a learning rate.")
    }
    let fromUpdate = results.dropFirst(program.outputs.count)
    return ReferenceUpdate(session: session, update: update, learningRate: learningRate)
      .apply(loss: fromUpdate.first?.values[0] ?? .nan, gradients: Array(fromUpdate.dropFirst()))
  }
}
