import TensorGraph

/// Turns a graph into StableHLO's text, node by node.
///
/// Shapes are those of the graph, which its builders have checked: XLA never sees one that doesn't fit.
struct Emission {
  let graph: Graph
  let precision: Precision
  var builder = HLOBuilder()
  /// The bits of the seed (low, high), then the step.
  let position: HLOValue
  private var values: [Node: HLOValue]
  /// States of recurrences that both an `lstm` and its trace read, by operands and direction.
  var recurrences: [RecurrenceKey: RecurrenceStates] = [:]

  /// - Parameter sources: Inputs and parameters.
  init(
    _ graph: Graph, precision: Precision, sources: [Node: HLOValue], position: HLOValue
  ) {
    self.graph = graph
    self.precision = precision
    self.position = position
    values = sources
  }

  /// The nodes that `nodes` need, themselves included, operands first.
  static func live(_ nodes: [Node], in graph: Graph) -> [Node] {
    var live = Set(nodes)
    for node in graph.nodes.reversed() where live.contains(node) {
      live.formUnion(graph[node].operands)
    }
    return graph.nodes.filter { live.contains($0) }
  }

  subscript(_ node: Node) -> HLOValue {
    guard let value = values[node] else {
      preconditionFailure("Node \(node.position) has no value: \(graph[node].operation)")
    }
    return value
  }

  /// Emits what isn't a source.
  mutating func emit(_ nodes: [Node]) {
    for node in nodes where values[node] == nil { values[node] = value(of: node) }
  }

  /// The table: one exhaustive switch over all operations.
  private mutating func value(of node: Node) -> HLOValue {
    let entry = graph[node]
    let shape = entry.shape
    let x = entry.operands.map { self[$0] }
    switch entry.operation {
    case .input, .indexInput, .parameter: preconditionFailure("Sources are arguments.")
    case .constant(let number): return builder.number(number, shape.dimensions)

    case .normal(let purpose): return normal(purpose, x[0], shape)
    case .uniform(let purpose): return uniform(purpose, x[0], shape)
    case .dropoutMask(let purpose, let rate): return dropoutMask(purpose, rate, x[0], shape)
    case .bernoulliSample(let purpose): return bernoulliSample(purpose, x[0], x[1])
    case .categoricalSample(let purpose):
      return categoricalSample(purpose, x[0], x[1], known: x.count > 2 ? x[2] : nil)
    case .gaussianMixtureSample(let purpose):
      return gaussianMixtureSample(purpose, x[0], x[1], shape)

    case .unary(let function): return unary(function, x[0])
    case .unaryGradient(let function): return builder.multiply(slope(function, x[0]), x[1])
    case .binary(let function): return binary(function, x[0], x[1])
    case .broadcast: return builder.stretch(x[0], to: shape.dimensions)
    case .stopGradient, .acrossRanks: return x[0]

    case .matmul(let left, let right):
      return product(x[0], x[1], contracting: (left ? 0 : 1, right ? 1 : 0))

    case .convolution(let window): return convolution(x[0], x[1], window, shape)
    case .transposedConvolution(let window, _, _):
      return transposedConvolution(x[0], x[1], window, shape)
    case .convolutionWeightGradient(let window, _, _):
      return convolutionWeightGradient(x[0], x[1], window, shape)
    case .upsample(let factor, let method): return upsample(x[0], factor, method)
    case .bilinearGradient(let factor): return bilinearGradient(x[0], factor)
    case .averagePool(let factor): return averagePool(x[0], factor)
    case .modulate: return modulate(x[0], scale: x[1], shift: x[2])
    case .scaleChannels: return modulate(x[0], scale: x[1], shift: nil)
    case .pixelProduct: return builder.sum(builder.multiply(x[0], x[1]), [1, 2])

    case .reshape: return builder.reshape(x[0], shape.dimensions)
    case .transpose(let order): return builder.transpose(x[0], order)
    case .concatenate(let axis): return builder.concatenate(x, axis: axis)
    case .slice(let axis, let start, let end):
      return builder.slice(x[0], axis: axis, start..<end)
    case .pad(let axis, let before, let after):
      return builder.pad(x[0], axis: axis, before: before, after: after)

    case .sum(let axes): return builder.sum(x[0], axes)
    case .maximum: return builder.largestOfRows(x[0])

    case .gather: return gather(x[0], x[1])
    case .jointIndex(let columns): return jointIndex(x[0], x[1], columns, shape)
    case .scatterAdd(let levels): return scatterAdd(x[0], x[1], levels)
    case .lstm(let isReversed): return lstm(node, isReversed: isReversed)
    case .lstmTrace(let isReversed): return lstmTrace(node, isReversed: isReversed)
    case .lstmGradient(let isReversed):
      return lstmGradient(
        trace: x[0], weight: x[1], lengths: x[2], upstream: x[3], isReversed: isReversed)

    case .recordProduct(let product, let batch):
      return recordProduct(product, x[0], x[1], batch)
    case .maskedSoftmax: return maskedSoftmax(x[0], lengths: x[1])
    case .matchingSum: return matchingSum(x[0], source: x[1], targets: x[2])
    case .matchingSumGradient:
      return matchingSumGradient(source: x[0], targets: x[1], upstream: x[2], shape)
    case .levelSums: return levelSums(x[0], source: x[1], shape)

    case .softmax: return softmax(x[0])
    case .logSoftmax: return logSoftmax(x[0])
    case .normalizeRows(let epsilon): return normalizedRows(x[0], epsilon).normal
    case .normalizeRowsGradient(let epsilon): return normalizeRowsGradient(x[0], x[1], epsilon)

    case .bernoulliLogLikelihood: return bernoulliLogLikelihood(x[0], x[1])
    case .bernoulliLogLikelihoodGradient:
      return bernoulliLogLikelihoodGradient(x[0], x[1], upstream: x[2])
    case .gaussianLogLikelihood: return gaussianLogLikelihood(x[0], x[1], x[2])
    case .categoricalLogLikelihood: return categoricalLogLikelihood(x[0], x[1])
    case .categoricalLogLikelihoodGradient:
      return categoricalLogLikelihoodGradient(x[0], x[1], upstream: x[2])
    case .discretizedLogisticLogLikelihood:
      return discretizedLogistic(x[0], targets: x[1], weights: x[2])
    case .discretizedLogisticLogLikelihoodGradient:
      return discretizedLogisticGradient(x[0], targets: x[1], weights: x[2], upstream: x[3])
    case .gaussianMixtureLogLikelihood:
      return gaussianMixture(x[0], targets: x[1], weights: x[2])
    case .gaussianMixtureLogLikelihoodGradient:
      return gaussianMixtureGradient(x[0], targets: x[1], weights: x[2], upstream: x[3])
    case .gaussianDivergence: return gaussianDivergence(x)
    }
  }
}
