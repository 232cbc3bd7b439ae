import ArgumentParser
import CVAEEvaluation
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorFiles

/// The parts of an evaluation.
enum EvaluationPart: String, CaseIterable, ExpressibleByArgument {
  case bounds, control, pictures, fidelity, texts
}

/// The options that say how control is judged.
struct ControlOptions: ParsableArguments {
  @Option(
    help: """
      Only one part: bounds, control, pictures, fidelity or texts; by default, all that can be judged.
      """)
  var only: EvaluationPart?

  @Option(
    help: ArgumentHelp(
      "The category by which control is judged, the first given one by default; texts are judged "
        + "by all given ones.",
      valueName: "field"), completion: .fields(where: \.isCategory))
  var controlField: String?

  @Option(
    help: """
      Pictures to generate for each level, by default 200, fewer if there are many levels; of texts, how many to \
      generate in all, by default 1,000.
      """)
  var count: Int?

  @Option(
    help: ArgumentHelp(
      "The file of the classifier that judges pictures: read if it fits the data, else trained and "
        + "written; by default classifier-FIELD.safetensors in the run directory.",
      valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var classifier: String?

  /// Where the classifier is kept; nil for a model that lies in no folder or has no category.
  func place(of model: TrainedModel) -> String? {
    if let classifier { return classifier }
    guard let subject = try? ControlSubject(model, field: controlField) else { return nil }
    return ImageClassifier.path(beside: model, field: subject.category.name)
  }

  func validate() throws {
    if let classifier { _ = try OutputPlace(classifier, option: "--classifier", as: .file) }
    try NumberCheck.count("--count", count, from: 2, to: 100_000)
    guard let only, only != .control else { return }
    let isOfTexts = only == .texts
    let isOfPictures = only == .pictures
    for (name, isSet) in [
      ("--control-field", !isOfTexts && !isOfPictures && controlField != nil),
      ("--count", !isOfTexts && count != nil),
      ("--classifier", !isOfPictures && classifier != nil),
    ] where isSet {
      throw ValidationError(
        "\(name) is for judging control, which --only \(only.rawValue) leaves out.")
    }
  }

  /// Whether the command line explicitly requests control of pictures, so that it must not be left out; a model of
  /// texts takes some of the options for these.
  private func isRequired(of model: TrainedModel) -> Bool {
    only == .control || classifier != nil
      || !model.generatesTexts && (controlField != nil || count != nil)
  }

  /// Judges control; nil where it isn't wanted, and where it can't be judged and wasn't explicitly requested.
  func report(
    _ evaluator: Evaluator, model: TrainedModel, data: DataSet
  ) throws -> ControlReport? {
    if let only, only != .control { return nil }
    do {
      let subject = try ControlSubject(model, field: controlField)
      let classifier = try judge(evaluator, subject, model: model, data: data)
      let levels = subject.category.levels.count
      return try evaluator.control(
        of: subject, in: data, classifier: classifier,
        settings: ControlSettings(levels: levels, perLevel: count))
    } catch ControlFailure.noImage where isRequired(of: model) && model.generatesTexts {
      throw InvalidRequest(
        "Control is judged on images, and this model generates texts; judge these with --only texts."
      )
    } catch let failure as ControlFailure where !isRequired(of: model) {
      if !failure.isOfTheModel { Terminal.warn("control is not judged: \(failure)") }
      return nil
    }
  }

  /// Judges pictures; nil where they aren't wanted, and where the model draws none and they weren't explicitly requested.
  func pictures(
    _ evaluator: Evaluator, model: TrainedModel, data: DataSet
  ) throws -> PictureReport? {
    if let only, only != .pictures { return nil }
    guard let image = model.model.generatedFields.first(where: \.isImage), !model.model.masksRows
    else {
      guard only == .pictures else { return nil }
      throw InvalidRequest(
        "Pictures are judged of a model that generates images; choose another part with --only.")
    }
    do {
      guard let subject = try? ControlSubject(model, field: controlField) else {
        return try evaluator.pictureQuality(of: image, in: data, transferring: nil)
      }
      let classifier = try judge(evaluator, subject, model: model, data: data)
      return try evaluator.pictureQuality(
        of: image, in: data, transferring: (subject, classifier))
    } catch let failure as ControlFailure where only != .pictures {
      Terminal.warn("pictures are not judged: \(failure)")
      return nil
    } catch let failure as EvaluationFailure where only != .pictures {
      Terminal.warn("pictures are not judged: \(failure)")
      return nil
    }
  }

  /// The classifier: the stored one if it fits, else a new one, which is then stored.
  private func judge(
    _ evaluator: Evaluator, _ subject: ControlSubject, model: TrainedModel, data: DataSet
  ) throws -> ImageClassifier {
    let path = place(of: model)
    let stored = try path.flatMap(ImageClassifier.load)
    var isNew = false
    let result = try evaluator.classifier(of: subject, in: data, stored: stored) { epoch, epochs in
      isNew = true
      let line = "classifier of '\(subject.category.name)': epoch \(epoch) of \(epochs)"
      if Terminal.isInteractive { Terminal.redraw(line) } else { Terminal.note(line) }
    }
    guard isNew, let path else { return result }
    Terminal.clearLine()
    do {
      // A file that appeared there in the meantime, and is no classifier, is not replaced.
      _ = try ImageClassifier.load(path)
      try result.save(to: path)
    } catch let failure as FileFailure where classifier == nil {
      Terminal.warn("the classifier could not be kept for the next time: \(failure)")
    }
    return result
  }

  /// Judges texts; nil where they aren't wanted, and where they can't be judged and weren't explicitly requested.
  func texts(
    _ evaluator: Evaluator, model: TrainedModel, data: DataSet
  ) throws -> TextStudy? {
    if let only, only != .texts { return nil }
    var settings = TextSettings()
    if let count { settings.generated = count }
    do {
      return try evaluator.texts(of: data, by: controlField, settings: settings)
    } catch let failure as ControlFailure
      where only != .texts && !(model.generatesTexts && controlField != nil)
    {
      if !failure.isOfTheModel { Terminal.warn("texts are not judged: \(failure)") }
      return nil
    }
  }
}

extension TrainedModel {
  /// Whether a generated field is a text.
  var generatesTexts: Bool { model.generatedFields.contains(where: \.isText) }
}
