import TensorGraph

extension OpCatalogue {
  /// Steps, places, records and columns.
  private static let sizes = [(1, 1, 1, 1), (3, 2, 2, 5), (2, 21, 3, 16), (5, 40, 4, 33)]

  /// Products within records, and what an attention's weights add up to.
  static let attentions: [OpCase] =
    sizes.flatMap { size in
      let (steps, places, batch, width) = size
      let weights: Shape = [steps * batch, places]
      return [
        OpCase(
          "scores \(size)", [.input([steps * batch, width]), .input([places * batch, width])]
        ) { graph, x in try graph.recordProduct(.scores, x[0], x[1], batch: batch) },
        OpCase("mixture \(size)", [.input(weights), .input([places * batch, width])]) {
          graph, x in try graph.recordProduct(.mixture, x[0], x[1], batch: batch)
        },
        OpCase("transposedMixture \(size)", [.input(weights), .input([steps * batch, width])]) {
          graph, x in try graph.recordProduct(.transposedMixture, x[0], x[1], batch: batch)
        },
        OpCase(
          "maskedSoftmax \(size)", [.input(weights, -4...4, extremes: far)],
          indices: [.init(batch, below: places + 1)]
        ) { graph, x in try graph.maskedSoftmax(x[0], lengths: x[1]) },
        OpCase(
          "matchingSum \(size)", [.input(weights)],
          indices: [.init(places * batch, below: 3), .init(steps * batch, below: 3)]
        ) { graph, x in try graph.matchingSum(x[0], source: x[1], targets: x[2]) },
        OpCase(
          "levelSums \(size)", [.input(weights)], indices: [.init(places * batch, below: 20)],
          gradients: .none
        ) { graph, x in try graph.levelSums(x[0], source: x[1], levels: 19) },
      ]
    } + [
      OpCase(
        "attention with its tokens copied",
        [.input([12, 8]), .input([20, 8]), .parameter([8, 6])],
        indices: [.init(4, below: 6), .init(20, below: 4), .init(12, below: 4)]
      ) { graph, x in
        let scores = try graph.recordProduct(.scores, x[0], x[1], batch: 4)
        let weights = try graph.maskedSoftmax(scores, lengths: x[3])
        let context = try graph.recordProduct(.mixture, weights, x[1], batch: 4)
        let copied = try graph.matchingSum(weights, source: x[4], targets: x[5])
        let seen = try graph.matmul(context, x[2])
        return try graph.concatenate([seen, graph.reshape(copied, [12, 1])], axis: 1)
      }
    ]
}
