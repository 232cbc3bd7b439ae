internal import CFusedLoops
import TensorGraph

/// Random numbers, and draws from distributions.
extension Lowering {
  func lowerNormal(_ node: Node, _ operands: [Node], _ purpose: RandomPurpose) throws {
    try lowerRows(node, operands, over: node) { [state] records, y, shape, threads in
      cvae_normal(
        state.random(purpose), records[0].indices, y.floats, shape.rows, shape.columns, threads)
    }
  }

  func lowerUniform(_ node: Node, _ operands: [Node], _ purpose: RandomPurpose) throws {
    try lowerRows(node, operands, over: node) { [state] records, y, shape, threads in
      state.uniform(purpose, records[0], y, shape, threads)
    }
  }

  func lowerDropoutMask(
    _ node: Node, _ operands: [Node], _ purpose: RandomPurpose, rate: Double
  ) throws {
    try lowerRows(node, operands, over: node) { [state] records, y, shape, threads in
      state.uniform(purpose, records[0], y, shape, threads)
      cvae_dropout_mask(y.floats, shape.count, Float(rate))
    }
  }

  func lowerBernoulliSample(
    _ node: Node, _ operands: [Node], _ purpose: RandomPurpose
  ) throws {
    try lowerRows(node, operands, over: node) { [state] x, y, shape, threads in
      state.uniform(purpose, x[1], y, shape, threads)
      cvae_bernoulli_sample(y.floats, x[0].floats, shape.count)
    }
  }

  func lowerCategoricalSample(
    _ node: Node, _ operands: [Node], _ purpose: RandomPurpose
  ) throws {
    let isKnown = operands.count > 2
    let step = isKnown && graph.shape(of: operands[2]).count > 1 ? 1 : 0
    try lowerRows(node, operands) { [state] x, y, shape, threads in
      cvae_categorical_sample(
        state.random(purpose), x[1].indices, x[0].floats, isKnown ? x[2].indices : nil, step,
        y.indices, shape.rows, shape.columns, threads)
    }
  }

  func lowerMixtureSample(
    _ node: Node, _ operands: [Node], _ purpose: RandomPurpose
  ) throws {
    let components = mixtureComponents(operands[0], over: node)
    try lowerRows(node, operands, over: node) { [state] x, y, shape, threads in
      cvae_gaussian_mixture_sample(
        state.random(purpose), x[1].indices, x[0].floats, y.floats, shape.rows, shape.columns,
        components, threads)
    }
  }
}

extension RunState {
  fileprivate func uniform(
    _ purpose: RandomPurpose, _ records: Value, _ result: Value, _ shape: Shape, _ threads: Int32
  ) {
    cvae_uniform(
      random(purpose), records.indices, result.floats, shape.rows, shape.columns, threads)
  }

  fileprivate func random(_ purpose: RandomPurpose) -> cvae_random {
    cvae_random(seed: seed, step: step, stream: purpose.stream)
  }
}
