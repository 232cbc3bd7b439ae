import RecordTypes
import TensorGraph

/// The decoder p(x | z, y), also called generation network: hidden layers, and one output layer
/// with a ``Likelihood`` for each generated field.
///
/// The condition enters every layer, the output layers included. That keeps it out of z, and so
/// makes it possible to carry a style over to another condition.
struct Decoder: Sendable {
  /// The part that generates one variable.
  struct Head: Sendable {
    let input: FieldInput
    /// Nil where the field is a picture that convolutions draw, a column of a chain, or a text.
    let layer: FieldLinear?
    let likelihood: any Likelihood
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
  /// What writes texts, the last of the heads.
  let writers: [TextWriter]

  /// Declares the parameters `decoder.hidden0.…` and `decoder.<field>.…`; with `scales`, images come
  /// from convolutions, `decoder.pictures.…`, and the other fields straight from the latent.
  init(
    _ configuration: ModelConfiguration, generated: [FieldInput], given: [FieldInput],
    pictures: PictureFeatures?, scales: PictureScales?, store: inout ParameterStore
  ) {
    activation = configuration.activation
    let columns = generated.filter { !$0.isText }
    let isChain =
      scales == nil && !columns.isEmpty && !(configuration.decoder.columns ?? []).isEmpty
    let likelihoods = generated.map { input in
      Self.likelihood(of: input, configuration, store: &store)
    }
    var width = configuration.latent
    if let scales {
      let channels = zip(generated, likelihoods).reduce(0) { total, head in
        total + (head.0.features.pictureSize.map { head.1.outputs / $0.pixels } ?? 0)
      }
      body = .convolutions(
        PictureDecoder(
          "decoder.pictures", latent: configuration.latent,
          fields: given.filter { $0.features.pictureSize == nil },
          condition: pictures, dense: configuration.convolution.dense.reversed(),
          outputs: channels, isSmooth: configuration.convolution.smooth, scales: scales,
          activation: activation, store: &store))
    } else {
      var hidden: [FieldLinear] = []
      for (index, next) in configuration.decoder.hidden.enumerated() where !columns.isEmpty {
        hidden.append(
          FieldLinear("decoder.hidden\(index)", in: width, fields: given, out: next, store: &store))
        width = next
      }
      body = .perceptron(hidden)
    }
    heads = zip(generated, likelihoods).map { input, likelihood in
      let isPicture = scales != nil && input.features.pictureSize != nil
      let layer =
        isPicture || isChain || input.isText
        ? nil
        : FieldLinear(
          Self.path(input), in: width,
          fields: scales == nil ? given : given.filter { $0.features.pictureSize == nil },
          out: likelihood.outputs, store: &store)
      return Head(input: input, layer: layer, likelihood: likelihood)
    }
    chain =
      isChain
      ? ColumnChain(
        configuration, inputs: columns, given: given, rows: width,
        outputs: likelihoods.map(\.outputs), store: &store) : nil
    let rows = configuration.latent + (chain?.width ?? 0)
    writers = generated.compactMap { input in
      guard let kind = input.field.textKind, input.isText else { return nil }
      return TextWriter(
        Self.path(input), configuration.text, input: input, kind: kind, rows: rows,
        given: given.filter { $0.features.pictureSize == nil }, store: &store)
    }
  }

  private static func path(_ input: FieldInput) -> String { "decoder.\(input.pathName)" }

  private static func likelihood(
    of input: FieldInput, _ configuration: ModelConfiguration, store: inout ParameterStore
  ) -> any Likelihood {
    if input.isAbsence { return CategoricalLikelihood(levels: 2) }
    return input.field.module.makeLikelihood(
      configuration.likelihoodKind(of: input.field), features: input.features,
      path: path(input), configuration, store: &store)
  }

  /// What the network gives.
  struct Result {
    /// For each head but those of texts.
    let outputs: [Node]
    /// What the columns of a row leave for texts; nil without columns.
    var state: Node?
    /// Each level of details, where they were recognised.
    var details: [RecognisedDetails] = []
  }

  /// Appends the network to `graph`: for each head but those of texts one result `[batch, columns]`, or a multiple of that,
  /// whose meaning its likelihood knows.
  ///
  /// - Shapes: `latent` `[batch, latent]`; `keep` `[batch, 1]`, see ``ColumnChain``.
  func callAsFunction(
    _ latent: Node, _ details: DetailSource, _ fields: FieldNodes, keep: Node? = nil,
    in graph: inout Graph
  ) throws(ShapeMismatch) -> Result {
    var rows = latent
    var picture: Node?
    var recognised: [RecognisedDetails] = []
    switch body {
    case .perceptron(let layers):
      rows = try hidden(layers, latent, fields, in: &graph)
      if let chain {
        let columns = try chain(
          rows, fields, keep: keep, isRead: !writers.isEmpty, in: &graph)
        return Result(outputs: columns.results, state: columns.state)
      }
    case .convolutions(let network):
      let drawn = try network(latent, details, fields, in: &graph)
      (picture, recognised) = (drawn.picture, drawn.details)
    }
    var results: [Node] = []
    var channel = 0
    for head in heads {
      if let layer = head.layer {
        results.append(try layer(rows, fields, in: &graph))
      } else if let picture, let size = head.input.features.pictureSize {
        var rows: [Node] = []
        for _ in 0..<head.likelihood.outputs / size.count {
          let own = try graph.slice(picture, axis: 3, channel..<channel + size.channels)
          rows.append(try graph.reshape(own, [fields.batch, size.count]))
          channel += size.channels
        }
        results.append(try graph.concatenate(rows, axis: 1))
      }
    }
    return Result(outputs: results, details: recognised)
  }

  /// Appends log p of each text, `[batch]`, in the order of the heads.
  ///
  /// - Parameter state: What the columns before left, if there are any.
  func texts(
    _ latent: Node, _ fields: FieldNodes, _ state: Node?, in graph: inout Graph
  ) throws(ShapeMismatch) -> [Node] {
    var results: [Node] = []
    for writer in writers {
      results.append(
        try writer(textRows(latent, state, in: &graph), fields, in: &graph))
    }
    return results
  }

  /// What texts are written from.
  func textRows(
    _ latent: Node, _ state: Node?, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    guard let state else { return latent }
    return try graph.concatenate([latent, state], axis: 1)
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
