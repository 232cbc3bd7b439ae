import TensorGraph

extension OpCatalogue {
  /// Long short-term memories in both directions, of records of any length, from none to all steps.
  static let recurrences: [OpCase] =
    [(1, 1, 1), (3, 2, 5), (5, 3, 16), (4, 7, 35)].flatMap { shape in
      [false, true].map { isReversed in
        let (steps, batch, hidden) = shape
        return OpCase(
          "lstm \(shape)\(isReversed ? " reversed" : "")",
          [
            .input([steps * batch, 4 * hidden], extremes: [-100, 0, 100]),
            .input([isReversed ? 1 : batch, 4 * hidden], extremes: [-100, 0, 100]),
            .parameter([hidden, 4 * hidden], -0.3...0.3, extremes: [-10, 10]),
          ], indices: [.init(batch, below: steps + 1)]
        ) { graph, x in
          try graph.lstm(x[0], shared: x[1], weight: x[2], lengths: x[3], isReversed: isReversed)
        }
      }
    } + [
      // A layer upon a layer, in between a product that reads the outputs.
      OpCase(
        "lstm upon lstm",
        [
          .input([12, 10]), .parameter([10, 32], -0.5...0.5), .parameter([8, 32], -0.3...0.3),
          .parameter([8, 32], -0.5...0.5), .parameter([8, 32], -0.3...0.3),
          .parameter([1, 32], -0.5...0.5),
        ], indices: [.init(3, below: 5)]
      ) { graph, x in
        let first = try graph.lstm(
          graph.matmul(x[0], x[1]), shared: x[5], weight: x[2], lengths: x[6])
        return try graph.lstm(
          graph.matmul(first, x[3]), shared: x[5], weight: x[4], lengths: x[6], isReversed: true)
      }
    ]
}
