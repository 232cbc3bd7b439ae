import RecordTypes
import TensorGraph

/// Reads the condition from the style u, while the other networks learn to leave nothing there to
/// read.
///
/// Two dense layers guess from a sample of u = (z − mean) / σ which condition it came with, by the likelihood
/// of each given field. They learn from their own gradient; on its way back to the other networks it is
/// reversed and multiplied by `weight`, so that recognition and prior learn to mislead them. A perfect
/// adversary costs H(y | u), and the loss is
///
/// `−ELBO + weight · I(u; y) + constant`
///
/// so that a weight of 1 gives up a nat of the bound for each nat of leakage.
///
/// - Source: Ganin and Lempitsky, *Unsupervised Domain Adaptation by Backpropagation*, 2015 (the
///   reversal); Lample et al., *Fader Networks*, 2017 (an adversary on the latent).
struct LeakageAdversary: Sendable {
  private let trunk: DenseStack
  private let fields: [FieldInput]
  private let weight: Double

  /// Declares the parameters `adversary.…`; nil where the weight is 0.
  ///
  /// - Parameter details: Latent numbers at a pixel of all levels of details together.
  init?(
    _ configuration: ModelConfiguration, details: Int, given: [FieldInput],
    store: inout ParameterStore
  ) {
    guard configuration.adversary.weight > 0 else { return nil }
    weight = configuration.adversary.weight
    fields = given.filter { $0.features.pictureSize == nil && !$0.isText }
    trunk = DenseStack(
      "adversary", in: configuration.latent + details, fields: [],
      hidden: configuration.adversary.hidden,
      out: fields.reduce(0) { $0 + $1.tableRows }, activation: configuration.activation,
      store: &store)
  }

  /// Appends what the loss adds beside the bound, `[]`: minus the mean log-likelihood of the condition,
  /// up to a constant. Numbers count as Gaussians of unit variance.
  ///
  /// - Shapes: `style` `[batch, latent + details]`: that of z, and the mean over pixels of each level of details.
  func penalty(
    _ style: Node, _ values: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let outputs = try trunk(reversed(style, in: &graph), values, in: &graph)
    var total: Node?
    var column = 0
    for field in fields {
      let own = try graph.slice(outputs, axis: 1, column..<column + field.tableRows)
      column += field.tableRows
      let cost = try graph.mean(cost(of: own, field, values, in: &graph))
      total = try total.map { sum throws(ShapeMismatch) in try graph.add(sum, cost) } ?? cost
    }
    return total ?? graph.constant(0)
  }

  /// The same numbers with the gradient times −weight: (1 + weight) · stopped − weight · style.
  private func reversed(_ style: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    try graph.subtract(
      graph.scale(graph.stopGradient(style), by: 1 + weight), graph.scale(style, by: weight))
  }

  /// Minus a field's log-likelihood, `[batch]`; an unknown level is one more level, an unknown number
  /// costs nothing.
  private func cost(
    of output: Node, _ field: FieldInput, _ values: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let value = values[field]
    if field.features.isIndex {
      return graph.negate(try graph.categoricalLogLikelihood(logits: output, indices: value))
    }
    let square = graph.square(try graph.subtract(output, value))
    let cost = graph.scale(try graph.sum(square, axes: [1]), by: 0.5)
    guard let missing = values.unknown(field) else { return cost }
    let known = try graph.subtract(graph.constant(1), graph.sum(missing, axes: [1]))
    return try graph.multiply(cost, known)
  }
}
