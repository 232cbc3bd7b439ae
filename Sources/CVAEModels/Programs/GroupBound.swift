import RecordTypes
import TensorGraph

/// How many records of each group a program reads.
public struct GroupShape: Hashable, Sendable {
  /// Groups in a batch.
  public var groups: Int
  /// The most members from which z is recognised; a mask says how many there are.
  public var sources: Int
  /// Members that are drawn from z.
  public var targets: Int

  /// At least one of each; a count below counts as one.
  public init(groups: Int, sources: Int, targets: Int) {
    self.groups = max(1, groups)
    self.sources = max(1, sources)
    self.targets = max(1, targets)
  }
}

/// Builds the evidence lower bound of groups whose members share z.
///
/// z is recognised from some members of a group, the sources, and other members are drawn from it
/// under their own conditions, the targets:
///
/// log p(targets | z, y) under q(z | sources) ∝ p(z) ∏ q(z | source, y), less KL(q ‖ p)
///
/// The network's Gaussians are factors beside p(z), so that the product is always proper, and without
/// any source it is p(z) itself. The divergence counts once for a group: each record bears its share.
///
/// - Source: Bouchacourt, Tomioka and Nowozin, *Multi-Level Variational Autoencoder: Learning
///   Disentangled Representations from Grouped Observations*, 2018.
struct GroupBound {
  let model: ConditionalVAE
  let shape: GroupShape
  let use: LikelihoodUse

  private var rows: Int { shape.groups * shape.targets }
  private var latent: Int { model.configuration.latent }

  /// Appends q(z | sources), `[groups, latent]`, given p(z) of the same shape.
  func posterior(
    prior: DiagonalGaussian, in program: inout ProgramBuilder
  ) throws(ShapeMismatch) -> DiagonalGaussian {
    let count = shape.groups * shape.sources
    let records = program.indexInput(.records(.source), [count])
    let mask = program.input(.sourceMask, [count, 1])
    let fields = try EvidenceLowerBound.observed(
      model, batch: count, steps: 0, records: records, set: .source, in: &program)
    let factors = try model.recognition(fields, in: &program.graph)
    return try prior.multiplied(by: factors, mask: mask, in: &program.graph)
  }

  /// Appends p(z) of each group, `[groups, latent]`, which depends only on what the group has in common.
  func prior(
    _ targets: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> DiagonalGaussian {
    let prior = try model.prior(targets, in: &graph)
    return DiagonalGaussian(
      mean: try first(prior.mean, in: &graph),
      logVariance: try first(prior.logVariance, in: &graph))
  }

  /// Appends the bound with one sample of z for each group.
  func terms(in program: inout ProgramBuilder) throws(ShapeMismatch) -> ELBOTerms {
    let records = program.indexInput(.records(.own), [rows])
    let groups = program.indexInput(.groups, [shape.groups])
    let share = program.input(.groupShare, [shape.groups, 1])
    let fields = try EvidenceLowerBound.observed(
      model, batch: rows, steps: 0, records: records,
      isTraining: use == .training, in: &program)
    let prior = try prior(fields, in: &program.graph)
    let posterior = try posterior(prior: prior, in: &program)
    return try terms(
      fields, records: records, prior: prior, posterior: posterior, groups: groups,
      share: share, in: &program.graph)
  }

  private func terms(
    _ fields: FieldNodes, records: Node, prior: DiagonalGaussian, posterior: DiagonalGaussian,
    groups: Node, share: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> ELBOTerms {
    let noise = graph.normal("latent", records: groups, columns: latent)
    let group = try posterior.sample(noise: noise, in: &graph)
    let sample = try spread(group, in: &graph)
    let bound = EvidenceLowerBound(model: model, use: use)
    // Details aren't shared: each target has its own.
    let scored = try bound.scores(
      sample,
      model.recognisedDetails(
        fields, records: records, isTraining: use == .training, in: &graph), fields, in: &graph)
    let whole = try posterior.klDivergence(from: prior, in: &graph)
    let divergence = try spread(graph.multiply(whole, share), in: &graph)
    var gain: Node?
    if let own = try model.flowGain(of: group, prior: prior, in: &graph)?.gain {
      let column = try graph.reshape(own, [shape.groups, 1])
      let spread = try graph.broadcast(
        graph.multiply(column, share), to: [shape.groups, shape.targets])
      gain = try graph.reshape(spread, [rows])
    }
    return try ELBOTerms(scored, klDivergence: divergence, flowGain: gain, in: &graph)
  }

  /// The first target's row of each group.
  private func first(_ rows: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let parted = try graph.reshape(rows, [shape.groups, shape.targets, latent])
    let first = try graph.slice(parted, axis: 1, 0..<1)
    return try graph.reshape(first, [shape.groups, latent])
  }

  /// A group's row for each of its targets.
  private func spread(_ groups: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let column = try graph.reshape(groups, [shape.groups, 1, latent])
    let stretched = try graph.broadcast(column, to: [shape.groups, shape.targets, latent])
    return try graph.reshape(stretched, [rows, latent])
  }
}
