import TensorGraph

extension OpCatalogue {
  private static let records = 1_000_000

  /// Random numbers, and what is computed with them.
  static let random: [OpCase] =
    matrixShapes.flatMap { shape in
      [
        OpCase(
          "normal \(shape)", [], indices: [.init(shape.rows, below: records)], gradients: .none
        ) { graph, x in graph.normal("latent", records: x[0], columns: shape.columns) },
        OpCase(
          "uniform \(shape)", [], indices: [.init(shape.rows, below: records)], gradients: .none
        ) { graph, x in graph.uniform("mask", records: x[0], columns: shape.columns) },
        OpCase(
          "bernoulliSample \(shape)", [.data(shape)], indices: [.init(shape.rows, below: records)],
          gradients: .none
        ) { graph, x in try graph.bernoulliSample(x[0], purpose: "binarise", records: x[1]) },
        OpCase(
          "dropout \(shape)", [.input(shape, extremes: far)],
          indices: [.init(shape.rows, below: records)]
        ) { graph, x in try graph.dropout(x[0], rate: 0.3, purpose: "hidden", records: x[1]) },
        OpCase(
          "reparameterised Gaussian \(shape)", [.input(shape), .input(shape)],
          indices: [.init(shape.rows, below: records)]
        ) { graph, x in try latent(&graph, mean: x[0], logVariance: x[1], records: x[2]) },
      ]
    } + [
      OpCase(
        "two dropouts of one purpose each", [.input([6, 9]), .parameter([9, 5])],
        indices: [.init(6, below: records)]
      ) { graph, x in
        let kept = try graph.dropout(x[0], rate: 0.2, purpose: "first", records: x[2])
        let hidden = graph.relu(try graph.matmul(kept, x[1]))
        return try graph.dropout(hidden, rate: 0.5, purpose: "second", records: x[2])
      }
    ]

  /// z = mean + exp(½ log σ²) · ε.
  private static func latent(
    _ graph: inout Graph, mean: Node, logVariance: Node, records: Node
  ) throws -> Node {
    let columns = graph.shape(of: mean).columns
    let noise = graph.normal("latent", records: records, columns: columns)
    let deviation = graph.exp(graph.scale(logVariance, by: 0.5))
    return try graph.add(mean, graph.multiply(deviation, noise))
  }

  /// Small conditional autoencoders, from the observation to the loss.
  static let networks: [OpCase] = [
    network("network with silu", .silu, rows: 5),
    network("network with tanh", .tanh, rows: 5),
    network("network with relu", .relu, rows: 5),
    network("network with relu, more rows", .relu, rows: 33),
  ]

  private static func network(
    _ name: String, _ activation: UnaryFunction, rows: Int
  ) -> OpCase {
    let (inputs, hidden, latents, levels) = (11, 13, 3, 4)
    return OpCase(
      name,
      [
        .data([rows, inputs]), .parameter([inputs, hidden], -0.4...0.4), .parameter([hidden]),
        .parameter([levels, hidden]), .parameter([hidden, 2 * latents], -0.3...0.3),
        .parameter([2 * latents]), .parameter([levels, 2 * latents], -0.5...0.5),
        .parameter([latents, hidden], -0.7...0.7), .parameter([levels, hidden]),
        .parameter([hidden]), .parameter([hidden, inputs], -0.4...0.4), .parameter([inputs]),
      ],
      indices: [.init(rows, below: levels), .init(rows, below: records)]
    ) { graph, x in
      let (labels, numbers) = (x[12], x[13])
      let seen = try graph.addRow(graph.matmul(x[0], x[1]), x[2])
      let first = graph.unary(activation, try graph.add(seen, graph.gather(x[3], labels)))
      let recognised = try graph.split(
        graph.addRow(graph.matmul(first, x[4]), x[5]), axis: 1, into: 2)
      let prior = try graph.split(graph.gather(x[6], labels), axis: 1, into: 2)
      let z = try latent(
        &graph, mean: recognised[0], logVariance: recognised[1], records: numbers)
      let decoded = try graph.add(graph.matmul(z, x[7]), graph.gather(x[8], labels))
      let second = graph.unary(activation, try graph.addRow(decoded, x[9]))
      let logits = try graph.addRow(graph.matmul(second, x[10]), x[11])
      let logLikelihood = try graph.bernoulliLogLikelihood(logits: logits, targets: x[0])
      let divergence = try graph.sum(
        graph.gaussianDivergence(
          meanQ: recognised[0], logVarianceQ: recognised[1], meanP: prior[0],
          logVarianceP: prior[1]),
        axes: [1])
      return graph.negate(try graph.mean(graph.subtract(logLikelihood, divergence)))
    }
  }
}
