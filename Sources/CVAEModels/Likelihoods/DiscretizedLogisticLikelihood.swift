import Foundation
import RecordTypes
import TensorGraph

/// The 256 grey values of each column under a logistic distribution with a mean and a scale of its
/// own: a density for pictures, and so one with bits per dimension.
///
/// The decoder's output has two numbers for each column: all means, less ½, before all log scales,
/// plus 3. So zeros, with which a network begins, stand for a mean of ½ and a scale of e⁻³. Where channels lean on those
/// before them, there are three: the last are the slopes of green on red, blue on red and blue on green, for each pixel.
///
/// - Source: Salimans et al., *PixelCNN++*, 2017, sections 2.1 and 2.2.
struct DiscretizedLogisticLikelihood: Likelihood {
  /// Columns of the field.
  private let columns: Int
  /// Whether channels lean on those before them.
  private let isLeaning: Bool
  /// The logarithm of the least scale; nil for that of the operation.
  private let leastLogScale: Double?

  init(_ configuration: LogisticConfiguration, size: ImageSize) {
    columns = size.count
    isLeaning = configuration.leaning && size.channels == Self.colours
    leastLogScale = configuration.leastScale > 0 ? log(configuration.leastScale / 255) : nil
  }

  var outputs: Int { (isLeaning ? 3 : 2) * columns }

  private static let colours = 3

  /// log of the bins' probabilities, summed over columns.
  func score(
    _ output: Node, target: Node, weights: Node?, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    let batch = graph.shape(of: output).rows
    var means = try means(output, in: &graph)
    if isLeaning {
      let seen = try graph.reshape(target, [batch * columns / Self.colours, Self.colours])
      let known = try graph.split(graph.subtract(seen, graph.constant(0.5)), axis: 1, into: 3)
      means = try leaning(means, output, in: &graph) { known[$0] }
    }
    return LikelihoodScore(
      logLikelihood: try graph.discretizedLogisticLogLikelihood(
        parameters: graph.concatenate([means, logScales(output, in: &graph)], axis: 1),
        targets: target, weights: weights ?? graph.constant(1, [batch, columns])))
  }

  /// The mean, kept in [0, 1]; where channels lean on each other, that under the means of those before.
  func prediction(_ output: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    try values(output, noise: nil, in: &graph)
  }

  /// Numbers drawn from the logistic distributions, kept in [0, 1]: mean + scale · log(v / (1 − v)) of a uniform v; where channels
  /// lean on each other, under those drawn before.
  func sample(
    _ output: Node, purpose: RandomPurpose, records: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let uniform = graph.uniform(purpose, records: records, columns: columns)
    let rest = try graph.subtract(graph.constant(1), uniform)
    let standard = try graph.subtract(graph.log(uniform), graph.log(rest))
    // The operation that scores has this floor, too.
    let floor = graph.constant(DiscretizedLogistic.leastLogScale)
    let scales = try graph.add(
      graph.relu(graph.subtract(logScales(output, in: &graph), floor)), floor)
    return try values(
      output, noise: graph.multiply(standard, graph.exp(scales)), in: &graph)
  }

  /// The means with noise `[batch, columns]`, if there is any.
  private func values(
    _ output: Node, noise: Node?, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    var means = try means(output, in: &graph)
    if let noise { means = try graph.add(means, noise) }
    guard isLeaning else { return try Self.clamped(means, in: &graph) }
    var known: [Node] = []
    var values: [Node] = []
    for channel in 0..<Self.colours {
      let own = try channelMeans(means, output, before: known, in: &graph)
      values.append(try Self.clamped(own, in: &graph))
      known.append(try graph.subtract(values[channel], graph.constant(0.5)))
    }
    return try graph.reshape(graph.concatenate(values, axis: 1), graph.shape(of: means))
  }

  /// The means `[batch, columns]`.
  private func means(_ output: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    try graph.add(graph.slice(output, axis: 1, 0..<columns), graph.constant(0.5))
  }

  /// `[batch, columns]`.
  private func logScales(_ output: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let scales = try graph.subtract(
      graph.slice(output, axis: 1, columns..<2 * columns), graph.constant(3))
    guard let leastLogScale else { return scales }
    let least = graph.constant(leastLogScale)
    return try graph.add(graph.relu(graph.subtract(scales, least)), least)
  }

  /// The means of all channels, given the numbers before them, less ½.
  private func leaning(
    _ means: Node, _ output: Node, in graph: inout Graph, known: (Int) -> Node
  ) throws(ShapeMismatch) -> Node {
    var parts: [Node] = []
    for channel in 0..<Self.colours {
      parts.append(
        try channelMeans(means, output, before: (0..<channel).map(known), in: &graph))
    }
    return try graph.reshape(graph.concatenate(parts, axis: 1), graph.shape(of: means))
  }

  /// A channel's means `[pixels, 1]`, given the numbers of those before it, less ½.
  private func channelMeans(
    _ means: Node, _ output: Node, before: [Node], in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let shape = graph.shape(of: means)
    let pixels: Shape = [shape.rows * columns / Self.colours, Self.colours]
    let channel = before.count
    var sum = try graph.slice(graph.reshape(means, pixels), axis: 1, channel..<channel + 1)
    let slopes = try graph.reshape(
      graph.slice(output, axis: 1, 2 * columns..<3 * columns), pixels)
    for (place, number) in before.enumerated() {
      // Green's slope on red comes first, then blue's on both.
      let slope = try graph.slice(slopes, axis: 1, channel - 1 + place..<channel + place)
      sum = try graph.add(sum, graph.multiply(slope, number))
    }
    return sum
  }

  private static func clamped(_ x: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let positive = graph.relu(x)
    return try graph.subtract(
      positive, graph.relu(graph.subtract(positive, graph.constant(1))))
  }
}
