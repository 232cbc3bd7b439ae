import CVAE
import Testing

@Suite struct ExecutorNameTests {
  @Test func namesStayAsTheyAre() {
    #expect(ExecutorName.allCases.map(\.rawValue) == ["onednn", "reference"])
  }

  @Test func eachNameMakesItsExecutor() throws {
    let fast = try #require(
      ExecutorName.oneDNN.executor(precision: .float32, threads: 3) as? OneDNNExecutor)
    #expect(fast.threads == 3)
    #expect(ExecutorName.oneDNN.executor().threads == OneDNNExecutor.defaultThreads)
    #expect(ExecutorName.reference.executor(threads: 9999) is ReferenceExecutor)
  }

  @Test(arguments: ExecutorName.allCases, [-1, 9999])
  func anyNumberOfThreadsComputes(name: ExecutorName, threads: Int) throws {
    var graph = Graph()
    let x = graph.input([2])
    let square = graph.output(graph.square(x.node))
    let program = try name.executor(threads: threads).makeSession(for: ParameterStore(seed: 1))
      .compile(Program(graph: graph))
    program.withInput(x) { _ = $0.update(fromContentsOf: [3, 4]) }
    try program.run(at: RandomPosition(seed: 1, step: 0))
    #expect(program.output(square) == [9, 16])
  }
}
