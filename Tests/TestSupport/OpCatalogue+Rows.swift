import TensorGraph

extension OpCatalogue {
  /// Softmax and normalisation over the last axis.
  static let rowwise: [OpCase] =
    (matrixShapes + [[9], [2, 3, 5]]).flatMap { shape in
      [
        OpCase("softmax \(shape)", [.input(shape, -4...4, extremes: far)]) { graph, x in
          graph.softmax(x[0])
        },
        OpCase("logSoftmax \(shape)", [.input(shape, -4...4, extremes: far)]) { graph, x in
          graph.logSoftmax(x[0])
        },
        OpCase(
          "layerNormalization \(shape)",
          [
            .input(shape, extremes: far), .parameter([shape.columns], 0.5...1.5),
            .parameter([shape.columns]),
          ]
        ) { graph, x in
          try graph.layerNormalization(x[0], scale: x[1], shift: x[2], epsilon: 1e-3)
        },
      ]
    }

  /// Likelihoods and the divergence.
  static let likelihoods: [OpCase] =
    matrixShapes.flatMap { shape in
      [
        OpCase(
          "bernoulliLogLikelihood \(shape)",
          [.input(shape, -4...4, extremes: far), .data(shape, extremes: [0, 0.5, 1])]
        ) { graph, x in try graph.bernoulliLogLikelihood(logits: x[0], targets: x[1]) },
        OpCase(
          "gaussianLogLikelihood \(shape)",
          [
            .input(shape, extremes: far), .parameter([], -0.5...0.5, extremes: [-10, 10]),
            .data(shape, -2...2, extremes: far),
          ]
        ) { graph, x in
          try graph.gaussianLogLikelihood(mean: x[0], logDeviation: x[1], targets: x[2])
        },
        OpCase(
          "categoricalLogLikelihood \(shape)", [.input(shape, -4...4, extremes: far)],
          // The index behind the last level stands for none.
          indices: [.init(shape.rows, below: shape.columns + 1)]
        ) { graph, x in try graph.categoricalLogLikelihood(logits: x[0], indices: x[1]) },
        // Log-variances beyond 20 overflow a 32-bit float once means are a thousand apart.
        OpCase(
          "gaussianDivergence \(shape)",
          [
            .input(shape, extremes: far), .input(shape, extremes: [-20, 0, 20]),
            .input(shape, extremes: far), .input(shape, extremes: [-20, 0, 20]),
          ]
        ) { graph, x in
          try graph.gaussianDivergence(
            meanQ: x[0], logVarianceQ: x[1], meanP: x[2], logVarianceP: x[3])
        },
      ]
    } + [
      OpCase("gaussianDivergence from a standard normal", [.input([4, 33]), .input([4, 33])]) {
        graph, x in
        let zeros = graph.constant(0, [4, 33])
        return try graph.gaussianDivergence(
          meanQ: x[0], logVarianceQ: x[1], meanP: zeros, logVarianceP: zeros)
      }
    ]

  /// Rows of a table by index; the gradients add rows into a table.
  static let embeddings: [OpCase] = [
    OpCase(
      "gather from a parameter", [.parameter([5, 3], extremes: far)], indices: [.init(9, below: 5)]
    ) { graph, x in try graph.gather(x[0], x[1]) },
    OpCase(
      "gather from an input", [.input([5, 33], extremes: far)], indices: [.init(4, below: 5)]
    ) { graph, x in try graph.gather(x[0], x[1]) },
    OpCase("gather of one level", [.parameter([1, 7])], indices: [.init(4, below: 1)]) { graph, x in
      try graph.gather(x[0], x[1])
    },
    OpCase("gather, many rows", [.parameter([10, 70])], indices: [.init(130, below: 10)]) {
      graph, x in try graph.gather(x[0], x[1])
    },
    OpCase(
      "gather of two tables, added", [.parameter([5, 7]), .parameter([3, 7])],
      indices: [.init(6, below: 5), .init(6, below: 3)]
    ) { graph, x in
      graph.tanh(try graph.add(graph.gather(x[0], x[2]), graph.gather(x[1], x[3])))
    },
    OpCase(
      "gather by two indices", [.parameter([15, 7])],
      indices: [.init(6, below: 5), .init(6, below: 3)]
    ) { graph, x in try graph.gather(x[0], graph.jointIndex(x[1], x[2], columns: 3)) },
    OpCase(
      "gather by an index of all rows and one of each", [.parameter([15, 7])],
      indices: [.init(1, below: 5), .init(6, below: 3)]
    ) { graph, x in try graph.gather(x[0], graph.jointIndex(x[1], x[2], columns: 3)) },
  ]
}
