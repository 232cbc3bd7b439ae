import TensorGraph

/// A network that tells levels apart: a body that makes features of a row, and one linear layer.
struct ClassifierNetwork: Sendable {
  /// The names of the programs' inputs and outputs.
  enum Name {
    static let rows = "rows"
    static let numbers = "numbers"
    static let levels = "levels"
    static let features = "features"
    static let logits = "logits"
  }

  /// The parameters with their first values.
  let store: ParameterStore
  /// Numbers in a row.
  let width: Int
  /// Levels that are told apart.
  let levels: Int
  /// Numbers in a row of features.
  var features: Int { layers.features }

  private let layers: ClassifierLayers
  private let output: ClassifierDense

  /// Declares a network; first values depend on `seed` and each parameter's name alone.
  init(_ body: ClassifierBody, width: Int, levels: Int, seed: UInt64) {
    var store = ParameterStore(seed: seed)
    layers = ClassifierLayers(body, width: width, store: &store)
    output = ClassifierDense("output", in: layers.features, out: levels, store: &store)
    self.store = store
    self.width = width
    self.levels = levels
  }

  /// One step on the mean of −log p(level ∣ row).
  ///
  /// Inputs: `rows` `[batch, width]`, and the indices `levels` and `numbers` `[batch]`, of which the
  /// numbers address dropout. Output: `loss` `[]`.
  func trainingProgram(batch: Int, settings: ClassifierSettings) throws -> Program {
    var graph = Graph()
    let rows = graph.input(Name.rows, [batch, width])
    let wanted = graph.indexInput(Name.levels, [batch])
    var features = try layers(rows, in: &graph)
    if settings.dropout > 0 {
      let numbers = graph.indexInput(Name.numbers, [batch])
      features = try graph.dropout(
        features, rate: settings.dropout, purpose: "classifier dropout", records: numbers)
    }
    let logits = try output(features, in: &graph)
    let score = try graph.categoricalLogLikelihood(logits: logits, indices: wanted)
    let loss = graph.negate(try graph.mean(score))
    let gradients = try graph.gradients(of: loss, by: store.parameters.map { graph.read($0) })
    return Program(
      graph: graph, outputs: [Program.Output("loss", loss)],
      update: ParameterUpdate(
        rule: AdamRule(weightDecay: settings.weightDecay, decoupled: true),
        gradients: zip(store.parameters, gradients).map(ParameterUpdate.Gradient.init),
        loss: loss))
  }

  /// What the network makes of rows.
  ///
  /// Input: `rows` `[batch, width]`. Outputs: `logits` `[batch, levels]`, and where the body has
  /// layers, `features` `[batch, features]`.
  func scoringProgram(batch: Int) throws -> Program {
    var graph = Graph()
    let features = try layers(graph.input(Name.rows, [batch, width]), in: &graph)
    let logits = try output(features, in: &graph)
    let own = layers.hasLayers ? [Program.Output(Name.features, features)] : []
    return Program(graph: graph, outputs: [Program.Output(Name.logits, logits)] + own)
  }
}
