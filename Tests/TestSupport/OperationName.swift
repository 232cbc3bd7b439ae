public import TensorGraph

/// The cases of `Operation` without their values, so that a test can list them all.
public enum OperationName: String, CaseIterable, Sendable {
  case input, indexInput, parameter, constant
  case normal, uniform, dropoutMask, bernoulliSample
  case categoricalSample, gaussianMixtureSample
  case unary, unaryGradient, binary, broadcast, stopGradient, acrossRanks
  case matmul
  case convolution, transposedConvolution, convolutionWeightGradient
  case upsample, bilinearGradient, averagePool
  case modulate, scaleChannels, pixelProduct
  case reshape, transpose, concatenate, slice, pad
  case sum, maximum
  case gather, jointIndex, scatterAdd, lstm, lstmTrace, lstmGradient
  case recordProduct, maskedSoftmax, matchingSum, matchingSumGradient, levelSums
  case softmax, logSoftmax, normalizeRows, normalizeRowsGradient
  case bernoulliLogLikelihood, bernoulliLogLikelihoodGradient
  case gaussianLogLikelihood
  case categoricalLogLikelihood, categoricalLogLikelihoodGradient
  case discretizedLogisticLogLikelihood, discretizedLogisticLogLikelihoodGradient
  case gaussianMixtureLogLikelihood, gaussianMixtureLogLikelihoodGradient
  case gaussianDivergence

  /// The name of an operation; a new operation doesn't compile until it has one, and then the
  /// catalogue must use it.
  public init(_ operation: Operation) {
    self =
      switch operation {
      case .input: .input
      case .indexInput: .indexInput
      case .parameter: .parameter
      case .constant: .constant
      case .normal: .normal
      case .uniform: .uniform
      case .dropoutMask: .dropoutMask
      case .bernoulliSample: .bernoulliSample
      case .categoricalSample: .categoricalSample
      case .gaussianMixtureSample: .gaussianMixtureSample
      case .unary: .unary
      case .unaryGradient: .unaryGradient
      case .binary: .binary
      case .broadcast: .broadcast
      case .stopGradient: .stopGradient
      case .acrossRanks: .acrossRanks
      case .matmul: .matmul
      case .convolution: .convolution
      case .transposedConvolution: .transposedConvolution
      case .convolutionWeightGradient: .convolutionWeightGradient
      case .upsample: .upsample
      case .bilinearGradient: .bilinearGradient
      case .averagePool: .averagePool
      case .modulate: .modulate
      case .scaleChannels: .scaleChannels
      case .pixelProduct: .pixelProduct
      case .reshape: .reshape
      case .transpose: .transpose
      case .concatenate: .concatenate
      case .slice: .slice
      case .pad: .pad
      case .sum: .sum
      case .maximum: .maximum
      case .gather: .gather
      case .jointIndex: .jointIndex
      case .scatterAdd: .scatterAdd
      case .lstm: .lstm
      case .lstmTrace: .lstmTrace
      case .lstmGradient: .lstmGradient
      case .recordProduct: .recordProduct
      case .maskedSoftmax: .maskedSoftmax
      case .matchingSum: .matchingSum
      case .matchingSumGradient: .matchingSumGradient
      case .levelSums: .levelSums
      case .softmax: .softmax
      case .logSoftmax: .logSoftmax
      case .normalizeRows: .normalizeRows
      case .normalizeRowsGradient: .normalizeRowsGradient
      case .bernoulliLogLikelihood: .bernoulliLogLikelihood
      case .bernoulliLogLikelihoodGradient: .bernoulliLogLikelihoodGradient
      case .gaussianLogLikelihood: .gaussianLogLikelihood
      case .categoricalLogLikelihood: .categoricalLogLikelihood
      case .categoricalLogLikelihoodGradient: .categoricalLogLikelihoodGradient
      case .discretizedLogisticLogLikelihood: .discretizedLogisticLogLikelihood
      case .discretizedLogisticLogLikelihoodGradient: .discretizedLogisticLogLikelihoodGradient
      case .gaussianMixtureLogLikelihood: .gaussianMixtureLogLikelihood
      case .gaussianMixtureLogLikelihoodGradient: .gaussianMixtureLogLikelihoodGradient
      case .gaussianDivergence: .gaussianDivergence
      }
  }
}

/// The cases of `UnaryFunction` and `BinaryFunction` without their values.
public enum FunctionName: String, CaseIterable, Sendable {
  case negate, exp, log, squareRoot, square
  case relu, leakyRelu, silu, tanh, sigmoid, softplus
  case add, subtract, multiply, divide

  /// The name of a function of one operand.
  public init(_ function: UnaryFunction) {
    self =
      switch function {
      case .negate: .negate
      case .exp: .exp
      case .log: .log
      case .squareRoot: .squareRoot
      case .square: .square
      case .relu: .relu
      case .leakyRelu: .leakyRelu
      case .silu: .silu
      case .tanh: .tanh
      case .sigmoid: .sigmoid
      case .softplus: .softplus
      }
  }

  /// The name of a function of two operands.
  public init(_ function: BinaryFunction) {
    self =
      switch function {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      }
  }
}
