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
  /// Inputs: the targets as for ``trainingProgram(batch:rule:clipNorm:hasFreeBits:)``, those of a group one after
  /// another; the sources likewise as ``RecordSet/source``; ``InputSlot/sourceMask``, ``InputSlot/groups``,
  /// ``InputSlot/groupShare``, ``InputSlot/klWeight``. Outputs: as there, for the targets; `kl` is each target's share of its
  /// group's divergence.
  ///
  /// - Parameter shape: Groups, sources and targets in each step.
  public func groupTrainingProgram(
    _ shape: GroupShape, rule: AdamRule, clipNorm: Double?, hasFreeBits: Bool
  ) throws(ShapeMismatch) -> ModelProgram {
    var program = ProgramBuilder()
    let terms = try GroupBound(model: self, shape: shape, use: .training).terms(in: &program)
    return try trainingProgram(
      terms, program, rule: rule, clipNorm: clipNorm, hasFreeBits: hasFreeBits)
  }

  /// The bound of each target with one sample of its group's z.
  ///
  /// Inputs: as for ``groupTrainingProgram(_:rule:clipNorm:hasFreeBits:)`` without the KL weight. Outputs:
  /// as for ``evaluationProgram(batch:)``, for the targets.
  public func groupEvaluationProgram(_ shape: GroupShape) throws(ShapeMismatch) -> ModelProgram {
    var program = ProgramBuilder()
    let terms = try GroupBound(model: self, shape: shape, use: .evaluation).terms(in: &program)
    declareOutputs(of: terms, in: &program)
    declareFieldOutputs(terms.scores, in: &program)
    return program.program()
  }

  /// What z is for each group, recognised from its sources.
  ///
  /// Inputs: the sources, ``InputSlot/sourceMask``, and the given fields of one
  /// target. Outputs: the four of ``recognitionProgram(batch:)``, `[groups, latent]`.
  public func groupRecognitionProgram(groups: Int, sources: Int) throws(ShapeMismatch)
    -> ModelProgram
  {
    var program = ProgramBuilder()
    let shape = GroupShape(groups: groups, sources: sources, targets: 1)
    let bound = GroupBound(model: self, shape: shape, use: .evaluation)
    let fields = FieldNodes(givenInputs, batch: groups, steps: 0, in: &program)
    let prior = try bound.prior(fields, in: &program.graph)
    let posterior = try bound.posterior(prior: prior, in: &program)
    declareOutputs(posterior: posterior, prior: prior, in: &program)
    return program.program()
  }
}
