import TensorGraph
import TestSupport
import Testing
import XLAExecution

@Suite(.enabledForXLA) struct AgreementTests {
  @Test(arguments: OpCatalogue.cases)
  func float32AgreesWithTheReference(opCase: OpCase) throws {
    let report = try ExecutorAgreement(TestPlugin.executor()).compare(opCase)
    #expect(report.worstShareOfBound <= 1, "\(report)")
  }

  @Test(arguments: OpCatalogue.cases)
  func extremesGiveNoNaN(opCase: OpCase) throws {
    let complaints = try ExecutorAgreement(TestPlugin.executor()).extremes(opCase)
    #expect(complaints.isEmpty, "\(complaints)")
  }
}
