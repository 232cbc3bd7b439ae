/// A program that the reference runs, with its inputs as the caller wrote them.
final class ReferenceProgram: CompiledProgram {
  let program: Program
  private let session: ReferenceSession
  /// The bits of each input's numbers, of which `Float` and `Int32` both have 32.
  private let inputs: [ReferenceBuffer]
  /// Likewise for each output.
  private var outputs: [[UInt32]]

  init(_ program: Program, in session: ReferenceSession) throws {
    self.program = program
    self.session = session
    let graph = program.graph
    func zeros(_ node: Node) -> [UInt32] {
      [UInt32](repeating: 0, count: graph.shape(of: node).count)
    }
    inputs = graph.inputs.map { ReferenceBuffer(bits: zeros($0)) }
    outputs = graph.outputs.map(zeros)
    for entry in graph.entries {
      guard case .parameter(let name) = entry.operation else { continue }
      _ = try session.find(Parameter(name: name, shape: entry.shape), in: session.values)
    }
  }

  func withInput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeMutableBufferPointer<Element>) throws -> R
  ) rethrows -> R {
    let place = program.graph.place(ofInput: port)
    return try inputs[place].bits.withUnsafeMutableBufferPointer { bits in
      try bits.withMemoryRebound(to: Element.self) { try body($0) }
    }
  }

  func withOutput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeBufferPointer<Element>) throws -> R
  ) rethrows -> R {
    try outputs[program.graph.place(ofOutput: port)].withUnsafeBufferPointer { bits in
      try bits.withMemoryRebound(to: Element.self) { try body($0) }
    }
  }

  func run(at position: RandomPosition, learningRate: Double?) throws -> UpdateOutcome? {
    let graph = program.graph
    var reals: [Int: Tensor] = [:]
    var indices: [Int: [Int32]] = [:]
    for (place, node) in graph.inputs.enumerated() {
      switch graph[node].elementType {
      case .real:
        reals[place] = Tensor(
          graph.shape(of: node), inputs[place].bits.map { Double(Float(bitPattern: $0)) })
      case .index: indices[place] = inputs[place].bits.map { Int32(bitPattern: $0) }
      }
    }
    let update = program.update
    let updateNodes = update.map { [$0.loss] + $0.gradients.map(\.node) } ?? []
    let results = try ReferenceEvaluator.evaluate(
      graph, nodes: graph.outputs + updateNodes, inputsByPlace: reals,
      indexInputsByPlace: indices, parameters: session.values, at: position)
    for (place, node) in graph.outputs.enumerated() {
      let isIndex = graph[node].elementType == .index
      outputs[place] = results[place].values.map {
        isIndex ? UInt32(bitPattern: Int32($0)) : Float($0).bitPattern
      }
    }
    guard let update else { return nil }
    guard let learningRate else {
      preconditionFailure("A program with an update needs a learning rate.")
    }
    let fromUpdate = results.dropFirst(graph.outputs.count)
    return ReferenceUpdate(session: session, update: update, learningRate: learningRate)
      .apply(loss: fromUpdate.first?.values[0] ?? .nan, gradients: Array(fromUpdate.dropFirst()))
  }
}

/// The numbers of one input, apart from those of others, which may be written at the same time.
private final class ReferenceBuffer {
  var bits: [UInt32]

  init(bits: [UInt32]) { self.bits = bits }
}
