import CVAEModels
import CVAETraining

/// What stronger control gains, and what it costs: how many generated pictures show the requested
/// level, and how varied they are, at several strengths of `--control`.
///
/// At 0 the decoder doesn't see the condition, at 1 the model draws as it was trained; under a
/// learned prior z carries some of the condition even at 0. Every strength has the same styles, so that
/// points differ by strength alone.
public struct ControlCurve: Hashable, Sendable {
  /// What was found at one strength.
  public struct Point: Hashable, Sendable, Encodable {
    /// How far the condition is followed, as in `--control`.
    public let strength: Double
    /// The share of generated pictures that the classifier assigns to the requested level.
    public let accuracy: Estimate
    /// The mean of the levels' ratios of pairwise distances, generated over real; nil for none.
    @NullIfUnknown public var diversity: Estimate?
  }

  /// Where the curve is measured.
  public static let strengths = [0, 0.5, 1, 1.5, 2, 3]

  /// By rising strength.
  public let points: [Point]

  /// Whether a model can be controlled: it must accept an unknown condition.
  static func isDefined(for model: TrainedModel) -> Bool { model.model.acceptsMissing }
}

extension ControlCurve: Encodable {
  /// Writes the points alone, as a list.
  public func encode(to encoder: any Encoder) throws {
    try points.encode(to: encoder)
  }
}

extension Evaluator {
  /// Draws anew at each strength but 1, of which `trained` is known; nil for a model that can't be
  /// controlled.
  ///
  /// - Parameter real: What the classifier says of real test pictures.
  func controlCurve(
    of subject: ControlSubject, records: ControlRecords, perLevel: Int,
    classifier: ImageClassifier, real: ClassifierScores, trained: ControlCurve.Point
  ) throws -> ControlCurve? {
    guard ControlCurve.isDefined(for: model) else { return nil }
    let points = try ControlCurve.strengths.map { strength in
      if strength == trained.strength { return trained }
      let generated = try pictures(
        of: subject, records: records, perLevel: perLevel, control: strength)
      let drawn = try classifier.fitted.score(generated, executor: executor)
      let ratios = records.levels.compactMap { level in
        FeatureDiversity.ratio(of: level, generated: drawn, real: real)
      }
      return ControlCurve.Point(
        strength: strength, accuracy: drawn.accuracy, diversity: FeatureDiversity.mean(ratios))
    }
    return ControlCurve(points: points)
  }
}
