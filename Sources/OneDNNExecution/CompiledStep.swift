internal import CFusedLoops
public import TensorGraph

/// A program that this module's executor compiled, with what only benchmarks ask for.
public protocol OneDNNProgram: CompiledProgram {
  /// Runs the matrix products alone, in the same layouts and on whatever their buffers hold: the
  /// time that a run can't fall below.
  func runProducts() throws

  /// Runs once, and tells the seconds that each command took.
  func profile(
    at position: RandomPosition, learningRate: Double?
  ) throws -> [(label: String, seconds: Double)]
}

/// A program as a list of commands over one arena.
final class CompiledStep: OneDNNProgram {
  private let session: OneDNNSession
  private let arena: AlignedMemory
  private let commands: [(label: String, command: Command)]
  private let forms: [(storage: ParameterStorage, form: ParameterStorage.Form)]
  private let inputs: [String: Value]
  private let outputs: [String: Value]
  private let counts: [String: Int]
  private let state: RunState
  /// Where the caller writes an input that nothing reads.
  private var unread: [String: AlignedMemory] = [:]

  init(
    session: OneDNNSession, arena: AlignedMemory,
    commands: [(label: String, command: Command)],
    forms: [(storage: ParameterStorage, form: ParameterStorage.Form)], inputs: [String: Value],
    outputs: [String: Value], shapes: [String: Int], state: RunState
  ) {
    self.session = session
    self.arena = arena
    self.commands = commands
    self.forms = forms.filter { $0.form.memory != nil }
    self.inputs = inputs
    self.outputs = outputs
    counts = shapes
    self.state = state
    for (name, count) in shapes where inputs[name] == nil && !name.hasPrefix("output ") {
      unread[name] = session.allocate(bytes: count * 4)
    }
  }

  func withInput<R>(
    _ name: String, _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    let (pointer, count) = input(name)
    let numbers = pointer.assumingMemoryBound(to: Float.self)
    return try body(UnsafeMutableBufferPointer(start: numbers, count: count))
  }

  func withIndexInput<R>(
    _ name: String, _ body: (UnsafeMutableBufferPointer<Int32>) throws -> R
  ) rethrows -> R {
    let (pointer, count) = input(name)
    let numbers = pointer.assumingMemoryBound(to: Int32.self)
    return try body(UnsafeMutableBufferPointer(start: numbers, count: count))
  }

  private func input(_ name: String) -> (UnsafeMutableRawPointer, Int) {
    guard let count = counts[name], let pointer = inputs[name]?.pointer ?? unread[name]?.pointer
    else { preconditionFailure("The program has no input \(name).") }
    return (pointer, count)
  }

  func withOutput<R>(
    _ name: String, _ body: (UnsafeBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    guard let value = outputs[name], let count = counts["output " + name] else {
      preconditionFailure("The program has no output \(name).")
    }
    precondition(value.type == .float32, "Output \(name) holds indices.")
    return try body(UnsafeBufferPointer(start: value.floats, count: count))
  }

  func withIndexOutput<R>(
    _ name: String, _ body: (UnsafeBufferPointer<Int32>) throws -> R
  ) rethrows -> R {
    guard let value = outputs[name], let count = counts["output " + name], value.type == .index
    else { preconditionFailure("The program has no output \(name) of indices.") }
    return try body(UnsafeBufferPointer(start: value.indices, count: count))
  }

  func run(at position: RandomPosition, learningRate: Double?) throws -> UpdateOutcome? {
    try prepare(position, learningRate)
    for (_, command) in commands { try command.run() }
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
      weights: values, gradient: values, first: values, second: values,
      copy: memory.pointer.assumingMemoryBound(to: UInt16.self), interleave: interleave,
      count: storage.layout.paddedCount, panels: cvae_panels())
    cvae_adam_copy(&tensor, 1, Int32(session.threads))
  }
}
