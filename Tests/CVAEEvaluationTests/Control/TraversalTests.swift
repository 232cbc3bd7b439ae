import CVAEModels
import ConditionalData
import Foundation
import OneDNNExecution
import RecordTypes
import Testing

@testable import CVAEEvaluation

@Suite struct TraversalTests {
  /// Style brightens the striped model's pictures, and nothing else does.
  @Test func aTraversalRunsThroughOneDimension() throws {
    let data = try StripedPictures.data()
    let model = try StripedPictures.model(of: data)
    let rows = try Evaluator(model: model, executor: OneDNNExecutor())
      .traversal(of: ControlSubject(model), dimensions: [0], record: 1, in: data)
    #expect(rows.map(\.label) == ["u0"])
    let count = try ControlSubject(model).size.count
    #expect(rows[0].values.count == 11 * count)
    for step in 0..<11 {
      let picture = rows[0].values[step * count..<(step + 1) * count]
      // Record 1 has the second level, whose row has the logit 2, the others −2.
      let style = 0.3 * (Double(step) / 10 * 5 - 2.5)
      #expect(abs(Double(picture[step * count + 4]) - 1 / (1 + exp(-(2 + style)))) < 1e-5)
      #expect(abs(Double(picture[step * count]) - 1 / (1 + exp(-(-2 + style)))) < 1e-5)
    }
  }
}
