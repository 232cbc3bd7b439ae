/// The names of the programs' inputs that are no fields.
public enum ProgramInput: String, CaseIterable, Sendable {
  /// The records' numbers, indices `[batch]`: what random numbers are addressed by.
  case records
  /// The KL term's weight in the loss, `[]`.
  case klWeight
  /// What style is scaled by while generating, `[]`; 1 draws from the prior.
  case temperature
  /// Whether each value of a row is to be there, `[]`: 1, or 0 where some may be missing as they are in the
  /// training records.
  case complete
  /// How far the condition is followed, `[]`: 0 as if it were unknown, 1 as the model does, above 1
  /// beyond that.
  case control
  /// Which of a group's sources there are, `[groups · sources, 1]`: 1, or 0 for none.
  case sourceMask
  /// The numbers by which each group's z is drawn, indices `[groups]`.
  case groups
  /// The share of its group's divergence that a record bears, `[groups, 1]`: one over the number of
  /// members.
  case groupShare
  /// Style, `[batch, latent]`.
  case style = "u"
  /// Mean of q(z | x, y), `[batch, latent]`.
  case mean
  /// log σ² of q(z | x, y), `[batch, latent]`.
  case logVariance
  /// Mean of p(z | y), `[batch, latent]`.
  case priorMean
  /// log σ² of p(z | y), `[batch, latent]`.
  case priorLogVariance
}

/// What the names of a program's second set of fields begin with.
public enum FieldPrefix: String, CaseIterable, Sendable {
  /// The condition as if nothing were known, for control; write "any" into all of it.
  case unknown = "unknown."
  /// The members of groups from which z is recognised.
  case source = "source."
}
