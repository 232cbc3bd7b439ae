extension Graph {
  /// Appends the gradient of a scalar by each of `targets`: reverse-mode differentiation as a
  /// graph transform.
  ///
  /// Targets that don't influence `loss` get a gradient of zeros. Nodes that don't depend on any target are
  /// left alone.
  ///
  /// - Throws: ``ShapeMismatch`` when `loss` is no scalar.
  public mutating func gradients(
    of loss: Node, by targets: [Node]
  ) throws(ShapeMismatch) -> [Node] {
    guard shape(of: loss).rank == 0 else {
      throw ShapeMismatch("gradients", expected: "a scalar loss", actual: shape(of: loss))
    }
    let needed = dependents(of: targets, upTo: loss)
    var adjoint: [Node: Node] = [loss: constant(1)]
    for position in stride(from: loss.position, through: 0, by: -1) {
      let node = Node(position: position)
      guard needed[position], let upstream = adjoint[node] else { continue }
      let operands = self[node].operands
      if operands.isEmpty { continue }
      let parts = try operandGradients(of: node, upstream: upstream)
      for (operand, part) in zip(operands, parts) {
        guard let part, needed[operand.position] else { continue }
        adjoint[operand] = adjoint[operand].map { accumulate($0, part) } ?? part
      }
    }
    return targets.map { target in
      adjoint[target] ?? broadcastUnchecked(constant(0), to: shape(of: target))
    }
  }

  /// The sum of two gradients; two slices' that fill one axis are joined instead.
  private mutating func accumulate(_ first: Node, _ second: Node) -> Node {
    for (low, high) in [(first, second), (second, first)] {
      if case .pad(let axis, 0, let after) = self[low].operation,
        case .pad(axis, let before, 0) = self[high].operation
      {
        let parts = [self[low].operands[0], self[high].operands[0]]
        let extents = parts.map { shape(of: $0).dimensions[axis] }
        guard extents == [before, after] else { continue }
        return append(.concatenate(axis: axis), parts, shape: shape(of: first))
      }
    }
    return binaryUnchecked(.add, first, second)
  }

  /// For each node up to `last`, whether it depends on a target.
  private func dependents(of targets: [Node], upTo last: Node) -> [Bool] {
    var needed = [Bool](repeating: false, count: last.position + 1)
    for target in targets where target.position <= last.position { needed[target.position] = true }
    for position in 0...last.position where !needed[position] {
      needed[position] = entries[position].operands.contains { needed[$0.position] }
    }
    return needed
  }

  /// The gradient by the first operand, in one pass of an operation of its own; the others are data and get none.
  private mutating func fused(
    _ gradient: Operation, _ operands: [Node], _ upstream: Node
  ) -> [Node?] {
    let byFirst = append(gradient, operands + [upstream], shape: shape(of: operands[0]))
    return [byFirst] + operands.dropFirst().map { _ in nil }
  }

  /// The gradient table: the gradient of each operand given `upstream`; nil for none.
  private mutating func operandGradients(
    of node: Node, upstream: Node
  ) throws(ShapeMismatch) -> [Node?] {
    let operation = self[node].operation
    let operands = self[node].operands
    switch operation {
    case .input, .indexInput, .parameter, .constant: return []
    case .normal, .uniform, .dropoutMask: return [nil]
    case .bernoulliSample, .gaussianMixtureSample: return [nil, nil]
    case .categoricalSample, .jointIndex, .levelSums: return operands.map { _ in nil }
    case .stopGradient, .maximum, .acrossRanks(.sum): return [nil]
    case .acrossRanks(.mean): return [upstream]
    case .unary(let function):
      return [
        ElementwiseGradient.unary(
          &self, function, input: operands[0], output: node, upstream: upstream)
      ]
    case .binary(let function):
      return try ElementwiseGradient.binary(
        &self, function, operands[0], operands[1], output: node, upstream: upstream)
    case .broadcast:
      return [try ElementwiseGradient.broadcast(&self, input: operands[0], upstream: upstream)]
    case .matmul(let transposeLeft, let transposeRight):
      return try MatrixProductGradient.backward(
        &self, operands[0], operands[1], transposeLeft: transposeLeft,
        transposeRight: transposeRight, upstream: upstream)
    case .convolution(let window):
      return try ConvolutionGradient.convolution(
        &self, operands[0], operands[1], window, upstream: upstream)
    case .transposedConvolution(let window, _, _):
      return ConvolutionGradient.transposed(
        &self, operands[0], operands[1], window, upstream: upstream)
    case .upsample(let factor, let method):
      return [
        try ResamplingGradient.upsample(
          &self, input: operands[0], factor: factor, method, upstream: upstream)
      ]
    case .averagePool(let factor):
      return [try ResamplingGradient.averagePool(&self, factor: factor, upstream: upstream)]
    case .modulate:
      return try ModulationGradient.modulate(
        &self, x: operands[0], scale: operands[1], upstream: upstream)
    case .reshape: return [try reshape(upstream, shape(of: operands[0]))]
    case .transpose(let order):
      return [ArrangementGradient.transpose(&self, order: order, upstream: upstream)]
    case .concatenate(let axis):
      return try ArrangementGradient.concatenate(
        &self, operands: operands, axis: axis, upstream: upstream)
    case .slice(let axis, let start, let end):
      return [
        ArrangementGradient.slice(
          &self, input: operands[0], axis: axis, start: start, end: end, upstream: upstream)
      ]
    case .pad(let axis, let before, _):
      return [
        try ArrangementGradient.pad(
          &self, input: operands[0], axis: axis, before: before, upstream: upstream)
      ]
    case .sum(let axes):
      return [try ReductionGradient.sum(&self, input: operands[0], axes: axes, upstream: upstream)]
    case .gather:
      return [
        scatterAdd(upstream, operands[1], levels: shape(of: operands[0]).dimensions[0]), nil,
      ]
    case .lstm(let isReversed):
      return try RecurrenceGradient.lstm(
        &self, node, isReversed: isReversed, upstream: upstream)
    case .recordProduct(let product, let batch):
      return try AttentionGradient.product(
        &self, product, batch: batch, operands, upstream: upstream)
    case .maskedSoftmax:
      return [try SoftmaxGradient.softmax(&self, output: node, upstream: upstream), nil]
    case .matchingSum:
      let byWeights = append(
        .matchingSumGradient, [operands[1], operands[2], upstream], shape: shape(of: operands[0]))
      return [byWeights, nil, nil]
    case .scatterAdd: return [try gather(upstream, operands[1]), nil]
    case .softmax: return [try SoftmaxGradient.softmax(&self, output: node, upstream: upstream)]
    case .logSoftmax:
      return [try SoftmaxGradient.logSoftmax(&self, output: node, upstream: upstream)]
    case .normalizeRows(let epsilon):
      return fused(.normalizeRowsGradient(epsilon: epsilon), operands, upstream)
    case .bernoulliLogLikelihood:
      return fused(.bernoulliLogLikelihoodGradient, operands, upstream)
    case .gaussianLogLikelihood:
      return try LikelihoodGradient.gaussian(
        &self, mean: operands[0], logDeviation: operands[1], targets: operands[2],
        upstream: upstream)
    case .categoricalLogLikelihood:
      return fused(.categoricalLogLikelihoodGradient, operands, upstream)
    case .discretizedLogisticLogLikelihood:
      return fused(.discretizedLogisticLogLikelihoodGradient, operands, upstream)
    case .gaussianMixtureLogLikelihood:
      return fused(.gaussianMixtureLogLikelihoodGradient, operands, upstream)
    case .gaussianDivergence:
      return try DivergenceGradient.backward(&self, operands, upstream: upstream)
    case .convolutionWeightGradient, .bilinearGradient, .scaleChannels, .pixelProduct,
      .unaryGradient, .normalizeRowsGradient, .bernoulliLogLikelihoodGradient,
      .categoricalLogLikelihoodGradient, .discretizedLogisticLogLikelihoodGradient,
      .gaussianMixtureLogLikelihoodGradient, .lstmTrace, .lstmGradient,
      .matchingSumGradient:
      preconditionFailure("\(operation) is itself a gradient; second derivatives are not built.")
    }
  }
}
