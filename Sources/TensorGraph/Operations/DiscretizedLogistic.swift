/// The grid of byte values under a logistic distribution.
public enum DiscretizedLogistic {
  /// Half the distance of two levels of 256 in [0, 1].
  public static let halfBin = 0.5 / 255
  /// Log scales below this count as this: a scale far below a bin gives nothing but large numbers.
  public static let leastLogScale = -7.0
}

extension Graph {
  /// log of the probability that a logistic distribution gives to a value's bin, summed over a row.
  ///
  /// With a = (x + ½/255 − m)/s and b = (x − ½/255 − m)/s it is log(σ(a) − σ(b)), at 0 log σ(a), at
  /// 1 log(1 − σ(b)): probabilities of 256 levels, which add up to 1. Computed as
  /// a + log(1 − e^(b − a)) − softplus(a) − softplus(b), which no magnitude cancels.
  ///
  /// - Shapes: `parameters` `[batch, 2 · columns]`, all means m before all log s; `targets`
  ///   `[batch, columns]`, multiples of 1/255 in [0, 1]; `weights` `[batch, columns]`, 0 for columns
  ///   that don't count, else 1; result `[batch]`. Units: nats.
  /// - Throws: ``ShapeMismatch`` when they don't fit.
  /// - Source: Salimans et al., *PixelCNN++*, 2017, section 2.1, with one component.
  public mutating func discretizedLogisticLogLikelihood(
    parameters: Node, targets: Node, weights: Node
  ) throws(ShapeMismatch) -> Node {
    let source = shape(of: targets)
    guard source.rank == 2, shape(of: parameters) == [source.rows, 2 * source.columns],
      shape(of: weights) == source
    else {
      throw ShapeMismatch(
        "discretizedLogisticLogLikelihood",
        expected: "two parameters and a weight for each target", actual: shape(of: parameters),
        source, shape(of: weights))
    }
    return append(
      .discretizedLogisticLogLikelihood, [parameters, targets, weights], shape: [source.rows])
  }
}
