import RecordTypes
import TensorGraph

/// The decoder p(x | z, y), also called generation network: hidden layers, and one output layer
/// with a ``Likelihood`` for each generated field.
///
/// The condition enters every layer, the output layers included. That keeps it out of z, and so
/// makes it possible to carry a style over to another condition.
struct Decoder: Sendable {
  /// What generates one field.
  struct Head: Sendable {
    let input: FieldInput
    /// Nil where the field is a picture that convolutions draw, or a column of a chain.
    let layer: FieldLinear?
    let likelihood: any Likelihood
    /// How many numbers the output has for each column.
    let parameterCount: Int
  }

  private enum Body: Sendable {
    case perceptron([FieldLinear])
    /// All images' channels, in the order of the heads.
    case convolutions(PictureDecoder)
  }

  private let body: Body
  private let activation: Activation
  let heads: [Head]
  /// What draws the columns of rows one after the other; nil where all fields are drawn at once.
  let chain: ColumnChain?

  /// Declares the parameters `decoder.hidden0.…` and `decoder.<field>.…`; with `scales`, images come
  /// from convolutions, `decoder.pictures.…`, and the other fields straight from the latent.
  init(
    _ configuration: ModelConfiguration, generated: [FieldInput], given: [FieldInput],
    pictures: PictureCondition?, scales: PictureScales?, store: inout ParameterStore
  ) {
    activation = configuration.activation
    var width = configuration.latent
    if let scales {
      let outputs = generated.reduce(0) { total, input in
        total + (input.imageSize?.channels ?? 0)
          * configuration.parameterCount(of: input.field)
      }
      body = .convolutions(
        PictureDecoder(
          "decoder.pictures", latent: configuration.latent,
          fields: given.filter { $0.imageSize == nil },
          condition: pictures, dense: configuration.convolution.dense.reversed(),
          outputs: outputs, scales: scales,
          activation: activation, store: &store))
    } else {
      var hidden: [FieldLinear] = []
      for (index, next) in configuration.decoder.hidden.enumerated() {
        hidden.append(
          FieldLinear("decoder.hidden\(index)", in: width, fields: given, out: next, store: &store))
        width = next
      }
      body = .perceptron(hidden)
    }
    let isChain = scales == nil && !(configuration.decoder.columns ?? []).isEmpty
    var heads: [Head] = []
    for input in generated {
      let path = "decoder.\(input.pathName)"
      let isPicture = scales != nil && input.imageSize != nil
      let kind = configuration.likelihoodKind(of: input.field)
      let parameterCount = configuration.parameterCount(of: input.field)
      let layer =
        isPicture || isChain
        ? nil
        : FieldLinear(
          path, in: width, fields: scales == nil ? given : given.filter { $0.imageSize == nil },
          out: parameterCount * (input.levelCount ?? input.field.width), store: &store)
      let likelihood = makeLikelihood(
        kind, path: path, columns: input.field.width,
        deviation: configuration.gaussianDeviation, store: &store)
      heads.append(
        Head(
          input: input, layer: layer, likelihood: likelihood, parameterCount: parameterCount))
    }
    self.heads = heads
    chain =
      isChain
      ? ColumnChain(
        configuration, inputs: generated, given: given, rows: width,
        outputs: heads.map {
          $0.parameterCount * ($0.input.levelCount ?? $0.input.field.width)
        }, store: &store) : nil
  }

  /// Appends the network to `graph`: one result `[batch, columns]` for each head, or a
  /// multiple of that, of which its likelihood knows the meaning.
  ///
  /// - Shapes: `latent` `[batch, latent]`; `keep` `[batch, 1]`, see ``ColumnChain``.
  func callAsFunction(
    _ latent: Node, _ fields: FieldNodes, keep: Node? = nil, in graph: inout Graph
  ) throws(ShapeMismatch) -> [Node] {
    var rows = latent
    var picture: Node?
    switch body {
    case .perceptron(let layers):
      rows = try hidden(layers, latent, fields, in: &graph)
      if let chain { return try chain(rows, fields, keep: keep, in: &graph) }
    case .convolutions(let network): picture = try network(latent, fields, in: &graph)
    }
    var results: [Node] = []
    var channel = 0
    for head in heads {
      if let layer = head.layer {
        results.append(try layer(rows, fields, in: &graph))
      } else if let picture, let size = head.input.imageSize {
        var rows: [Node] = []
        for _ in 0..<head.parameterCount {
          let own = try graph.slice(picture, axis: 3, channel..<channel + size.channels)
          rows.append(try graph.reshape(own, [fields.batch, size.count]))
          channel += size.channels
        }
        results.append(try graph.concatenate(rows, axis: 1))
      }
    }
    return results
  }

  /// Appends the state with which the chain of a row's columns begins, `[batch, width]`; nil without one.
  func chainStart(
    _ latent: Node, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node? {
    guard let chain, case .perceptron(let layers) = body else { return nil }
    return try chain.start(hidden(layers, latent, fields, in: &graph), fields, in: &graph)
  }

  private func hidden(
    _ layers: [FieldLinear], _ latent: Node, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    var rows = latent
    for layer in layers { rows = activation(try layer(rows, fields, in: &graph), in: &graph) }
    return rows
  }
}
