import CVAETraining
public import ConditionalData
import RecordTypes
import TensorGraph

extension Evaluator {
  /// The classifier of a category that learned from the training pictures of `data`.
  ///
  /// - Parameters:
  ///   - stored: One that was made before; it is returned where data and settings are the same.
  ///   - onEpoch: Called after every epoch of training with its number and that of all.
  /// - Throws: ``ControlFailure`` where too few records have a level.
  public func classifier(
    of subject: ControlSubject, in data: DataSet, stored: ImageClassifier? = nil,
    onEpoch: (Int, Int) -> Void = { _, _ in }
  ) throws -> ImageClassifier {
    let settings = ClassifierSettings.image(subject.size, seed: model.seed)
    return try classifier(
      of: subject, in: data, settings: settings, stored: stored, onEpoch: onEpoch)
  }

  func classifier(
    of subject: ControlSubject, in data: DataSet, settings: ClassifierSettings,
    stored: ImageClassifier?, onEpoch: (Int, Int) -> Void = { _, _ in }
  ) throws -> ImageClassifier {
    let records = try ControlRecords(
      data, content: subject.image, category: subject.category, model: model)
    let identity = ImageClassifier.Identity(
      category: subject.category, image: subject.image, settings: settings,
      dataFingerprint: data.fingerprint, splitSeed: records.split.seed,
      validation: records.split.validation)
    if let stored, stored.identity == identity { return stored }
    let fitted = try FittedClassifier.train(
      on: records.pictures(records.train), levels: subject.category.levels.count,
      settings: settings, executor: executor
    ) { onEpoch($0, settings.epochs) }
    return ImageClassifier(identity: identity, fitted: fitted)
  }
}
