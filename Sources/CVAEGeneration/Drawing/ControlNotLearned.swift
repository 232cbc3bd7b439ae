import CVAEModels
import CVAETraining

/// The model can't follow a condition more or less strongly than it was trained to.
public enum ControlNotLearned: Error, Equatable, Sendable, CustomStringConvertible {
  /// It doesn't know what an unknown condition is.
  case alwaysKnown
  /// It draws rows column by column, each from what is drawn before.
  case ofRows
  /// The strength is not finite.
  case notFinite(Double)

  /// How far a condition can be followed: 1 as the model was trained, above 1 further away from what it draws when
  /// the condition is unknown, 0 as if it were unknown.
  ///
  /// - Throws: ``ControlNotLearned`` for anything but 1 with a model without unknown conditions.
  static func check(_ control: Double, model: TrainedModel) throws {
    guard control.isFinite else { throw notFinite(control) }
    if control == 1 { return }
    if model.model.drawsColumnByColumn { throw ofRows }
    guard model.model.acceptsMissing, !model.model.givenInputs.isEmpty else { throw alwaysKnown }
  }

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .alwaysKnown:
      "--control needs a model that was trained with unknown conditions, and this one wasn't; train "
        + "with training.conditionDropout above 0, such as 0.1, or leave --control out."
    case .ofRows:
      "--control needs a model that draws all fields at once, and this one draws rows column by "
        + "column; leave --control out: the given columns have exactly the given values anyway."
    case .notFinite(let value):
      "--control: expected a number, got \(value); use 1 to follow the condition as the model was trained."
    }
  }
}
