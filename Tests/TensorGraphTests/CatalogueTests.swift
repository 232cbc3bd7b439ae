import TensorGraph
import TestSupport
import Testing

@Suite struct CatalogueTests {
  @Test func namesAreUnique() {
    let names = OpCatalogue.cases.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func everyOperationIsUsed() throws {
    var operations: Set<OperationName> = []
    var functions: Set<FunctionName> = []
    var slopes: Set<FunctionName> = []
    for opCase in OpCatalogue.cases {
      for entry in try OpGraph(opCase, withGradients: true).graph.entries {
        operations.insert(OperationName(entry.operation))
        switch entry.operation {
        case .unary(let function): functions.insert(FunctionName(function))
        case .binary(let function): functions.insert(FunctionName(function))
        case .unaryGradient(let function): slopes.insert(FunctionName(function))
        default: break
        }
      }
    }
    #expect(Set(OperationName.allCases).subtracting(operations) == [])
    #expect(Set(FunctionName.allCases).subtracting(functions) == [])
    // The gradient of a negation is a negation.
    let unary = Set(FunctionName.allCases).subtracting([.add, .subtract, .multiply, .divide])
    #expect(unary.subtracting(slopes) == [.negate])
  }

  @Test(arguments: OpCatalogue.cases.filter { $0.gradients == .exact })
  func gradientsMatchCentralDifferences(opCase: OpCase) throws {
    for seed in 1...(opCase.isLarge ? 1 : 2) as ClosedRange<UInt64> {
      let report = try GradientCheck(opCase, seed: seed).run()
      #expect(report.worstScaledError < 1e-8, "\(report)")
      #expect(report.compared > 3 * report.atKinks, "\(opCase): too many elements at kinks")
    }
  }

  @Test(arguments: OpCatalogue.cases.filter { !$0.isLarge })
  func extremesGiveNoNaN(opCase: OpCase) throws {
    let agreement = ExecutorAgreement(ReferenceExecutor(), seed: 1)
    #expect(try agreement.extremes(opCase) == [])
  }
}
