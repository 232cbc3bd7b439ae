import OneDNNExecution
import TensorGraph

extension Precision {
  /// The precisions that this processor has instructions for; the peers are timed in no others, where
  /// theirs would only be emulated.
  static var measured: [Precision] { allCases.filter(OneDNNExecutor.supports) }

  /// One line for each precision that is passed over.
  static var notes: [String] {
    allCases.filter { !measured.contains($0) }.map {
      "\($0.rawValue) is passed over on every side: this processor lacks the instructions."
    }
  }
}
