import Foundation
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

  /// The cases whose programs have products.
  private static let products = OpCatalogue.cases.filter { opCase in
    guard let built = try? OpGraph(opCase, withGradients: opCase.differentiable) else {
      return true
    }
    return !NarrowNodes.nodes(built.program).isEmpty
  }

  @Test(arguments: products)
  func bfloat16AgreesWithTheReference(opCase: OpCase) throws {
    let agreement = try ExecutorAgreement(
      TestPlugin.executor(precision: .bfloat16), rounding: .bfloat16,
      narrow: NarrowNodes.nodes)
    let report = try agreement.compare(opCase)
    #expect(report.worstShareOfBound <= 1, "\(report)")
  }

  /// Every fifth case, since each is compiled anew; all of them where CVAE_TEST_ALL is set.
  private static let some = OpCatalogue.cases.enumerated().filter { place, _ in
    place % 5 == 0 || ProcessInfo.processInfo.environment["CVAE_TEST_ALL"] != nil
  }.map(\.element)

  @Test(.enabled(if: TestPlugin.deviceCounts.count > 1, "there is one device"), arguments: some)
  func twoDevicesAgreeWithTheReference(opCase: OpCase) throws {
    let report = try ExecutorAgreement(TestPlugin.executor(devices: 2)).compare(opCase)
    #expect(report.worstShareOfBound <= 1, "\(report)")
  }
}
