import OneDNNExecution
import TensorGraph
import TestSupport
import Testing

@Suite struct AgreementTests {
  @Test(arguments: OpCatalogue.cases)
  func float32AgreesWithTheReference(opCase: OpCase) throws {
    for threads in [1, 2] {
      let executor = OneDNNExecutor(precision: .float32, threads: threads)
      let report = try ExecutorAgreement(executor).compare(opCase)
      #expect(report.worstScaledDifference < 1e-5, "\(threads) threads: \(report)")
    }
  }

  @Test(.enabled(if: OneDNNExecutor.supports(.bfloat16)), arguments: OpCatalogue.cases)
  func bfloat16AgreesWithTheReference(opCase: OpCase) throws {
    let executor = OneDNNExecutor(precision: .bfloat16, threads: 2)
    let report = try ExecutorAgreement(executor, rounding: .bfloat16).compare(opCase)
    // Roundings of 2⁻⁹ add up over layers, and a relu's operand may cross zero.
    let tolerance = opCase.name.hasPrefix("network") ? 0.1 : 0.03
    #expect(report.worstScaledDifference < tolerance, "\(report)")
  }

  @Test(arguments: OpCatalogue.cases)
  func extremesGiveNoNaN(opCase: OpCase) throws {
    for precision in Precision.allCases where OneDNNExecutor.supports(precision) {
      let executor = OneDNNExecutor(precision: precision, threads: 2)
      let rounding: OpValues.Rounding = precision == .float32 ? .float32 : .bfloat16
      let complaints = try ExecutorAgreement(executor, rounding: rounding).extremes(opCase)
      #expect(complaints.isEmpty, "\(precision): \(complaints)")
    }
  }
}
