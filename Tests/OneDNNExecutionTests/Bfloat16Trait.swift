import OneDNNExecution
import Testing

extension Trait where Self == ConditionTrait {
  /// Runs where the processor has bfloat16 products; elsewhere one line says what was left out, and why.
  static func enabledForBfloat16(_ cases: String) -> Self {
    .enabled(
      if: OneDNNExecutor.supports(.bfloat16),
      "bfloat16 needs AVX-512, which this processor lacks or the environment hides: \(cases) left out"
    )
  }
}
