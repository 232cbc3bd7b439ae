/// Something that runs programs: the `Double` reference, oneDNN, later an accelerator.
public protocol Executor: Sendable {
  /// How many threads share the work of one program.
  var threads: Int { get }
  /// The other processes that train the same model; nil for none.
  var communicator: (any Communicator)? { get }
  /// The same executor with another number of threads, if it uses threads: several sessions of one thread each
  /// run small programs faster than one session on all threads.
  func with(threads: Int) -> any Executor
  /// Takes over the parameters with their first values; programs compiled in the session share
  /// them.
  func makeSession(for store: ParameterStore) throws -> any ExecutionSession
}

extension Executor {
  /// None.
  public var communicator: (any Communicator)? { nil }
}

/// Parameters, optimiser state, and the programs that use them. Not for use from two threads.
public protocol ExecutionSession: AnyObject {
  /// Prepares a program; after its first run, a run creates and allocates nothing.
  func compile(_ program: Program) throws -> any CompiledProgram

  /// A parameter's current value, row-major.
  func value(of parameter: Parameter) throws -> [Float]
  /// Replaces a parameter's value, row-major. Where several ranks share memory, all of them must set the same parameters to
  /// the same values in the same order.
  func setValue(_ values: [Float], of parameter: Parameter) throws

  /// The optimiser's state for a parameter: running means of its gradient and of the gradient's square,
  /// row-major. Where several ranks keep a part each, all of them must ask for the same parameters in one order.
  func moments(of parameter: Parameter) throws -> (first: [Float], second: [Float])
  /// Replaces the running means.
  func setMoments(first: [Float], second: [Float], of parameter: Parameter) throws
  /// How many updates were applied; Adam's bias correction counts them.
  var updateCount: Int { get set }
  /// Updates of programs with a clip norm are left out where the gradients' global norm, before clipping, is beyond this;
  /// nil for none.
  var largestNorm: Double? { get set }
  /// The gradients' global norm, before clipping, in the last run of a program with a clip norm; nil before.
  var gradientNorm: Double? { get }

  /// What has been created so far.
  var counters: ExecutionCounters { get }
}

/// Counts of things that only a program's first run may create.
public struct ExecutionCounters: Hashable, Sendable {
  /// Primitives of the tensor library.
  public var primitivesCreated = 0
  /// Buffers for tensors.
  public var buffersAllocated = 0

  /// Nothing yet.
  public init() {}
}

/// A program ready to run. Inputs keep their values from run to run.
///
/// A port of another program, or an output that was not declared, traps.
public protocol CompiledProgram: AnyObject {
  /// What was compiled.
  var program: Program { get }
  /// Writes an input where the executor will read it, row-major.
  func withInput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeMutableBufferPointer<Element>) throws -> R
  ) rethrows -> R
  /// Runs once. `learningRate` is that of the update; the result is nil if the program has no update.
  @discardableResult
  func run(at position: RandomPosition, learningRate: Double?) throws -> UpdateOutcome?
  /// Reads a result of the last run, row-major.
  func withOutput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeBufferPointer<Element>) throws -> R
  ) rethrows -> R
}

extension CompiledProgram {
  /// Runs once a program that has no update.
  public func run(at position: RandomPosition) throws { try run(at: position, learningRate: nil) }

  /// Writes an input of one number.
  public func set<Element>(_ port: Port<Element>, _ value: Element) {
    withInput(port) { $0[0] = value }
  }

  /// A copy of a result of the last run.
  public func output<Element>(_ port: Port<Element>) -> [Element] {
    withOutput(port) { Array($0) }
  }
}
