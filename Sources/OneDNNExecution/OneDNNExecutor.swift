internal import CFusedLoops
internal import COneDNN
public import TensorGraph

/// Runs programs by oneDNN's primitives and by fused loops, on threads that both share.
///
/// ```swift
/// let executor = OneDNNExecutor(precision: .float32, threads: 2)
/// let session = try executor.makeSession(for: model.store)
/// let step = try session.compile(program)
/// ```
///
/// Compile the program that trains first: it decides the layouts in which parameters are kept.
public struct OneDNNExecutor: Executor {
  /// The precision of products.
  public let precision: Precision
  /// How many threads share the work.
  public let threads: Int
  /// The other processes that train the same model; nil for none.
  public let communicator: (any Communicator)?

  /// Makes an executor; any number of threads is accepted.
  ///
  /// - Parameters:
  ///   - precision: Of products.
  ///   - threads: Nil means ``defaultThreads``, less than 1 means 1, and more than ``mostThreads`` means
  ///     ``mostThreads``. More threads than processors work, but slowly; since results depend on the number of
  ///     threads, they reproduce those of a machine with as many processors.
  ///   - communicator: The other processes that train the same model; nil for none.
  public init(
    precision: Precision = .float32, threads: Int? = nil,
    communicator: (any Communicator)? = nil
  ) {
    self.precision = precision
    self.communicator = communicator
    self.threads = min(max(1, threads ?? Self.defaultThreads), Self.mostThreads)
  }

  /// The same on another number of threads.
  public func with(threads: Int) -> any Executor {
    OneDNNExecutor(precision: precision, threads: threads, communicator: communicator)
  }

  /// As many threads as the machine, or `OMP_NUM_THREADS`, allows, up to ``mostThreads``.
  public static var defaultThreads: Int { min(Int(cvae_default_threads()), mostThreads) }

  /// No program runs on more threads.
  public static var mostThreads: Int { Int(cvae_most_threads()) }

  /// Whether this processor has the instructions: bfloat16 needs AVX-512.
  public static func supports(_ precision: Precision) -> Bool {
    switch precision {
    case .float32: true
    case .bfloat16:
      dnnl_get_effective_cpu_isa().rawValue & dnnl_cpu_isa_avx512_core.rawValue
        == dnnl_cpu_isa_avx512_core.rawValue
    }
  }

  /// How many bytes an element of each of a program's nodes takes, by position; for a parameter, an element of
  /// the float32 original.
  public func elementBytes(in program: Program) -> [Int] {
    TypeChoice(program, Plan(program), precision: precision).types.map(\.bytes)
  }

  /// Takes over the parameters with their first values.
  ///
  /// - Throws: ``UnsupportedPrecision`` on a processor that lacks the instructions.
  public func makeSession(for store: ParameterStore) throws -> any ExecutionSession {
    guard Self.supports(precision) else { throw UnsupportedPrecision(precision: precision) }
    return try OneDNNSession(
      store, precision: precision, threads: threads, communicator: communicator)
  }
}
