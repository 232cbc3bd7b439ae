import TensorGraph

/// How an operation rounds, and how what its operands are off by reaches its result.
enum ErrorSpread {
  /// Neither rounds nor passes anything on.
  case exact
  /// A result of no real operand: rounded so often, at least at a magnitude.
  case rounded(times: Double, magnitude: Double)
  /// A sum of so many terms. Where an algorithm sums all over the picture (Winograd's), its error is
  /// so many times that of the largest sum.
  case sum(terms: Int, amplification: Double?)
  /// Each element depends on one element of each operand, or is a mean of a few. Operands are rounded so often,
  /// then the result, and terms of the magnitude `cancelling`.
  case elements(operands: Double, results: Double, cancelling: Double = 0)
  /// Each element depends on a whole row of an operand. Terms as large as the row's factor in
  /// the operand `scale` may cancel.
  case rows(operands: Double, results: Double, scale: Int?)

  /// Each element depends on all of the steps before it. Where an executor rounds what a step hands on, that reaches
  /// the steps behind it as an error of the operand `carrier` does, times the weights, the operand `weight`.
  case recurrence(carrier: Int, weight: Int, steps: Int)

  init(_ graph: Graph, _ node: Node) {
    let entry = graph[node]
    func shape(_ place: Int) -> Shape { graph.shape(of: entry.operands[place]) }
    func rows(scale: Int? = nil) -> ErrorSpread {
      .rows(operands: 2, results: 4 + Double(shape(0).columns).squareRoot(), scale: scale)
    }
    switch entry.operation {
    case .input, .indexInput, .parameter, .categoricalSample, .jointIndex, .bernoulliSample:
      self = .exact
    case .constant, .dropoutMask, .uniform: self = .rounded(times: 1, magnitude: 0)
    // A radius times a cosine near 0, or a mean that it cancels: the parts are a few units large.
    case .normal, .gaussianMixtureSample: self = .rounded(times: 4, magnitude: 4)

    case .unary(let function):
      switch function {
      case .negate, .relu: self = .elements(operands: 0, results: 0)
      case .leakyRelu, .square, .squareRoot: self = .elements(operands: 0, results: 1)
      case .exp, .log, .silu, .tanh, .sigmoid, .softplus: self = .elements(operands: 1, results: 4)
      }
    case .unaryGradient(let function):
      self = .elements(operands: function.slopeReadsOutput ? 0 : 1, results: 4)
    case .binary: self = .elements(operands: 0, results: 1)
    case .broadcast, .stopGradient, .acrossRanks, .reshape, .transpose, .concatenate, .slice, .pad,
      .gather,
      .maximum, .upsample(_, .nearest):
      self = .elements(operands: 0, results: 0)
    case .modulate, .scaleChannels: self = .elements(operands: 1, results: 2)
    case .upsample(_, .bilinear):
      // A weight is the fraction of a coordinate, which rounds at its own magnitude.
      let size = max(shape(0).dimensions[1], shape(0).dimensions[2])
      self = .elements(operands: Double(size), results: 2)
    // exp(r) − 1 − r, where r is small.
    case .gaussianDivergence: self = .elements(operands: 2, results: 4, cancelling: 1)

    case .matmul(let transposed, _):
      self = .sum(terms: shape(0).dimensions[transposed ? 0 : 1], amplification: nil)
    case .convolution(let window):
      let kernel = shape(1).dimensions
      self = .convolution(kernel, window, terms: kernel[0] * kernel[1] * kernel[2])
    case .transposedConvolution(let window, _, _):
      let kernel = shape(1).dimensions
      self = .convolution(kernel, window, terms: kernel[0] * kernel[1] * kernel[3])
    case .convolutionWeightGradient(let window, _, _):
      self = .convolution(
        entry.shape.dimensions, window, terms: shape(1).count / shape(1).columns)
    case .lstm, .lstmTrace:
      self = .recurrence(carrier: 0, weight: 2, steps: shape(0).rows / shape(3).count)
    case .lstmGradient:
      self = .recurrence(carrier: 3, weight: 1, steps: shape(3).rows / shape(2).count)
    case .sum: self = .sum(terms: shape(0).count / entry.shape.count, amplification: nil)
    case .scatterAdd: self = .sum(terms: shape(0).rows, amplification: nil)
    case .pixelProduct:
      self = .sum(terms: shape(0).dimensions[1] * shape(0).dimensions[2], amplification: nil)
    case .averagePool(let factor): self = .sum(terms: factor * factor, amplification: nil)
    case .bilinearGradient(let factor):
      self = .sum(terms: 4 * factor * factor, amplification: nil)

    case .recordProduct(let product, let batch):
      let terms =
        switch product {
        case .scores, .mixture: shape(0).columns
        case .transposedMixture: shape(0).rows / batch
        }
      self = .sum(terms: terms, amplification: nil)
    case .matchingSum, .levelSums: self = .sum(terms: shape(0).columns, amplification: nil)
    case .matchingSumGradient: self = .elements(operands: 0, results: 0)
    case .maskedSoftmax, .softmax, .logSoftmax, .normalizeRows, .bernoulliLogLikelihood,
      .gaussianLogLikelihood,
      .categoricalLogLikelihood, .discretizedLogisticLogLikelihood, .gaussianMixtureLogLikelihood:
      self = rows()
    case .normalizeRowsGradient: self = rows()
    case .bernoulliLogLikelihoodGradient, .categoricalLogLikelihoodGradient: self = rows(scale: 2)
    case .discretizedLogisticLogLikelihoodGradient, .gaussianMixtureLogLikelihoodGradient:
      self = rows(scale: 3)
    }
  }

  /// Winograd's algorithm, where it serves, rounds twice as much as the plain sum
  /// (`Benchmarks/peers/winograd_points.py`), wherever in a tile the large numbers stand.
  private static func convolution(
    _ kernel: [Int], _ window: ConvolutionWindow, terms: Int
  ) -> ErrorSpread {
    let mayBeWinograd = kernel.prefix(2) == [3, 3] && window == ConvolutionWindow(padding: 1)
    return .sum(terms: terms, amplification: mayBeWinograd ? 2 : nil)
  }
}
