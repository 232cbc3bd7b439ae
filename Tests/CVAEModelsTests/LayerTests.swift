import RecordTypes
import TensorGraph
import Testing

@testable import CVAEModels

@Suite struct LayerTests {
  /// A field layer is a dense layer on all sources side by side, categories as one-hot vectors.
  @Test func aFieldLayerIsALinearOfOneHotVectors() throws {
    let label = FieldInput(field: Tiny.label, isGiven: true, acceptsMissing: true)
    let row = FieldInput(field: Tiny.vector, isGiven: true, acceptsMissing: true)
    var store = ParameterStore(seed: 4)
    let layer = FieldLinear("layer", in: 2, fields: [label, row], out: 2, store: &store)
    #expect(
      store.parameters.map(\.name) == [
        "layer.weight", "layer.label.weight", "layer.row.weight", "layer.row.missing", "layer.bias",
      ])
    var builder = ProgramBuilder()
    let rows = builder.input(.style, [2, 2])
    let fields = FieldNodes([label, row], batch: 2, steps: 0, in: &builder)
    let result = try layer(rows, fields, in: &builder.graph)
    let program = builder.program()

    // Rows: 2 of trunk, 4 one-hot (the last is "any"), 3 reals, 1 "missing".
    let joined: [[Double]] = [
      [0.5, -1, 0, 0, 1, 0, 0.3, -0.7, 0.2, 0],
      [1.5, 2, 0, 0, 0, 1, 0, 0, 0, 1],
    ]
    let values = store.parameters.map { store.initialValues(of: $0).map(Double.init) }
    let table = values[0] + values[1] + values[2] + values[3]
    let expected = joined.flatMap { row in
      (0..<2).map { column in
        row.indices.reduce(values[4][column]) { $0 + row[$1] * table[2 * $1 + column] }
      }
    }
    let parameters = zip(store.parameters, values).map { ($0.name, Tensor($0.shape, $1)) }
    let actual = try ReferenceEvaluator.evaluate(
      program.program.graph, nodes: [result],
      inputs: [
        program.port(.style): Tensor([2, 2], [0.5, -1, 1.5, 2]),
        program.port(.field(row, .own)): Tensor([2, 3], [0.3, -0.7, 0.2, 0, 0, 0]),
        program.port(.unknown(row, .own)): Tensor([2, 1], [0, 1]),
      ],
      indexInputs: [program.indexPort(.field(label, .own)): [2, 3]],
      parameters: Dictionary(uniqueKeysWithValues: parameters))
    for (one, other) in zip(actual[0].values, expected) { #expect(abs(one - other) < 1e-12) }

    // Ten inputs in all bound the first values, biases included.
    let bound = 1 / Double(10).squareRoot()
    #expect(values.joined().allSatisfy { abs($0) <= bound })
    #expect(values.joined().contains { abs($0) > 0.7 * bound })
  }

  @Test(arguments: [
    (Activation.relu, 0.0, 2.0), (.leakyRelu, -0.02, 2),
    (.tanh, -0.964027580075817, 0.964027580075817),
    (.silu, -0.238405844044235, 1.761594155955765),
  ])
  func activationsHaveTheirValues(activation: Activation, below: Double, above: Double) throws {
    var graph = Graph()
    let x: Port<Float> = graph.input([2])
    let y = activation(x.node, in: &graph)
    let values = try ReferenceEvaluator.evaluate(
      graph, nodes: [y], inputs: [x: Tensor([2], [-2, 2])])[0].values
    #expect(abs(values[0] - below) < 1e-12)
    #expect(abs(values[1] - above) < 1e-12)
  }
}
