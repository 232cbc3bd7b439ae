import TensorGraph
import TestSupport
import Testing

/// Ports on the reference; what they trap on holds for every executor, since the graph checks it.
@Suite struct PortTests {
  /// Two inputs of one shape, an index input that nothing reads, and three outputs.
  private struct Fixture {
    let left: Port<Float>
    let right: Port<Float>
    let spare: Port<Int32>
    let index: Port<Int32>
    let difference: Port<Float>
    let sameIndex: Port<Int32>
    let program: any CompiledProgram

    init() throws {
      var graph = Graph()
      left = graph.input([2])
      right = graph.input([2])
      spare = graph.indexInput([3])
      index = graph.indexInput([2])
      difference = graph.output(try graph.subtract(left.node, right.node))
      sameIndex = graph.indexOutput(index.node)
      program = try ReferenceExecutor().makeSession(for: ParameterStore(seed: 1))
        .compile(Program(graph: graph))
    }
  }

  @Test func inputsOfOneShapeAreApart() throws {
    let fixture = try Fixture()
    let program = fixture.program
    #expect(fixture.left != fixture.right)
    program.withInput(fixture.left) { _ = $0.update(fromContentsOf: [5, 7]) }
    program.withInput(fixture.right) { _ = $0.update(fromContentsOf: [1, 2]) }
    program.withInput(fixture.index) { _ = $0.update(fromContentsOf: [-9, 16_777_217]) }
    program.withInput(fixture.spare) { _ = $0.update(fromContentsOf: [1, 2, 3]) }
    try program.run(at: RandomPosition(seed: 1, step: 0))
    #expect(program.output(fixture.difference) == [4, 5])
    #expect(program.output(fixture.sameIndex) == [-9, 16_777_217])
    #expect(program.withInput(fixture.spare) { Array($0) } == [1, 2, 3])
  }

  @Test func anOutputIsDeclaredOnce() throws {
    var graph = Graph()
    let node = graph.input([2]).node
    #expect(graph.output(node) == graph.output(node))
    #expect(graph.outputs == [node])
  }

  @Test func portsOfAnotherProgramTrap() async {
    await #expect(processExitsWith: .failure) {
      let (one, other) = (try Fixture(), try Fixture())
      one.program.set(other.left, 1)
    }
  }

  /// Ports that a copy of the graph hands out lie beyond the program's nodes.
  @Test func portsOfALargerCopyTrap() async {
    await #expect(processExitsWith: .failure) {
      var graph = Graph()
      _ = graph.input([1])
      let program = try ReferenceExecutor().makeSession(for: ParameterStore(seed: 1))
        .compile(Program(graph: graph))
      program.set(graph.input([1]), 1)
    }
  }

  @Test func undeclaredOutputsTrap() async {
    await #expect(processExitsWith: .failure) {
      let fixture = try Fixture()
      _ = fixture.program.output(fixture.left)
    }
  }

  @Test func outputsAreNoInputs() async {
    await #expect(processExitsWith: .failure) {
      let fixture = try Fixture()
      fixture.program.withInput(fixture.difference) { $0[0] = 1 }
    }
  }

  @Test func outputsHaveTheTypeOfTheirNode() async {
    await #expect(processExitsWith: .failure) {
      var graph = Graph()
      _ = graph.output(graph.indexInput([1]).node)
    }
  }
}
