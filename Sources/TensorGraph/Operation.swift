/// What a node computes from its operands.
///
/// Semantics stay close to StableHLO's. Every table over operations (shapes, gradients, reference,
/// oneDNN) switches over this type without `default`, so a new case doesn't compile until each
/// table has an answer.
public enum Operation: Hashable, Sendable {
  /// Real numbers that the caller writes before each run; inputs are counted, so that two of one
  /// shape are two nodes.
  case input(Int)
  /// Whole numbers that the caller writes before each run: levels, record numbers.
  case indexInput(Int)
  /// A trained tensor, by its full path name.
  case parameter(String)
  /// One number in every element.
  case constant(Double)
  /// Standard normal numbers `[records, …]`, one stream for each record; operand: record numbers.
  case normal(RandomPurpose)
  /// Numbers in (0, 1), likewise.
  case uniform(RandomPurpose)
  /// 0, or 1 / (1 − rate) with probability 1 − rate, likewise.
  case dropoutMask(RandomPurpose, rate: Double)

  /// 1 with the probability that the operand holds, else 0; operands: probabilities, record numbers.
  case bernoulliSample(RandomPurpose)
  /// An index drawn by the softmax of a row's logits, unless it is known; operands: logits, record
  /// numbers, and known indices, if any. See ``Graph/categoricalSample(_:known:purpose:records:)``.
  case categoricalSample(RandomPurpose)
  /// Values of mixtures; operands: parameters, record numbers. See
  /// ``Graph/gaussianMixtureSample(_:columns:purpose:records:)``.
  case gaussianMixtureSample(RandomPurpose)

  /// A function of each element.
  case unary(UnaryFunction)
  /// Upstream times a unary function's slope; operands: the function's input or output (see
  /// ``UnaryFunction/slopeReadsOutput``), and upstream.
  case unaryGradient(UnaryFunction)
  /// A function of two tensors' elements, of equal shape.
  case binary(BinaryFunction)
  /// Stretches axes of extent 1, and adds axes at the left.
  case broadcast
  /// The operand, through which no gradient flows.
  case stopGradient
  /// A statistic of a batch that several ranks share, out of each rank's own. See ``Graph/acrossRanks(_:_:)``.
  case acrossRanks(RankStatistic)

  /// Matrix product of two matrices, either read as its transpose.
  case matmul(transposeLeft: Bool, transposeRight: Bool)

  /// Convolution of pictures; operands: pictures `[batch, height, width, in]`, and a kernel
  /// `[height, width, in, out]`.
  case convolution(ConvolutionWindow)
  /// The transpose of a convolution, with its kernel: the gradient by its pictures, of that extent.
  case transposedConvolution(ConvolutionWindow, height: Int, width: Int)
  /// The gradient of a convolution by its kernel, of that extent; operands: pictures, upstream.
  case convolutionWeightGradient(ConvolutionWindow, height: Int, width: Int)
  /// Pictures enlarged by a whole factor.
  case upsample(factor: Int, UpsamplingMethod)
  /// Gradient of bilinear enlargement; operand: upstream.
  case bilinearGradient(factor: Int)
  /// The mean over squares of pixels.
  case averagePool(factor: Int)
  /// x · (1 + scale) + shift, channel by channel; operands: pictures, scale and shift
  /// `[batch, channels]`.
  case modulate
  /// x · (1 + scale) likewise.
  case scaleChannels
  /// Σ x · y over each channel's pixels.
  case pixelProduct

  /// The same elements in the same order under another shape.
  case reshape
  /// Axes in another order.
  case transpose([Int])
  /// Operands joined along one axis.
  case concatenate(axis: Int)
  /// Part of one axis.
  case slice(axis: Int, start: Int, end: Int)
  /// Zeros before and behind along one axis; the gradient of a slice.
  case pad(axis: Int, before: Int, after: Int)

  /// Sum over axes, which vanish.
  case sum(axes: [Int])
  /// Largest element over the last axis, which vanishes. Not differentiable.
  case maximum

  /// Rows of a table `[levels, width]` by index `[batch]`.
  case gather
  /// One index out of two. See ``Graph/jointIndex(_:_:columns:)``.
  case jointIndex(columns: Int)
  /// Adds rows `[batch, width]` into a table of `levels` rows of zeros; the gradient of a gather.
  case scatterAdd(levels: Int)
  /// A long short-term memory. Operands: gates, shared gates, weight, lengths. See
  /// ``Graph/lstm(_:shared:weight:lengths:isReversed:)``.
  case lstm(isReversed: Bool)
  /// What the gradient of an ``lstm(isReversed:)`` with the same operands needs: the cells, `[steps · batch, hidden]`,
  /// then the gates' values, `[steps · batch, 4 · hidden]`, as rows of width hidden.
  case lstmTrace(isReversed: Bool)
  /// Gradient by the gates. Operands: trace, weight, lengths, upstream.
  case lstmGradient(isReversed: Bool)

  /// See ``Graph/recordProduct(_:_:_:batch:)``.
  case recordProduct(RecordProduct, batch: Int)
  /// Operands: scores, lengths. See ``Graph/maskedSoftmax(_:lengths:)``.
  case maskedSoftmax
  /// Operands: weights, source, targets. See ``Graph/matchingSum(_:source:targets:)``.
  case matchingSum
  /// Its gradient by the weights; operands: source, targets, upstream.
  case matchingSumGradient
  /// Operands: weights, source. See ``Graph/levelSums(_:source:levels:)``.
  case levelSums

  /// Softmax over the last axis.
  case softmax
  /// Logarithm of the softmax over the last axis.
  case logSoftmax
  /// Each row less its mean, over its standard deviation: (x − mean) / √(variance + epsilon).
  case normalizeRows(epsilon: Double)
  /// Gradient of the former, with n = (x − mean)/σ: (upstream − mean(upstream) − n · mean(n · upstream))/σ;
  /// operands: its input, and upstream.
  case normalizeRowsGradient(epsilon: Double)

  /// log p of grey values under Bernoulli logits, summed over each row; operands: logits, targets.
  case bernoulliLogLikelihood
  /// Its gradient by the logits l: upstream · (x − sigmoid(l)); operands: logits, targets, upstream `[batch]`.
  case bernoulliLogLikelihoodGradient
  /// log N(x; mean, σ²) summed over each row; operands: mean, log σ (a scalar), targets.
  case gaussianLogLikelihood
  /// log of the softmax of row's logits at an index; operands: logits, indices.
  case categoricalLogLikelihood
  /// Its gradient by the logits l: upstream · (one-hot(index) − softmax(l)), 0 where no level is asked about;
  /// operands: logits, indices, upstream `[batch]`.
  case categoricalLogLikelihoodGradient
  /// log of discretised logistic probabilities, summed over each row; operands: means and log scales
  /// `[batch, 2 · columns]`, targets, and weights of the columns.
  case discretizedLogisticLogLikelihood
  /// Operands: parameters, targets, weights. See ``Graph/gaussianMixtureLogLikelihood(parameters:targets:weights:)``.
  case gaussianMixtureLogLikelihood
  /// Its gradient by the parameters; the last operand is upstream.
  case gaussianMixtureLogLikelihoodGradient
  /// Its gradient by means and log scales; operands: the same, and upstream `[batch]`.
  case discretizedLogisticLogLikelihoodGradient
  /// KL divergence of two diagonal Gaussians, element by element; operands: mean and log-variance
  /// of q, mean and log-variance of p.
  case gaussianDivergence
}

/// Elementwise functions of one operand.
public enum UnaryFunction: Hashable, Sendable {
  case negate, exp, log, squareRoot, square
  case relu
  case leakyRelu(slope: Double)
  case silu, tanh, sigmoid, softplus

  /// Whether the slope is computed from the function's result, not from its operand, so that the
  /// result may overwrite the operand.
  public var slopeReadsOutput: Bool {
    switch self {
    case .exp, .squareRoot, .relu, .leakyRelu, .tanh, .sigmoid: true
    case .negate, .log, .square, .silu, .softplus: false
    }
  }

  /// Whether planning may fuse it into the product before it.
  var isActivation: Bool {
    switch self {
    case .relu, .leakyRelu, .tanh, .sigmoid: true
    case .negate, .exp, .log, .squareRoot, .square, .silu, .softplus: false
    }
  }
}

/// Elementwise functions of two operands.
public enum BinaryFunction: Hashable, Sendable {
  case add, subtract, multiply, divide
}

/// How a statistic of a batch comes of those of its parts.
public enum RankStatistic: Hashable, Sendable {
  /// Of means over records: each part counts by its share of the records.
  case mean
  /// Of sums over records.
  case sum
}

/// What a node's elements are.
public enum ElementType: Hashable, Sendable {
  /// Real numbers, in the executor's precision.
  case real
  /// 32-bit whole numbers.
  case index
}
