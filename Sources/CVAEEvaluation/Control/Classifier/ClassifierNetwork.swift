import TensorGraph

/// A network that tells levels apart: a body that turns a row into features, and one linear layer.
struct ClassifierNetwork: Sendable {
  /// One step of training.
  struct Training: Sendable {
    let program: Program
    /// `[batch, width]`.
    let rows: Port<Float>
    /// The rows' levels, `[batch]`.
    let levels: Port<Int32>
    /// What addresses dropout, `[batch]`; nil without any.
    let numbers: Port<Int32>?
  }

  /// What is made of rows.
  struct Scoring: Sendable {
    let program: Program
    /// `[batch, width]`.
    let rows: Port<Float>
    /// `[batch, levels]`.
    let logits: Port<Float>
    /// `[batch, features]`; nil where the body has no layers.
    let features: Port<Float>?
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
  func training(batch: Int, settings: ClassifierSettings) throws -> Training {
    var graph = Graph()
    let rows: Port<Float> = graph.input([batch, width])
    let wanted: Port<Int32> = graph.indexInput([batch])
    var features = try layers(rows.node, in: &graph)
    var numbers: Port<Int32>?
    if settings.dropout > 0 {
      let addresses: Port<Int32> = graph.indexInput([batch])
      features = try graph.dropout(
        features, rate: settings.dropout, purpose: "classifier dropout", records: addresses.node)
      numbers = addresses
    }
    let logits = try output(features, in: &graph)
    let score = try graph.categoricalLogLikelihood(logits: logits, indices: wanted.node)
    let loss = graph.negate(try graph.mean(score))
    let gradients = try graph.gradients(of: loss, by: store.parameters.map { graph.read($0) })
    let update = ParameterUpdate(
      rule: AdamRule(weightDecay: settings.weightDecay, decoupled: true),
      gradients: zip(store.parameters, gradients).map(ParameterUpdate.Gradient.init), loss: loss)
    return Training(
      program: Program(graph: graph, update: update), rows: rows, levels: wanted, numbers: numbers)
  }

  /// What the network makes of rows.
  func scoring(batch: Int) throws -> Scoring {
    var graph = Graph()
    let rows: Port<Float> = graph.input([batch, width])
    let features = try layers(rows.node, in: &graph)
    let logits = graph.output(try output(features, in: &graph))
    let own = layers.hasLayers ? graph.output(features) : nil
    return Scoring(program: Program(graph: graph), rows: rows, logits: logits, features: own)
  }
}
