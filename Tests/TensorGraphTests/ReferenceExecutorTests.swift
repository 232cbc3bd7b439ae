import TensorGraph
import Testing

@Suite struct ReferenceExecutorTests {
  /// y = x · weight, with random numbers beside it.
  private struct Fixture {
    let session: any ExecutionSession
    let program: any CompiledProgram
    let weight: Parameter
    let x: Port<Float>
    let record: Port<Int32>
    let product: Port<Float>
    let noise: Port<Float>

    init() throws {
      var store = ParameterStore(seed: 3)
      weight = store.declare("weight", [2, 2], .uniform(fanIn: 2))
      var graph = Graph()
      x = graph.input([1, 2])
      record = graph.indexInput([1])
      product = graph.output(try graph.matmul(x.node, graph.read(weight)))
      noise = graph.output(graph.normal("noise", records: record.node, columns: 3))
      session = try ReferenceExecutor().makeSession(for: store)
      program = try session.compile(Program(graph: graph))
    }
  }

  private func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "accepted"
    } catch { return "\(error)" }
  }

  @Test func parametersBeginWithTheirFirstValues() throws {
    let fixture = try Fixture()
    let values = try fixture.session.value(of: fixture.weight)
    #expect(Set(values).count == 4)
    #expect(values.allSatisfy { abs($0) <= 0.70711 })
    #expect(try fixture.session.moments(of: fixture.weight).first == [0, 0, 0, 0])
    #expect(fixture.session.updateCount == 0)
  }

  @Test func inputsStayAndResultsFollow() throws {
    let fixture = try Fixture()
    try fixture.session.setValue([1, 2, 3, 4], of: fixture.weight)
    fixture.program.withInput(fixture.x) { buffer in (buffer[0], buffer[1]) = (10, 1) }
    try fixture.program.run(at: RandomPosition(seed: 1, step: 0))
    #expect(fixture.program.output(fixture.product) == [13, 24])
    let noise = fixture.program.output(fixture.noise)
    try fixture.session.setValue([0, 1, 1, 0], of: fixture.weight)
    try fixture.program.run(at: RandomPosition(seed: 1, step: 1))
    #expect(fixture.program.output(fixture.product) == [1, 10])
    #expect(fixture.program.output(fixture.noise) != noise)
    fixture.program.withInput(fixture.record) { $0[0] = 5 }
    try fixture.program.run(at: RandomPosition(seed: 1, step: 0))
    #expect(fixture.program.output(fixture.noise) != noise)
  }

  @Test func parametersOfAnotherShapeAreRefused() throws {
    let fixture = try Fixture()
    #expect(
      sentence { try fixture.session.setValue([1, 2, 3], of: fixture.weight) }
        == "parameter \"weight\": expected shape [2, 2], got shape [3].")
    var other = ParameterStore(seed: 1)
    let stranger = other.declare("stranger", [2], .zeros)
    #expect(
      sentence { _ = try fixture.session.value(of: stranger) }
        == "parameter \"stranger\": expected shape [2], got nothing; give it a value before the run."
    )
  }

  @Test func programsWithUndeclaredParametersAreRefused() throws {
    let fixture = try Fixture()
    var other = ParameterStore(seed: 1)
    var graph = Graph()
    _ = graph.output(graph.read(other.declare("weight", [3], .zeros)))
    #expect(
      sentence {
        _ = try fixture.session.compile(Program(graph: graph))
      } == "parameter \"weight\": expected shape [3], got shape [2, 2].")
  }

  @Test func evaluatorNamesWhatIsMissing() throws {
    var graph = Graph()
    let x = graph.input([2])
    let table = graph.input([3, 2])
    let row = graph.indexInput([2])
    let rows = try graph.gather(table.node, row.node)
    #expect(
      sentence { _ = try ReferenceEvaluator.evaluate(graph, nodes: [x.node]) }
        == "input 0: expected shape [2], got nothing; give it a value before the run.")
    let given = [table: Tensor([3, 2], repeating: 1)]
    #expect(
      sentence {
        _ = try ReferenceEvaluator.evaluate(
          graph, nodes: [rows], inputs: given, indexInputs: [row: [1]])
      } == "index input 2: expected shape [2], got shape [1].")
  }

  /// The dead branch has no input, which would throw.
  @Test func onlyLiveNodesAreComputed() throws {
    var graph = Graph()
    let x = graph.input([])
    _ = graph.exp(graph.input([5]).node)
    let square = graph.square(x.node)
    let values = try ReferenceEvaluator.evaluate(graph, nodes: [square], inputs: [x: Tensor(3)])
    #expect(values == [Tensor(9)])
  }

  @Test func indexOutsideOfTheTableTraps() async {
    await #expect(processExitsWith: .failure) {
      var graph = Graph()
      let (table, row) = (graph.input([3, 2]), graph.indexInput([1]))
      let rows = try graph.gather(table.node, row.node)
      _ = try ReferenceEvaluator.evaluate(
        graph, nodes: [rows], inputs: [table: Tensor([3, 2], repeating: 1)],
        indexInputs: [row: [3]])
    }
  }
}
