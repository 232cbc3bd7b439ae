/// All executors, by the names that configurations and commands use.
public enum ExecutorName: String, CaseIterable, Sendable {
  /// oneDNN's primitives and fused loops: fast.
  case oneDNN = "onednn"
  /// `Double`, one node after the other: slow; the others are compared with it.
  case reference

  /// The executor of that name.
  ///
  /// - Parameters:
  ///   - precision: The precision of oneDNN's products; the reference computes in `Double`.
  ///   - threads: Nil means as many as the machine allows, less than 1 means 1, and more than
  ///     ``OneDNNExecution/OneDNNExecutor/mostThreads`` means that many. The reference has one.
  ///   - communicator: The other processes that train the same model; nil for none. The reference works alone.
  public func executor(
    precision: Precision = .float32, threads: Int? = nil, communicator: (any Communicator)? = nil
  ) -> any Executor {
    switch self {
    case .oneDNN:
      OneDNNExecutor(precision: precision, threads: threads, communicator: communicator)
    case .reference: ReferenceExecutor()
    }
  }
}
