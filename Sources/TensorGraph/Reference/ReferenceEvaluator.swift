/// Computes nodes of a graph one by one in `Double`: slow and plain; every executor is compared with it.
///
/// Not for training anything large: it neither fuses operations nor shares memory.
public enum ReferenceEvaluator {
  /// The values of `nodes`; only what they need is computed.
  ///
  /// - Parameters:
  ///   - graph: The computation.
  ///   - nodes: Whose values to return, in this order.
  ///   - inputs: Values of the real inputs.
  ///   - indexInputs: Values of the index inputs.
  ///   - parameters: Parameters by their full path names.
  ///   - position: Where random numbers stand.
  /// - Throws: ``EvaluationError`` when a source is missing or of another shape.
  public static func evaluate(
    _ graph: Graph, nodes: [Node], inputs: [Port<Float>: Tensor] = [:],
    indexInputs: [Port<Int32>: [Int32]] = [:], parameters: [String: Tensor] = [:],
    at position: RandomPosition = RandomPosition(seed: 0, step: 0)
  ) throws -> [Tensor] {
    func byPlace<Element, Value>(_ values: [Port<Element>: Value]) -> [Int: Value] {
      Dictionary(uniqueKeysWithValues: values.map { (graph.place(ofInput: $0), $1) })
    }
    return try evaluate(
      graph, nodes: nodes, inputsByPlace: byPlace(inputs),
      indexInputsByPlace: byPlace(indexInputs), parameters: parameters, at: position)
  }

  static func evaluate(
    _ graph: Graph, nodes: [Node], inputsByPlace: [Int: Tensor],
    indexInputsByPlace: [Int: [Int32]], parameters: [String: Tensor], at position: RandomPosition
  ) throws -> [Tensor] {
    var evaluation = Evaluation(
      graph: graph, inputs: inputsByPlace, indexInputs: indexInputsByPlace,
      parameters: parameters, position: position)
    return try evaluation.run(nodes)
  }

  /// The value that a node would have if its operands had those of `values`; indices as numbers.
  ///
  /// For studies of how errors spread. Sources and random numbers have no such value.
  package static func value(
    of node: Node, in graph: Graph, from values: [Node: Tensor]
  ) throws -> Tensor {
    let known = graph[node].operands.map { operand in
      guard let value = values[operand] else {
        preconditionFailure("Node \(node.position) lacks its operand \(operand.position).")
      }
      return (operand, value)
    }
    var evaluation = Evaluation(
      graph: graph, inputs: [:], indexInputs: [:], parameters: [:],
      position: RandomPosition(seed: 0, step: 0))
    return try evaluation.value(of: node, from: known)
  }
}

/// A source has no value, or not the one that the graph declares.
public struct EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What the graph declares, for example `input 3` or `parameter "decoder.weight"`.
  public let source: String
  /// The declared shape.
  public let expected: Shape
  /// The shape, or the count, that came; nil where nothing did.
  public let actual: Shape?

  /// One sentence that names the source, what it needed and what came.
  public var description: String {
    let came = actual.map { "got shape \($0)" } ?? "got nothing; give it a value before the run"
    return "\(source): expected shape \(expected), \(came)."
  }
}

/// One evaluation: the values computed so far.
private struct Evaluation {
  let graph: Graph
  /// By place among the graph's inputs.
  let inputs: [Int: Tensor]
  let indexInputs: [Int: [Int32]]
  let parameters: [String: Tensor]
  let position: RandomPosition
  var tensors: [Int: Tensor] = [:]
  var indices: [Int: [Int32]] = [:]

  mutating func run(_ nodes: [Node]) throws -> [Tensor] {
    var live = Set(nodes)
    for node in graph.nodes.reversed() where live.contains(node) {
      live.formUnion(graph[node].operands)
    }
    for node in graph.nodes where live.contains(node) {
      let entry = graph[node]
      switch entry.operation {
      case .indexInput(let place): indices[node.position] = try indexInput(place, entry.shape)
      case .categoricalSample(let purpose):
        indices[node.position] = ReferenceSampling.categorical(
          purpose, tensor(entry.operands[0]), index(entry.operands[1]),
          known: entry.operands.count > 2 ? index(entry.operands[2]) : nil, at: position)
      case .jointIndex(let columns):
        indices[node.position] = ReferenceEmbedding.jointIndex(
          index(entry.operands[0]), index(entry.operands[1]), columns: columns,
          count: entry.shape.count)
      default: tensors[node.position] = try value(of: node)
      }
    }
    return nodes.map(result)
  }

  mutating func value(of node: Node, from operands: [(Node, Tensor)]) throws -> Tensor {
    for (operand, value) in operands {
      if graph[operand].elementType == .index {
        indices[operand.position] = value.values.map { Int32($0) }
      } else {
        tensors[operand.position] = value
      }
    }
    return try value(of: node)
  }

  /// Indices as numbers.
  private func result(_ node: Node) -> Tensor {
    guard graph[node].elementType == .index else { return tensor(node) }
    return Tensor(graph[node].shape, index(node).map(Double.init))
  }

  private func tensor(_ node: Node) -> Tensor {
    guard let found = tensors[node.position] else {
      preconditionFailure("Node \(node.position) holds no real numbers: \(graph[node].operation)")
    }
    return found
  }

  private func index(_ node: Node) -> [Int32] {
    guard let found = indices[node.position] else {
      preconditionFailure("Node \(node.position) holds no indices: \(graph[node].operation)")
    }
    return found
  }

  /// The reference's table: one exhaustive switch over all operations.
  private func value(of node: Node) throws -> Tensor {
    let entry = graph[node]
    let operands = entry.operands
    let shape = entry.shape
    func operand(_ place: Int) -> Tensor { tensor(operands[place]) }
    func indices(_ place: Int) -> [Int32] { index(operands[place]) }
    switch entry.operation {
    case .input(let place): return try source("input \(place)", inputs[place], shape)
    case .parameter(let name): return try source("parameter \"\(name)\"", parameters[name], shape)
    case .indexInput, .categoricalSample, .jointIndex:
      preconditionFailure("Indices are no tensors.")
    case .constant(let number): return Tensor(shape, repeating: number)

    case .normal(let purpose):
      return ReferenceRandomNumbers.normal(purpose, indices(0), shape, at: position)
    case .uniform(let purpose):
      return ReferenceRandomNumbers.uniform(purpose, indices(0), shape, at: position)
    case .dropoutMask(let purpose, let rate):
      return ReferenceRandomNumbers.dropoutMask(purpose, rate, indices(0), shape, at: position)
    case .bernoulliSample(let purpose):
      return ReferenceRandomNumbers.bernoulli(purpose, operand(0), indices(1), at: position)
    case .gaussianMixtureSample(let purpose):
      return ReferenceSampling.mixture(purpose, operand(0), indices(1), shape, at: position)

    case .unary(let function):
      return operand(0).map { ReferenceElementwise.unary(function, $0) }
    case .unaryGradient(let function):
      return operand(0).zip(operand(1)) { ReferenceElementwise.slope(function, $0) * $1 }
    case .binary(let function):
      return operand(0).zip(operand(1)) { ReferenceElementwise.binary(function, $0, $1) }
    case .broadcast: return ReferenceElementwise.broadcast(operand(0), to: shape)
    case .stopGradient, .acrossRanks: return operand(0)

    case .matmul(let transposeLeft, let transposeRight):
      return ReferenceMatrixProduct.matmul(
        operand(0), operand(1), transposeLeft: transposeLeft, transposeRight: transposeRight)

    case .convolution(let window):
      return ReferenceConvolution.convolution(operand(0), operand(1), window, to: shape)
    case .transposedConvolution(let window, _, _):
      return ReferenceConvolution.transposed(operand(0), operand(1), window, to: shape)
    case .convolutionWeightGradient(let window, _, _):
      return ReferenceConvolution.weightGradient(
        operand(0), upstream: operand(1), window, to: shape)
    case .upsample(let factor, let method):
      return ReferencePictures.upsample(operand(0), factor: factor, method, to: shape)
    case .bilinearGradient(let factor):
      return ReferencePictures.bilinearGradient(operand(0), factor: factor, to: shape)
    case .averagePool(let factor):
      return ReferencePictures.averagePool(operand(0), factor: factor, to: shape)
    case .modulate:
      return ReferencePictures.modulate(operand(0), scale: operand(1), shift: operand(2))
    case .scaleChannels:
      return ReferencePictures.modulate(operand(0), scale: operand(1), shift: nil)
    case .pixelProduct:
      return ReferencePictures.pixelProduct(operand(0), operand(1), to: shape)

    case .reshape: return Tensor(shape, operand(0).values)
    case .transpose(let order): return ReferenceArrangement.transpose(operand(0), order: order)
    case .concatenate(let axis):
      return ReferenceArrangement.concatenate(operands.map(tensor), axis: axis, to: shape)
    case .slice(let axis, let start, _):
      return ReferenceArrangement.slice(operand(0), axis: axis, start: start, to: shape)
    case .pad(let axis, let before, _):
      return ReferenceArrangement.pad(operand(0), axis: axis, before: before, to: shape)

    case .sum(let axes): return ReferenceReduction.sum(operand(0), axes: axes, to: shape)
    case .maximum: return ReferenceReduction.maximum(operand(0))

    case .gather: return ReferenceEmbedding.gather(operand(0), indices(1))
    case .scatterAdd(let levels):
      return ReferenceEmbedding.scatterAdd(operand(0), indices(1), levels: levels)

    case .lstm(let isReversed), .lstmTrace(let isReversed):
      let recurrence = ReferenceRecurrence(
        rows: operand(0).shape.rows, hidden: shape.columns, lengths: indices(3),
        isReversed: isReversed)
      let states = recurrence.states(operand(0), operand(1), operand(2))
      if case .lstm = entry.operation { return Tensor(shape, states.outputs) }
      return Tensor(shape, states.trace)
    case .lstmGradient(let isReversed):
      let recurrence = ReferenceRecurrence(
        rows: shape.rows, hidden: operand(1).shape.rows, lengths: indices(2),
        isReversed: isReversed)
      return Tensor(
        shape, recurrence.gradient(operand(0), operand(1), upstream: operand(3)))

    case .recordProduct(let product, let batch):
      return ReferenceAttention.product(product, operand(0), operand(1), batch: batch, to: shape)
    case .maskedSoftmax:
      return ReferenceAttention.maskedSoftmax(operand(0), lengths: indices(1))
    case .matchingSum:
      return ReferenceAttention.matchingSum(operand(0), source: indices(1), targets: indices(2))
    case .matchingSumGradient:
      return ReferenceAttention.matchingSumGradient(
        source: indices(0), targets: indices(1), upstream: operand(2), to: shape)
    case .levelSums:
      return ReferenceAttention.levelSums(operand(0), source: indices(1), to: shape)

    case .softmax: return ReferenceReduction.softmax(operand(0))
    case .logSoftmax: return ReferenceReduction.logSoftmax(operand(0))
    case .normalizeRows(let epsilon):
      return ReferenceReduction.normalizeRows(operand(0), epsilon: epsilon)
    case .normalizeRowsGradient(let epsilon):
      return ReferenceReduction.normalizeRowsGradient(operand(0), operand(1), epsilon: epsilon)

    case .bernoulliLogLikelihood:
      return ReferenceLikelihoods.bernoulli(operand(0), targets: operand(1))
    case .bernoulliLogLikelihoodGradient:
      return ReferenceLikelihoods.bernoulliGradient(
        operand(0), targets: operand(1), upstream: operand(2))
    case .gaussianLogLikelihood:
      return ReferenceLikelihoods.gaussian(
        operand(0), logDeviation: operand(1), targets: operand(2))
    case .categoricalLogLikelihood:
      return ReferenceLikelihoods.categorical(operand(0), indices(1))
    case .categoricalLogLikelihoodGradient:
      return ReferenceLikelihoods.categoricalGradient(
        operand(0), indices(1), upstream: operand(2))
    case .discretizedLogisticLogLikelihood:
      return ReferenceDiscretizedLogistic.logLikelihood(
        operand(0), targets: operand(1), weights: operand(2))
    case .discretizedLogisticLogLikelihoodGradient:
      return ReferenceDiscretizedLogistic.gradient(
        operand(0), targets: operand(1), weights: operand(2), upstream: operand(3))
    case .gaussianMixtureLogLikelihood:
      return ReferenceGaussianMixture.logLikelihood(
        operand(0), targets: operand(1), weights: operand(2))
    case .gaussianMixtureLogLikelihoodGradient:
      return ReferenceGaussianMixture.gradient(
        operand(0), targets: operand(1), weights: operand(2), upstream: operand(3))
    case .gaussianDivergence:
      return ReferenceLikelihoods.divergence(
        meanQ: operand(0), logVarianceQ: operand(1), meanP: operand(2), logVarianceP: operand(3))
    }
  }

  private func source(_ name: String, _ given: Tensor?, _ shape: Shape) throws -> Tensor {
    guard let given, given.shape == shape else {
      throw EvaluationError(source: name, expected: shape, actual: given?.shape)
    }
    return given
  }

  private func indexInput(_ place: Int, _ shape: Shape) throws -> [Int32] {
    let given = indexInputs[place]
    guard let given, given.count == shape.count else {
      throw EvaluationError(
        source: "index input \(place)", expected: shape,
        actual: given.map { Shape([max(1, $0.count)]) })
    }
    return given
  }
}
