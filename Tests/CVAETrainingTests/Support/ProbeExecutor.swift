import CVAEModels
import Testing

@testable import TensorGraph

/// What a training step was run with, and what came of it.
struct ProbedStep {
  var position: RandomPosition
  var learningRate: Double
  var klWeight: Float
  var records: [Int32]
  var elbo: [Float]
  var outcome: UpdateOutcome
}

/// The reference executor with its state in float32, as files hold it, and with an eye on every
/// training step.
final class ProbeExecutor: Executor, @unchecked Sendable {
  /// Filled on the test's own thread.
  private(set) var steps: [ProbedStep] = []
  /// Steps of which the update is called off.
  let refuses: @Sendable (UInt32) -> Bool

  init(refuses: @escaping @Sendable (UInt32) -> Bool = { _ in false }) { self.refuses = refuses }

  var threads: Int { 1 }
  func with(threads: Int) -> any Executor { self }

  func makeSession(for store: ParameterStore) throws -> any ExecutionSession {
    ProbeSession(
      try ReferenceExecutor().makeSession(for: store), parameters: store.parameters, probe: self)
  }

  func note(_ step: ProbedStep) { steps.append(step) }
}

final class ProbeSession: ExecutionSession {
  let base: any ExecutionSession
  let parameters: [Parameter]
  let probe: ProbeExecutor

  init(_ base: any ExecutionSession, parameters: [Parameter], probe: ProbeExecutor) {
    self.base = base
    self.parameters = parameters
    self.probe = probe
  }

  func compile(_ program: Program) throws -> any CompiledProgram {
    ProbeProgram(
      try base.compile(program),
      probed: program.update == nil ? nil : try ProbedPorts(program.graph), session: self)
  }

  func value(of parameter: Parameter) throws -> [Float] { try base.value(of: parameter) }
  func setValue(_ values: [Float], of parameter: Parameter) throws {
    try base.setValue(values, of: parameter)
  }
  func moments(of parameter: Parameter) throws -> (first: [Float], second: [Float]) {
    try base.moments(of: parameter)
  }
  func setMoments(first: [Float], second: [Float], of parameter: Parameter) throws {
    try base.setMoments(first: first, second: second, of: parameter)
  }
  var largestNorm: Double? {
    get { base.largestNorm }
    set { base.largestNorm = newValue }
  }
  var gradientNorm: Double? { base.gradientNorm }
  var updateCount: Int {
    get { base.updateCount }
    set { base.updateCount = newValue }
  }
  var counters: ExecutionCounters { base.counters }

  func roundToFloat() throws {
    for parameter in parameters {
      try base.setValue(try base.value(of: parameter), of: parameter)
      let moments = try base.moments(of: parameter)
      try base.setMoments(first: moments.first, second: moments.second, of: parameter)
    }
  }
}

/// Where a step's numbers are in a training program, found by what they are for.
struct ProbedPorts {
  let klWeight: Port<Float>
  /// What the noise of z is addressed by.
  let records: Port<Int32>
  let elbo: Port<Float>

  init(_ graph: Graph) throws {
    let scalars = graph.inputs.filter { graph[$0].elementType == .real && graph[$0].shape == [] }
    try #require(
      (1...2).contains(scalars.count), "The KL weight, and what is free of it, are one number each."
    )
    klWeight = Port(node: scalars[0], owner: graph.identity)
    let noise = try #require(graph.entries.first { $0.operation == .normal("latent") })
    records = Port(node: noise.operands[0], owner: graph.identity)
    // Behind the loss.
    elbo = Port(node: graph.outputs[1], owner: graph.identity)
  }
}

final class ProbeProgram: CompiledProgram {
  private let base: any CompiledProgram
  private let probed: ProbedPorts?
  private let session: ProbeSession

  init(_ base: any CompiledProgram, probed: ProbedPorts?, session: ProbeSession) {
    self.base = base
    self.probed = probed
    self.session = session
  }

  var program: Program { base.program }
  func withInput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeMutableBufferPointer<Element>) throws -> R
  ) rethrows -> R { try base.withInput(port, body) }
  func withOutput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeBufferPointer<Element>) throws -> R
  ) rethrows -> R { try base.withOutput(port, body) }

  func run(at position: RandomPosition, learningRate: Double?) throws -> UpdateOutcome? {
    guard let probed, let learningRate else { return try base.run(at: position, learningRate: nil) }
    let isRefused = session.probe.refuses(position.step)
    let count = session.updateCount
    let kept = try session.parameters.map {
      (try session.value(of: $0), try session.moments(of: $0))
    }
    var outcome = try base.run(at: position, learningRate: learningRate)
    if isRefused {
      for (parameter, old) in zip(session.parameters, kept) {
        try session.setValue(old.0, of: parameter)
        try session.setMoments(first: old.1.first, second: old.1.second, of: parameter)
      }
      session.updateCount = count
      outcome = .refused
    }
    try session.roundToFloat()
    session.probe.note(
      ProbedStep(
        position: position, learningRate: learningRate,
        klWeight: base.withInput(probed.klWeight) { $0[0] },
        records: base.withInput(probed.records) { Array($0) },
        elbo: base.output(probed.elbo), outcome: outcome ?? .applied))
    return outcome
  }
}
