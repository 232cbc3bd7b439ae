/// The executors that there are, by the names that configurations and commands use.
public enum ExecutorName: String, CaseIterable, Sendable {
  /// oneDNN's primitives and fused loops: fast.
  case oneDNN = "onednn"
  /// `Double`, one node after the other: slow, and what others are compared with.
  case reference

  /// The executor of that name.
  ///
  /// - Parameters:
  ///   - precision: Of oneDNN's products; the reference computes in `Double`.
  ///   - threads: Nil means as many as the machine allows, below 1 means 1, and above
  ///     ``OneDNNExecution/OneDNNExecutor/mostThreads`` means that many. The reference has one.
  public func executor(
    precision: Precision = .float32, threads: Int? = nil
  ) -> any Executor {
    switch self {
    case .oneDNN: OneDNNExecutor(precision: precision, threads: threads)
    case .reference: ReferenceExecutor()
    }
  }
}
