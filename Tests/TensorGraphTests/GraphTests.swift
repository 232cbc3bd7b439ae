import TensorGraph
import Testing

@Suite struct GraphTests {
  @Test func equalExpressionsAreOneNode() throws {
    var graph = Graph()
    let x = graph.input([3, 4]).node
    let first = try graph.add(graph.exp(x), x)
    let count = graph.entries.count
    let second = try graph.add(graph.exp(x), x)
    #expect(first == second)
    #expect(graph.entries.count == count)
  }

  @Test func differentExpressionsAreDifferentNodes() throws {
    var graph = Graph()
    let x = graph.input([4, 4]).node
    let y = graph.input([4, 4]).node
    let records = graph.indexInput([4]).node
    let nodes = [
      x, y, graph.exp(x), graph.tanh(x), graph.leakyRelu(x, slope: 0.1),
      graph.leakyRelu(x, slope: 0.2), try graph.subtract(x, y), try graph.subtract(y, x),
      try graph.matmul(x, y), try graph.matmul(x, y, transposeLeft: true),
      try graph.matmul(x, y, transposeRight: true), graph.constant(1, [4, 4]),
      graph.constant(1, [4]), graph.constant(2, [4]),
      graph.normal("a", records: records, columns: 4),
      graph.normal("b", records: records, columns: 4),
      graph.uniform("a", records: records, columns: 4),
    ]
    #expect(Set(nodes).count == nodes.count)
  }

  @Test func operandsComeFirst() throws {
    var graph = Graph()
    let x = graph.input([3, 4]).node
    let loss = try graph.sum(graph.square(graph.softmax(x)))
    _ = try graph.gradients(of: loss, by: [x])
    for node in graph.nodes {
      for operand in graph[node].operands { #expect(operand.position < node.position) }
    }
  }

  @Test func identitiesAddNoNode() throws {
    var graph = Graph()
    let x = graph.input([3, 4]).node
    #expect(try graph.reshape(x, [3, 4]) == x)
    #expect(try graph.slice(x, axis: 1, 0..<4) == x)
    #expect(try graph.concatenate([x], axis: 0) == x)
    #expect(try graph.broadcast(x, to: [3, 4]) == x)
    #expect(graph.entries.count == 1)
  }

  @Test func dropoutOfNothingIsTheOperand() throws {
    var graph = Graph()
    let x = graph.input([3, 4]).node
    let records = graph.indexInput([3]).node
    #expect(try graph.dropout(x, rate: 0, purpose: "hidden", records: records) == x)
  }
}
