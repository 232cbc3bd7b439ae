import ArgumentParser
import CVAEGeneration
import CVAETraining
import RecordTypes

/// What `--mask` names.
enum MaskArgument {
  /// The kinds of a list, from the command line alone.
  static func kinds(_ text: String) throws -> [MaskKind] {
    do {
      let kinds = try MaskKind.list(text)
      guard !kinds.isEmpty else { throw ValidationError("--mask names no mask.") }
      return kinds
    } catch let error as UnknownName {
      throw ValidationError("\(error)")
    }
  }

  /// The masks of a list; nil where none is named.
  ///
  /// - Throws: ``InvalidRequest`` for a model of a table, `CompletionFailure` for one whose roles are fixed.
  static func masks(_ text: String?, model: TrainedModel) throws -> MaskDistribution? {
    guard let text else { return nil }
    guard !model.isOfTable else {
      throw InvalidRequest(
        "--mask is for pictures; leave it out for a table, whose cells are scored under the masks of the "
          + "training.")
    }
    try requireMasks(model)
    return MaskDistribution(try kinds(text))
  }

  /// Refuses a model that was trained with fixed roles.
  static func requireMasks(_ model: TrainedModel) throws {
    guard model.roles.masked.isEmpty else { return }
    throw CompletionFailure.notTrained(masked: [], given: model.roles.given)
  }
}
