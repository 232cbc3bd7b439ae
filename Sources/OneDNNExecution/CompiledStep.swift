internal import CFusedLoops
public import TensorGraph

/// A program that this module's executor compiled, with functions that only benchmarks need.
public protocol OneDNNProgram: CompiledProgram {
  /// Runs the matrix products alone, in the same layouts and on whatever their buffers hold: a lower bound on
  /// the time of a run.
  func runProducts() throws

  /// Runs once, and returns the seconds that each command took.
  func profile(
    at position: RandomPosition, learningRate: Double?
  ) throws -> [(label: String, seconds: Double)]
}

/// A program as a list of commands over an arena of its own and one that it shares.
final class CompiledStep: OneDNNProgram {
  let program: Program
  private let session: OneDNNSession
  private let arenas: [AlignedMemory]
  private let commands: [(label: String, command: Command)]
  private let forms: [(storage: ParameterStorage, form: ParameterStorage.Form)]
  /// Where the caller writes, by place among the graph's inputs.
  private let inputs: [UnsafeMutableRawPointer]
  /// Where the caller writes inputs that nothing reads.
  private let unread: [AlignedMemory]
  private let outputs: [Value]
  private let state: RunState

  /// `inputs` and `outputs` stand in the order of the graph's; an input is nil where nothing reads it.
  init(
    _ program: Program, session: OneDNNSession, arenas: [AlignedMemory],
    commands: [(label: String, command: Command)],
    forms: [(storage: ParameterStorage, form: ParameterStorage.Form)], inputs: [Value?],
    outputs: [Value], state: RunState
  ) {
    self.program = program
    self.session = session
    self.arenas = arenas
    self.commands = commands
    self.forms = forms.filter { $0.form.memory != nil }
    self.outputs = outputs
    self.state = state
    var unread: [AlignedMemory] = []
    self.inputs = zip(program.graph.inputs, inputs).map { node, value in
      if let value { return value.pointer }
      let memory = session.allocate(bytes: program.graph.shape(of: node).count * 4)
      unread.append(memory)
      return memory.pointer
    }
    self.unread = unread
  }

  func withInput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeMutableBufferPointer<Element>) throws -> R
  ) rethrows -> R {
    let pointer = inputs[program.graph.place(ofInput: port)]
    return try body(
      UnsafeMutableBufferPointer(
        start: pointer.assumingMemoryBound(to: Element.self), count: count(port)))
  }

  func withOutput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeBufferPointer<Element>) throws -> R
  ) rethrows -> R {
    let pointer = outputs[program.graph.place(ofOutput: port)].pointer
    return try body(
      UnsafeBufferPointer(
        start: pointer.assumingMemoryBound(to: Element.self), count: count(port)))
  }

  private func count<Element>(_ port: Port<Element>) -> Int {
    program.graph.shape(of: port.node).count
  }

  func run(at position: RandomPosition, learningRate: Double?) throws -> UpdateOutcome? {
    try prepare(position, learningRate)
    let shared = program.update == nil ? nil : session.shared
    for (_, command) in commands {
      try command.run()
      try shared?.advance()
    }
    return state.update.outcome
  }

  private func prepare(_ position: RandomPosition, _ learningRate: Double?) throws {
    cvae_set_threads(Int32(session.threads))
    state.seed = position.seed
    state.step = position.step
    state.learningRate = learningRate ?? 0
    state.update = AdamUpdate()
    for (storage, form) in forms where form.version != storage.version {
      try refresh(form, of: storage)
    }
  }

  func profile(
    at position: RandomPosition, learningRate: Double?
  ) throws -> [(label: String, seconds: Double)] {
    try prepare(position, learningRate)
    let clock = ContinuousClock()
    return try commands.map { label, command in
      let time = try clock.measure { try command.run() }.components
      return (label, Double(time.seconds) + Double(time.attoseconds) * 1e-18)
    }
  }

  func runProducts() throws {
    cvae_set_threads(Int32(session.threads))
    for (_, command) in commands where command.isProduct { try command.run() }
  }

  /// Brings a copy of a parameter up to the parameter's present value.
  private func refresh(_ form: ParameterStorage.Form, of storage: ParameterStorage) throws {
    form.version = storage.version
    if let reorder = form.reorder { return try reorder.run() }
    guard let memory = form.memory, let order = form.order else { return }
    var interleave = 0
    if case .interleaved(let width) = order { interleave = width }
    let values = storage.values.pointer.assumingMemoryBound(to: Float.self)
    var tensor = cvae_adam_tensor(
      weights: values, gradient: values, gradients: nil, first: values, second: values,
      copy: memory.pointer.assumingMemoryBound(to: UInt16.self), interleave: interleave,
      from: 0, count: storage.layout.paddedCount, panels: cvae_panels())
    cvae_adam_copy(&tensor, 1, Int32(session.threads))
  }
}
