/// An evaluation that can't be done.
public enum EvaluationFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is nothing to score.
  case noRecords(split: String)
  /// Too few importance samples.
  case noSamples(Int)
  /// A record's score overflowed.
  case notFinite(record: Int, source: String)
  /// A record's place in the latent space overflowed.
  case noStyle(record: Int, source: String)

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .noRecords(let split):
      "Expected at least one record to score, got none in '\(split)'; choose another split."
    case .noSamples(let count):
      "Expected at least 1 importance sample for each record, got \(count)."
    case .notFinite(let record, let source):
      "Expected a finite log-likelihood, got another for record \(record) of \(source); "
        + "look for extreme values in that record, or train the model again with a lower "
        + "learning rate."
    case .noStyle(let record, let source):
      "Expected a finite z and u, got others for record \(record) of \(source); look for extreme "
        + "values in that record, or train the model again with a lower learning rate."
    }
  }
}
