import RecordTypes
import TensorGraph

/// Where the details of pictures come from.
enum DetailSource: Sendable {
  /// The style u of each level, the coarsest first, `[batch, count]`; none for a model without levels.
  case style([Node])
  /// q(u | x, y): recognition's features at each scale, the finest first, and noise for each level, `[batch, count]`;
  /// without noise, its mean. `keep` is 0 in records in which a level stays at its prior's mean, `[batch, 1]` for each level;
  /// nil where there are none.
  case recognised(features: [Node], noise: [Node]?, keep: [Node]? = nil)

  /// Where one level comes from.
  func level(_ place: Int, scale: Int) -> LevelSource {
    switch self {
    case .style(let styles): .style(styles[place])
    case .recognised(let features, let noise, let keep):
      .recognised(features: features[scale], noise: noise?[place], keep: keep?[place])
    }
  }
}

/// Where the details of one level come from; see ``DetailSource``.
enum LevelSource: Sendable {
  case style(Node)
  case recognised(features: Node, noise: Node?, keep: Node?)
}

/// Details of one level as they were recognised, in units of their prior.
struct RecognisedDetails: Sendable {
  /// q(u | x, y), `[batch, count]`.
  let posterior: DiagonalGaussian
  /// What the decoder saw, `[batch, count]`.
  let style: Node
  /// 0 in records in which the level stays at its prior's mean, `[batch, 1]`; nil where there are none.
  let keep: Node?

  /// KL(q ‖ p), `[batch]`, nats; 0 where nothing was recognised.
  func divergence(in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let own = try graph.sum(posterior.klDivergenceFromStandard(in: &graph), axes: [1])
    guard let keep else { return own }
    return try graph.multiply(own, graph.reshape(keep, graph.shape(of: own)))
  }
}

/// One level of details in the decoder: what they are under the prior, what recognition says of them, and what
/// they add to the decoder's state h.
///
///     features, g = prior(h; z, y)
///     d, l = posterior(h, e; z, y)        q(u | x, y) = N(d, exp(l)), where e is what recognition sees at this scale
///     h + features + map(exp(g) · u)
///
/// The latent numbers are written in units of their prior, which puts its mean into the features and its deviation into
/// exp(g): p(u | z, y, coarser levels) = N(0, I) under every condition, so that u is the style.
///
/// - Source: Child, *Very Deep VAEs*, 2021 (the block); Vahdat and Kautz, *NVAE*, 2020 (a posterior relative to the prior);
///   Sønderby et al., *Ladder Variational Autoencoders*, 2016.
struct DetailNetwork: Sendable {
  private let level: DetailLevel
  private let width: Int
  private let prior: Part
  private let seen: ConvolutionLayer
  private let posterior: Part
  private let map: ConvolutionLayer

  /// A convolution, the activation, a modulation by z and the condition, and a 1 × 1 convolution.
  private struct Part: Sendable {
    private let first: ConvolutionLayer
    private let modulation: FieldLinear
    private let second: ConvolutionLayer
    private let activation: Activation

    init(
      _ name: String, width: Int, latent: Int, fields: [FieldInput], out outputs: Int,
      activation: Activation, store: inout ParameterStore
    ) {
      first = ConvolutionLayer("\(name).first", in: width, out: width, store: &store)
      modulation = FieldLinear(
        "\(name).modulation", in: latent, fields: fields, out: 2 * width, store: &store)
      second = ConvolutionLayer(
        "\(name).second", in: width, out: outputs, kernel: 1, firstScale: 0.1, store: &store)
      self.activation = activation
    }

    /// - Parameter other: What is added behind the first convolution.
    func callAsFunction(
      _ pictures: Node, adding other: Node? = nil, _ rows: Node, _ fields: FieldNodes,
      in graph: inout Graph
    ) throws(ShapeMismatch) -> Node {
      var hidden = try first(pictures, in: &graph)
      if let other { hidden = try graph.add(hidden, other) }
      let parts = try graph.split(modulation(rows, fields, in: &graph), axis: 1, into: 2)
      return try second(
        graph.modulate(activation(hidden, in: &graph), scale: parts[0], shift: parts[1]),
        in: &graph)
    }
  }

  /// Declares `<name>.prior.…`, `<name>.seen`, `<name>.posterior.…` and `<name>.map`.
  ///
  /// - Parameters:
  ///   - width: Channels of the decoder's state and of recognition's features.
  ///   - count: How many levels there are.
  init(
    _ name: String, _ level: DetailLevel, width: Int, latent: Int, fields: [FieldInput],
    count: Int, activation: Activation, store: inout ParameterStore
  ) {
    self.level = level
    self.width = width
    prior = Part(
      "\(name).prior", width: width, latent: latent, fields: fields,
      out: width + level.channels, activation: activation, store: &store)
    seen = ConvolutionLayer("\(name).seen", in: width, out: width, store: &store)
    posterior = Part(
      "\(name).posterior", width: width, latent: latent, fields: fields,
      out: 2 * level.channels, activation: activation, store: &store)
    map = ConvolutionLayer(
      "\(name).map", in: level.channels, out: width, kernel: 1,
      firstScale: 1 / Double(count).squareRoot(), store: &store)
  }

  /// Appends the level to `graph`.
  ///
  /// - Shapes: `state` and the new one `[batch, height, width, width of the scale]`; the details, where they are
  ///   recognised.
  func callAsFunction(
    _ state: Node, _ source: LevelSource, _ latent: Node, _ fields: FieldNodes,
    in graph: inout Graph
  ) throws(ShapeMismatch) -> (state: Node, details: RecognisedDetails?) {
    let batch = graph.shape(of: state).dimensions[0]
    let shape: Shape = [batch, level.height, level.width, level.channels]
    let expected = try prior(state, latent, fields, in: &graph)
    let features = try graph.slice(expected, axis: 3, 0..<width)
    let spread = try graph.exp(
      Self.bounded(
        graph.slice(expected, axis: 3, width..<width + level.channels), to: 3, in: &graph))
    var style: Node
    var recognised: RecognisedDetails?
    switch source {
    case .style(let own): style = own
    case .recognised(let features, let noise, let keep):
      let head = try posterior(
        state, adding: seen(features, in: &graph), latent, fields, in: &graph)
      let parts = try graph.split(head, axis: 3, into: 2)
      let own = DiagonalGaussian(
        mean: try graph.reshape(parts[0], [batch, level.count]),
        logVariance: try graph.reshape(
          Self.bounded(parts[1], to: 8, in: &graph), [batch, level.count]))
      style =
        try noise.map { noise throws(ShapeMismatch) in
          try own.sample(noise: noise, in: &graph)
        } ?? own.mean
      if let keep { style = try graph.multiply(style, keep) }
      recognised = RecognisedDetails(posterior: own, style: style, keep: keep)
    }
    style = try graph.multiply(spread, graph.reshape(style, shape))
    let whole = try graph.add(graph.add(state, features), map(style, in: &graph))
    return (whole, recognised)
  }

  /// limit · tanh(x / limit): x where it is small, and never beyond the limit.
  private static func bounded(
    _ x: Node, to limit: Double, in graph: inout Graph
  ) -> Node {
    graph.scale(graph.tanh(graph.scale(x, by: 1 / limit)), by: limit)
  }
}
