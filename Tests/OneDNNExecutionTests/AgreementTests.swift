import TensorGraph
import TestSupport
import Testing

@testable import OneDNNExecution

@Suite struct AgreementTests {
  @Test(arguments: OpCatalogue.cases)
  func float32AgreesWithTheReference(opCase: OpCase) throws {
    let agreement = ExecutorAgreement(
      OneDNNExecutor(precision: .float32, threads: 1),
      OneDNNExecutor(precision: .float32, threads: 2))
    let report = try agreement.compare(opCase)
    #expect(report.worstShareOfBound <= 1, "\(report)")
  }

  /// As of z that enters the gates of a large recurrent layer; oneDNN 2.6.3's own primitive for it reads address 0.
  @Test(arguments: [1, 16, 17, 32], [1088, 1536])
  func aGradientByFewInputsOfManyOutputs(inputs: Int, outputs: Int) throws {
    let opCase = OpCase(
      "\(inputs) to \(outputs)",
      [.input([42, inputs]), .parameter([inputs, outputs], -0.3...0.3)]
    ) { graph, x in try graph.matmul(x[0], x[1]) }
    for precision in Precision.allCases where OneDNNExecutor.supports(precision) {
      let executor = OneDNNExecutor(precision: precision, threads: 2)
      let agreement = ExecutorAgreement(
        executor, rounding: precision == .float32 ? .float32 : .bfloat16
      ) { NarrowNodes($0).nodes }
      let report = try agreement.compare(opCase)
      #expect(report.worstShareOfBound <= 1, "\(precision): \(report)")
    }
  }

  @Test(.enabledForBfloat16("all \(OpCatalogue.cases.count) cases"), arguments: OpCatalogue.cases)
  func bfloat16AgreesWithTheReference(opCase: OpCase) throws {
    let executor = OneDNNExecutor(precision: .bfloat16, threads: 2)
    let agreement = ExecutorAgreement(executor, rounding: .bfloat16) { NarrowNodes($0).nodes }
    let report = try agreement.compare(opCase)
    #expect(report.worstShareOfBound <= 1, "\(report)")
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
