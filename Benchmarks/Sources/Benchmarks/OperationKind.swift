import TensorGraph

/// What is timed: the cases of `Operation` that compute something, without their values.
enum OperationKind: String, CaseIterable {
  case normal, uniform, dropoutMask, bernoulliSample, categoricalSample, gaussianMixtureSample
  case unary, unaryGradient, binary, broadcast, stopGradient
  case matmul, convolution, transposedConvolution, convolutionWeightGradient
  case upsample, bilinearGradient, averagePool, modulate, scaleChannels, pixelProduct
  case reshape, transpose, concatenate, slice, pad
  case sum, maximum, gather, jointIndex, scatterAdd
  case lstm, lstmGradient
  case recordProduct, maskedSoftmax, matchingSum, matchingSumGradient, levelSums
  case softmax, logSoftmax, normalizeRows, normalizeRowsGradient
  case bernoulliLogLikelihood, bernoulliLogLikelihoodGradient, gaussianLogLikelihood
  case categoricalLogLikelihood, categoricalLogLikelihoodGradient
  case discretizedLogisticLogLikelihood, discretizedLogisticLogLikelihoodGradient
  case gaussianMixtureLogLikelihood, gaussianMixtureLogLikelihoodGradient
  case gaussianDivergence

  /// The kind of an operation, nil for sources; a new operation doesn't compile until it has one, and
  /// then the benchmark asks for a case.
  init?(_ operation: Operation) {
    switch operation {
    case .input, .indexInput, .parameter, .constant: return nil
    case .normal: self = .normal
    case .uniform: self = .uniform
    case .dropoutMask: self = .dropoutMask
    case .bernoulliSample: self = .bernoulliSample
    case .categoricalSample: self = .categoricalSample
    case .gaussianMixtureSample: self = .gaussianMixtureSample
    case .unary: self = .unary
    case .unaryGradient: self = .unaryGradient
    case .binary: self = .binary
    case .broadcast: self = .broadcast
    case .stopGradient, .acrossRanks: self = .stopGradient
    case .matmul: self = .matmul
    case .convolution: self = .convolution
    case .transposedConvolution: self = .transposedConvolution
    case .convolutionWeightGradient: self = .convolutionWeightGradient
    case .upsample: self = .upsample
    case .bilinearGradient: self = .bilinearGradient
    case .averagePool: self = .averagePool
    case .modulate: self = .modulate
    case .scaleChannels: self = .scaleChannels
    case .pixelProduct: self = .pixelProduct
    case .reshape: self = .reshape
    case .transpose: self = .transpose
    case .concatenate: self = .concatenate
    case .slice: self = .slice
    case .pad: self = .pad
    case .sum: self = .sum
    case .maximum: self = .maximum
    case .gather: self = .gather
    case .jointIndex: self = .jointIndex
    case .scatterAdd: self = .scatterAdd
    case .lstm, .lstmTrace: self = .lstm
    case .lstmGradient: self = .lstmGradient
    case .recordProduct: self = .recordProduct
    case .maskedSoftmax: self = .maskedSoftmax
    case .matchingSum: self = .matchingSum
    case .matchingSumGradient: self = .matchingSumGradient
    case .levelSums: self = .levelSums
    case .softmax: self = .softmax
    case .logSoftmax: self = .logSoftmax
    case .normalizeRows: self = .normalizeRows
    case .normalizeRowsGradient: self = .normalizeRowsGradient
    case .bernoulliLogLikelihood: self = .bernoulliLogLikelihood
    case .bernoulliLogLikelihoodGradient: self = .bernoulliLogLikelihoodGradient
    case .gaussianLogLikelihood: self = .gaussianLogLikelihood
    case .categoricalLogLikelihood: self = .categoricalLogLikelihood
    case .categoricalLogLikelihoodGradient: self = .categoricalLogLikelihoodGradient
    case .discretizedLogisticLogLikelihood: self = .discretizedLogisticLogLikelihood
    case .discretizedLogisticLogLikelihoodGradient:
      self = .discretizedLogisticLogLikelihoodGradient
    case .gaussianMixtureLogLikelihood: self = .gaussianMixtureLogLikelihood
    case .gaussianMixtureLogLikelihoodGradient: self = .gaussianMixtureLogLikelihoodGradient
    case .gaussianDivergence: self = .gaussianDivergence
    }
  }

  /// The kind of the operation that a kernel stands for.
  init?(_ kernel: Plan.Kernel) {
    switch kernel {
    case .operation(let operation): self.init(operation)
    case .dense, .weightAndBiasGradient: self = .matmul
    case .convolution: self = .convolution
    case .convolutionWeightAndBiasGradient: self = .convolutionWeightGradient
    case .lstmAndTrace: self = .lstm
    }
  }
}

extension Plan.Kernel {
  /// What the table calls it: functions by their own names, products with what is fused into them.
  var title: String {
    switch self {
    case .operation(.unary(let function)): "\(function)"
    case .operation(.unaryGradient(let function)): "gradient of \(function)"
    case .operation(.binary(let function)): "\(function)"
    case .operation(.upsample(let factor, let method)): "upsample \(method) by \(factor)"
    case .operation(.sum(let axes)): "sum over \(axes)"
    case .operation(.transpose(let order)): "transpose \(order)"
    case .operation(.matmul(let left, let right)):
      "matmul\(left ? " ᵀ·" : "")\(right ? " ·ᵀ" : "")"
    case .operation(let operation): OperationKind(operation)?.rawValue ?? "\(operation)"
    case .dense(let bias, let addend, let activation):
      "matmul by a weight" + fused(bias, addend, activation)
    case .convolution(_, let bias, let addend, let activation):
      "convolution" + fused(bias, addend, activation)
    case .weightAndBiasGradient: "matmul ᵀ· and sum"
    case .convolutionWeightAndBiasGradient: "convolutionWeightGradient and sum"
    case .lstmAndTrace: "lstm and trace"
    }
  }

  private func fused(_ bias: Bool, _ addend: Bool, _ activation: UnaryFunction?) -> String {
    (bias ? ", bias" : "") + (addend ? ", addend" : "") + (activation.map { ", \($0)" } ?? "")
  }
}
