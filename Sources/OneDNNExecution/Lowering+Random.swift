internal import CFusedLoops
import TensorGraph

/// Random numbers, and draws from distributions.
extension Lowering {
  func lowerNormal(_ node: Node, _ operands: [Node], _ purpose: RandomPurpose) throws {
    let records = try value(of: operands[0])
    let result = define(node)
    let shape = graph.shape(of: node)
    let state = state
    run {
      cvae_normal(
        state.random(purpose), records.indices, result.floats, shape.rows, shape.columns, $0)
    }
  }

  func lowerUniform(_ node: Node, _ operands: [Node], _ purpose: RandomPurpose) throws {
    let records = try value(of: operands[0])
    draw(purpose, records, define(node), graph.shape(of: node))
  }

  private func draw(
    _ purpose: RandomPurpose, _ records: Value, _ result: Value, _ shape: Shape
  ) {
    let state = state
    run {
      cvae_uniform(
        state.random(purpose), records.indices, result.floats, shape.rows, shape.columns, $0)
    }
  }

  func lowerDropoutMask(
    _ node: Node, _ operands: [Node], _ purpose: RandomPurpose, rate: Double
  ) throws {
    let records = try value(of: operands[0])
    let result = define(node)
    let shape = graph.shape(of: node)
    draw(purpose, records, result, shape)
    run { _ in cvae_dropout_mask(result.floats, shape.count, Float(rate)) }
  }

  func lowerBernoulliSample(
    _ node: Node, _ operands: [Node], _ purpose: RandomPurpose
  ) throws {
    let probabilities = try value(of: operands[0], as: .float32)
    let records = try value(of: operands[1])
    let result = define(node)
    let shape = graph.shape(of: node)
    draw(purpose, records, result, shape)
    run { _ in cvae_bernoulli_sample(result.floats, probabilities.floats, shape.count) }
  }

  func lowerCategoricalSample(
    _ node: Node, _ operands: [Node], _ purpose: RandomPurpose
  ) throws {
    let logits = try value(of: operands[0], as: .float32)
    let records = try value(of: operands[1])
    let known = operands.count > 2 ? try value(of: operands[2]) : nil
    let result = define(node)
    let shape = graph.shape(of: operands[0])
    let step = operands.count > 2 && graph.shape(of: operands[2]).count > 1 ? 1 : 0
    run { [state] threads in
      cvae_categorical_sample(
        state.random(purpose), records.indices, logits.floats, known?.indices, step,
        result.indices, shape.rows, shape.columns, threads)
    }
  }

  func lowerMixtureSample(
    _ node: Node, _ operands: [Node], _ purpose: RandomPurpose
  ) throws {
    let parameters = try value(of: operands[0], as: .float32)
    let records = try value(of: operands[1])
    let result = define(node)
    let shape = graph.shape(of: node)
    let components = graph.shape(of: operands[0]).columns / 3 / shape.columns
    run { [state] threads in
      cvae_gaussian_mixture_sample(
        state.random(purpose), records.indices, parameters.floats, result.floats, shape.rows,
        shape.columns, components, threads)
    }
  }
}

extension RunState {
  func random(_ purpose: RandomPurpose) -> cvae_random {
    cvae_random(seed: seed, step: step, stream: purpose.stream)
  }
}
