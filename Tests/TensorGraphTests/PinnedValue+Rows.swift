@testable import TensorGraph

extension PinnedValue {
  private static let scores = Tensor([2, 3], [1, 2, 4, -1, 0, -1])
  private static let logits = Tensor([2, 3], [0.5, -2, 3, 0, 1.5, -0.25])
  private static let targets = Tensor([2, 3], [1, 0.25, 0.5, 0, 1, 0])

  /// Softmax, normalisation, likelihoods; the divergence is integrated numerically.
  static let rows: [PinnedValue] = [
    PinnedValue(
      "softmax", [scores],
      Tensor(
        [2, 3],
        [
          0.04201006613406605, 0.11419519938459449, 0.8437947344813395, 0.21194155761708544,
          0.5761168847658291, 0.21194155761708544,
        ])
    ) { graph, x in graph.softmax(x[0]) },
    PinnedValue(
      "logSoftmax", [scores],
      Tensor(
        [2, 3],
        [
          -3.1698460195562856, -2.1698460195562856, -0.16984601955628567, -1.551444713932051,
          -0.5514447139320511, -1.551444713932051,
        ])
    ) { graph, x in graph.logSoftmax(x[0]) },
    PinnedValue(
      "normalizeRows", [scores],
      Tensor(
        [2, 3],
        [
          -1.0362555203016797, -0.25906388007542, 1.2953194003770994, -0.5872202195147035,
          1.1744404390294068, -0.5872202195147035,
        ])
    ) { graph, x in
      let (one, zero) = (graph.constant(1, [3]), graph.constant(0, [3]))
      return try graph.layerNormalization(x[0], scale: one, shift: zero, epsilon: 0.1)
    },
    PinnedValue(
      "bernoulliLogLikelihood", [logits, targets],
      Tensor([2], [-2.6495923467968225, -1.4704998784215415])
    ) { graph, x in try graph.bernoulliLogLikelihood(logits: x[0], targets: x[1]) },
    PinnedValue(
      "gaussianLogLikelihood", [logits, Tensor(0.3), targets],
      Tensor([2], [-6.829632870782609, -3.7425674177537096])
    ) { graph, x in
      try graph.gaussianLogLikelihood(mean: x[0], logDeviation: x[1], targets: x[2])
    },
    PinnedValue(
      "categoricalLogLikelihood", [logits], indices: [[2, 0]],
      Tensor([2], [-0.08509724636431006, -1.834258433393896])
    ) { graph, x in try graph.categoricalLogLikelihood(logits: x[0], indices: x[1]) },
    PinnedValue(
      "gaussianDivergence",
      [[0.5, -1], [0.2, -0.7], [0, 0.3], [-0.4, 0.6]].map { Tensor([1, 2], $0) },
      Tensor([1, 2], [0.29753748740038116, 0.7500117290165519])
    ) { graph, x in
      try graph.gaussianDivergence(
        meanQ: x[0], logVarianceQ: x[1], meanP: x[2], logVarianceP: x[3])
    },
    PinnedValue("pad", [Tensor([2, 1], [1, 2])], Tensor([2, 4], [0, 1, 0, 0, 0, 2, 0, 0])) {
      graph, x in graph.pad(x[0], axis: 1, before: 1, after: 2)
    },
    PinnedValue(
      "scatterAdd", [Tensor([3, 2], [1, 2, 3, 4, 5, 6])], indices: [[3, 0, 3]],
      Tensor([4, 2], [3, 4, 0, 0, 0, 0, 6, 8])
    ) { graph, x in graph.scatterAdd(x[0], x[1], levels: 4) },
  ]

  private static let far = Tensor([2, 2], [1000, -1000, -1000, 1000])

  /// What must not overflow on the way.
  static let extremes: [PinnedValue] = [
    PinnedValue("softplus", [far], Tensor([2, 2], [1000, 0, 0, 1000])) { graph, x in
      graph.softplus(x[0])
    },
    PinnedValue("sigmoid", [far], Tensor([2, 2], [1, 0, 0, 1])) { graph, x in
      graph.sigmoid(x[0])
    },
    PinnedValue("silu", [far], Tensor([2, 2], [1000, 0, 0, 1000])) { graph, x in
      graph.silu(x[0])
    },
    PinnedValue("softmax", [far], Tensor([2, 2], [1, 0, 0, 1])) { graph, x in
      graph.softmax(x[0])
    },
    PinnedValue("logSoftmax", [far], Tensor([2, 2], [0, -2000, -2000, 0])) { graph, x in
      graph.logSoftmax(x[0])
    },
    PinnedValue(
      "bernoulliLogLikelihood", [far, Tensor([2, 2], [1, 0, 1, 0.5])], Tensor([2], [0, -1500])
    ) { graph, x in try graph.bernoulliLogLikelihood(logits: x[0], targets: x[1]) },
    PinnedValue(
      "categoricalLogLikelihood", [far], indices: [[0, 0]], Tensor([2], [0, -2000])
    ) { graph, x in try graph.categoricalLogLikelihood(logits: x[0], indices: x[1]) },
  ]

  private static let records: [[Int32]] = [[17, 2]]

  /// From an implementation of Philox in Python, at step 3 of seed 5.
  static let random: [PinnedValue] = [
    PinnedValue(
      "uniform", [], indices: records,
      Tensor(
        [2, 5],
        [
          0.039654821157455444, 0.45897606015205383, 0.37615445256233215, 0.9111357033252716,
          0.8242838084697723, 0.7737524211406708, 0.8844615519046783, 0.6899299919605255,
          0.37439659237861633, 0.1011330783367157,
        ])
    ) { graph, x in graph.uniform("mask", records: x[0], columns: 5) },
    PinnedValue(
      "normal", [], indices: records,
      Tensor(
        [2, 5],
        [
          1.5975290100840753, 0.3727811812790562, -1.181959366577435, -1.5812274804000952,
          0.8161346103812971, -1.1374851686357674, 0.32381797990007394, -0.17683007050699984,
          -0.05946512210244108, 0.2126375220526021,
        ])
    ) { graph, x in graph.normal("latent", records: x[0], columns: 5) },
    PinnedValue(
      "dropout", [Tensor([2, 5], repeating: 3)], indices: records,
      Tensor([2, 5], [0, 5, 0, 5, 0, 5, 0, 0, 5, 5])
    ) { graph, x in try graph.dropout(x[0], rate: 0.4, purpose: "hidden", records: x[1]) },
    PinnedValue(
      "bernoulliSample", [Tensor([2, 5], [0.5, 0.2, 0.8, 0.5, 0.9, 0.5, 0.2, 0.8, 0.5, 0.9])],
      indices: records, Tensor([2, 5], [1, 0, 1, 0, 1, 1, 1, 1, 0, 1])
    ) { graph, x in try graph.bernoulliSample(x[0], purpose: "binarise", records: x[1]) },
  ]
}
