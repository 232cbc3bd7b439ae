import TensorGraph
import Testing

@Suite struct ShapeErrorTests {
  struct Refusal: Sendable, CustomStringConvertible {
    let description: String
    let build: @Sendable (inout Graph) throws -> Void
  }

  @Test(arguments: ShapeErrorTests.refusals)
  func sentenceNamesWhatWasNeededAndWhatCame(refusal: Refusal) {
    var graph = Graph()
    do {
      try refusal.build(&graph)
      Issue.record("\(refusal) was accepted")
    } catch {
      #expect("\(error)" == refusal.description)
    }
  }

  private static func refusal(
    _ sentence: String, _ build: @escaping @Sendable (inout Graph) throws -> Void
  ) -> Refusal { Refusal(description: sentence, build: build) }

  static let refusals: [Refusal] = [
    refusal("add: expected shapes of which each axis is equal or 1, got [3, 4] and [3].") { graph in
      _ = try graph.add(graph.input([3, 4]).node, graph.input([3]).node)
    },
    refusal("divide: expected shapes of which each axis is equal or 1, got [2] and [3].") { graph in
      _ = try graph.divide(graph.input([2]).node, graph.input([3]).node)
    },
    refusal("addRow: expected a matrix and a row of its width, got [3, 4] and [3].") { graph in
      _ = try graph.addRow(graph.input([3, 4]).node, graph.input([3]).node)
    },
    refusal("broadcast: expected a shape that stretches to [3, 4], got [3].") { graph in
      _ = try graph.broadcast(graph.input([3]).node, to: [3, 4])
    },
    refusal("matmul: expected two matrices with equal inner extents, got [3, 4] and [3, 5].") {
      graph in _ = try graph.matmul(graph.input([3, 4]).node, graph.input([3, 5]).node)
    },
    refusal("matmul: expected two matrices with equal inner extents, got [3, 4] and [4, 5].") {
      graph in
      _ = try graph.matmul(
        graph.input([3, 4]).node, graph.input([4, 5]).node, transposeRight: true)
    },
    refusal("reshape: expected 10 elements for [2, 5], got [3, 4].") { graph in
      _ = try graph.reshape(graph.input([3, 4]).node, [2, 5])
    },
    refusal("transpose: expected the axes of [0, 0], got [3, 4].") { graph in
      _ = try graph.transpose(graph.input([3, 4]).node, order: [0, 0])
    },
    refusal("concatenate: expected an axis 2, got [3, 4].") { graph in
      _ = try graph.concatenate([graph.input([3, 4]).node], axis: 2)
    },
    refusal("concatenate: expected equal ranks, got [3, 4] and [3].") { graph in
      _ = try graph.concatenate([graph.input([3, 4]).node, graph.input([3]).node], axis: 0)
    },
    refusal("concatenate: expected equal extents beside axis 1, got [3, 4] and [2, 4].") { graph in
      _ = try graph.concatenate([graph.input([3, 4]).node, graph.input([2, 4]).node], axis: 1)
    },
    refusal("slice: expected elements 2..<5 of axis 1, got [3, 4].") { graph in
      _ = try graph.slice(graph.input([3, 4]).node, axis: 1, 2..<5)
    },
    refusal("split: expected axis 1 to part in 3, got [3, 4].") { graph in
      _ = try graph.split(graph.input([3, 4]).node, axis: 1, into: 3)
    },
    refusal("sum: expected distinct axes [0, 0], got [3, 4].") { graph in
      _ = try graph.sum(graph.input([3, 4]).node, axes: [0, 0])
    },
    refusal("gather: expected a matrix and a list of indices, got [3, 4] and [3].") { graph in
      _ = try graph.gather(graph.input([3, 4]).node, graph.input([3]).node)
    },
    refusal(
      "jointIndex: expected two lists of indices of one length, or a single index,"
        + " got [3] and [2]."
    ) { graph in
      _ = try graph.jointIndex(graph.indexInput([3]).node, graph.indexInput([2]).node, columns: 4)
    },
    refusal(
      "recordProduct: expected rows of 2 records that fit together, got [4, 3] and [6, 2]."
    ) { graph in
      _ = try graph.recordProduct(
        .scores, graph.input([4, 3]).node, graph.input([6, 2]).node, batch: 2)
    },
    refusal(
      "maskedSoftmax: expected rows for each step of a batch, and lengths, got [4, 3] and [3]."
    ) { graph in
      _ = try graph.maskedSoftmax(
        graph.input([4, 3]).node, lengths: graph.indexInput([3]).node)
    },
    refusal(
      "matchingSum: expected weights, the index at each place, and one of each row,"
        + " got [4, 3] and [6] and [3]."
    ) { graph in
      _ = try graph.matchingSum(
        graph.input([4, 3]).node, source: graph.indexInput([6]).node,
        targets: graph.indexInput([3]).node)
    },
    refusal("levelSums: expected weights, and the index at each place, got [4, 3] and [5].") {
      graph in
      _ = try graph.levelSums(
        graph.input([4, 3]).node, source: graph.indexInput([5]).node, levels: 2)
    },
    refusal("layerNormalization: expected a scale and a shift of width 4, got [3, 4] and [3].") {
      graph in
      _ = try graph.layerNormalization(
        graph.input([3, 4]).node, scale: graph.input([3]).node, shift: graph.input([4]).node)
    },
    refusal("bernoulliLogLikelihood: expected two matrices of one shape, got [3, 4] and [3].") {
      graph in
      _ = try graph.bernoulliLogLikelihood(
        logits: graph.input([3, 4]).node, targets: graph.input([3]).node)
    },
    refusal(
      "gaussianLogLikelihood: expected two matrices of one shape and a scalar,"
        + " got [3, 4] and [3, 4] and [4]."
    ) { graph in
      let x = graph.input([3, 4]).node
      _ = try graph.gaussianLogLikelihood(mean: x, logDeviation: graph.input([4]).node, targets: x)
    },
    refusal(
      "categoricalLogLikelihood: expected a matrix and an index for each row, got [3, 4] and [2]."
    ) { graph in
      _ = try graph.categoricalLogLikelihood(
        logits: graph.input([3, 4]).node, indices: graph.indexInput([2]).node)
    },
    refusal("gaussianDivergence: expected four tensors of shape [3, 4], got [3, 1].") { graph in
      let x = graph.input([3, 4]).node
      _ = try graph.gaussianDivergence(
        meanQ: x, logVarianceQ: x, meanP: graph.input([3, 1]).node, logVarianceP: x)
    },
    refusal(
      "bernoulliSample: expected a matrix and a record number for each row, got [3, 4] and [2]."
    ) { graph in
      _ = try graph.bernoulliSample(
        graph.input([3, 4]).node, purpose: "p", records: graph.indexInput([2]).node)
    },
    refusal("dropout: expected a matrix and a record number for each row, got [3, 4] and [2].") {
      graph in
      _ = try graph.dropout(
        graph.input([3, 4]).node, rate: 0.5, purpose: "p", records: graph.indexInput([2]).node)
    },
    refusal("gradients: expected a scalar loss, got [3, 4].") { graph in
      let x = graph.input([3, 4]).node
      _ = try graph.gradients(of: x, by: [x])
    },
  ]
}
