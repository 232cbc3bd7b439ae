import RecordTypes
public import TensorGraph

extension ConditionalVAE {
  /// Whether records of a group share z, see ``ModelConfiguration/group``.
  public var isGrouped: Bool { configuration.group != nil }

  /// One training step of a grouped model: z is recognised from some members of each group, and
  /// others are drawn from it.
  ///
  /// `loss = −mean(log p(target | z, y)) + klWeight · Σ_d max(freeBits, mean share · KL_d)`
  ///
  /// Inputs: the targets as of ``trainingProgram(batch:rule:clipNorm:freeBits:)``, a group's one after
  /// another; the sources likewise with names that begin with ``FieldPrefix/source``;
  /// ``ProgramInput/sourceMask``, ``ProgramInput/groups``, ``ProgramInput/groupShare``,
  /// ``ProgramInput/klWeight``. Outputs: as there, for the targets; `kl` is each target's share of its
  /// group's divergence.
  ///
  /// - Parameter shape: Groups, sources and targets in each step.
  public func groupTrainingProgram(
    _ shape: GroupShape, rule: AdamRule, clipNorm: Double?, freeBits: Double
  ) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let terms = try GroupBound(model: self, shape: shape, use: .training).terms(in: &graph)
    return try trainingProgram(
      terms, graph, rule: rule, clipNorm: clipNorm, freeBits: freeBits)
  }

  /// The bound of each target with one sample of its group's z.
  ///
  /// Inputs: as of ``groupTrainingProgram(_:rule:clipNorm:freeBits:)`` without the KL weight. Outputs:
  /// as of ``evaluationProgram(batch:)``, for the targets.
  public func groupEvaluationProgram(_ shape: GroupShape) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let terms = try GroupBound(model: self, shape: shape, use: .evaluation).terms(in: &graph)
    return Program(graph: graph, outputs: outputs(of: terms) + fieldOutputs(terms.scores))
  }

  /// What z is for each group, recognised from its sources.
  ///
  /// Inputs: the sources, ``ProgramInput/sourceMask``, and the given fields of one
  /// target. Outputs: the four of ``recognitionProgram(batch:)``, `[groups, latent]`.
  public func groupRecognitionProgram(groups: Int, sources: Int) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let shape = GroupShape(groups: groups, sources: sources, targets: 1)
    let bound = GroupBound(model: self, shape: shape, use: .evaluation)
    let fields = FieldNodes(givenInputs, batch: groups, in: &graph)
    let prior = try bound.prior(fields, in: &graph)
    let posterior = try bound.posterior(prior: prior, in: &graph)
    return Program(graph: graph, outputs: Self.outputs(posterior: posterior, prior: prior))
  }
}
