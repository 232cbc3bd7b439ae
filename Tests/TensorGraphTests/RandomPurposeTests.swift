import TensorGraph
import Testing

@Suite struct RandomPurposeTests {
  /// Two columns' purposes of one stream.
  private static let colliding = ["generated err zip11", "generated taxnew12"]

  @Test func theseLabelsCollide() {
    let purposes = Self.colliding.map { RandomPurpose($0) }
    #expect(purposes[0].stream == purposes[1].stream)
    #expect(purposes[0] != purposes[1])
  }

  @Test func labelsInTheSourceArePurposes() {
    let purpose: RandomPurpose = "latent"
    let name = "age"
    let interpolated: RandomPurpose = "generated \(name)"
    #expect(purpose == RandomPurpose("latent"))
    #expect(interpolated == RandomPurpose("generated age"))
  }

  @Test func purposesThatCollideArePulledApart() {
    var purposes = RandomPurposes()
    let first = purposes(Self.colliding[0])
    let second = purposes(Self.colliding[1])
    #expect(first == RandomPurpose(Self.colliding[0]))
    #expect(second.stream == RandomPurpose(Self.colliding[1] + " 1").stream)
    #expect(second.label == Self.colliding[1])
    #expect(purposes(Self.colliding[1]) == second)
    #expect(purposes(Self.colliding[0]) == first)
  }

  /// A label that is spelt as the retry of another moves on as well.
  @Test func retriesGoOnUntilAStreamIsFree() {
    var purposes = RandomPurposes()
    let labels = [Self.colliding[0], Self.colliding[1] + " 1", Self.colliding[1]]
    let handedOut = labels.map { purposes($0) }
    #expect(Set(handedOut.map(\.stream)).count == 3)
    #expect(handedOut[2].stream == RandomPurpose(Self.colliding[1] + " 2").stream)
  }

  @Test func otherPurposesKeepTheirStreams() {
    var purposes = RandomPurposes()
    for number in 0..<2000 {
      #expect(purposes("column \(number)") == RandomPurpose("column \(number)"))
    }
  }

  private static func graph(_ purposes: [RandomPurpose]) -> (Graph, [Node], Port<Int32>) {
    var graph = Graph()
    let records = graph.indexInput([400])
    let nodes = purposes.map { graph.normal($0, records: records.node, columns: 1) }
    return (graph, nodes, records)
  }

  @Test func aProgramWithCollidingPurposesTraps() async {
    await #expect(processExitsWith: .failure) {
      let (graph, _, _) = Self.graph(Self.colliding.map { RandomPurpose($0) })
      _ = Program(graph: graph)
    }
  }

  @Test func aPurposeMayServeTwice() {
    var (graph, nodes, records) = Self.graph(["a", "b"])
    nodes.append(graph.uniform("a", records: records.node, columns: 1))
    #expect(Program(graph: graph).graph.entries.count == 4)
  }

  /// Correlations of independent numbers stay within five standard errors of 0; colliding ones are 1.
  @Test func columnsOfCollidingNamesAreIndependent() throws {
    var purposes = RandomPurposes()
    let (graph, nodes, records) = Self.graph(Self.colliding.map { purposes($0) })
    let values = try ReferenceEvaluator.evaluate(
      Program(graph: graph).graph, nodes: nodes, indexInputs: [records: (0..<400).map { $0 }])
    let products = zip(values[0].values, values[1].values).map { $0 * $1 }
    #expect(abs(products.reduce(0, +) / 400) < 5 / 20)
  }
}
