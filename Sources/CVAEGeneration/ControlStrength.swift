import CVAEModels
import CVAETraining
import TensorGraph

/// How far a model's decoder follows the condition: 1 as it was trained, above 1 further away from
/// what it draws when the condition is unknown, 0 as if it were unknown.
struct ControlStrength {
  private let value: Double

  /// Whether programs need the second pass under an unknown condition.
  var isNeeded: Bool { value != 1 }

  /// - Throws: ``ControlNotLearned`` where anything but 1 is asked of a model without unknown
  ///   conditions.
  init(_ value: Double, model: TrainedModel) throws {
    let canFollow = model.model.acceptsMissing && !model.model.givenInputs.isEmpty
    guard value == 1 || canFollow else { throw ControlNotLearned.alwaysKnown }
    self.value = value
  }

  /// Writes what a controlled program needs once and for all.
  func prepare(_ program: any CompiledProgram, _ filler: ConditionFiller) throws {
    guard isNeeded else { return }
    program.setScalar(ProgramInput.control.rawValue, Float(value))
    let unknown = try Conditions([:], count: filler.batch, model: filler.model)
    filler.fill(program, unknown, rows: 0..<filler.batch, prefix: .unknown)
  }
}

/// Control was asked of a model that can't extrapolate.
public enum ControlNotLearned: Error, Equatable, Sendable, CustomStringConvertible {
  /// It doesn't know what an unknown condition is.
  case alwaysKnown
  /// It draws rows column by column, each from what is drawn before.
  case ofRows

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .alwaysKnown:
      "--control needs a model that was trained with unknown conditions, and this one wasn't; train "
        + "with training.conditionDropout above 0, such as 0.1, or leave --control out."
    case .ofRows:
      "--control needs a model that draws all fields at once, and this one draws rows column by "
        + "column; leave --control out: what is given of a row holds in every row."
    }
  }
}
