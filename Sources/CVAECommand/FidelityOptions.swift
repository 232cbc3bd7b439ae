import ArgumentParser
import CVAEEvaluation
import CVAETraining
import ConditionalData
import RecordTypes

/// The options that say how synthetic rows are judged.
struct FidelityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The column that is predicted after learning from synthetic rows; by default the last "
        + "number and "
        + "the first category of 2 to 20 levels.", valueName: "column"),
    completion: .fields { !$0.isImage })
  var target: String?

  /// The study; nil where it isn't wanted, and where it can't be made and wasn't explicitly requested.
  func study(
    _ evaluator: Evaluator, only: EvaluationPart?, model: TrainedModel, data: DataSet
  ) throws -> FidelityStudy? {
    if let only, only != .fidelity { return nil }
    let isRequired = only == .fidelity || target != nil
    // As many texts as there are training records would take long, and are not compared.
    if model.generatesTexts, !isRequired { return nil }
    guard evaluator.drawsRows, data.isTable else {
      guard isRequired else { return nil }
      throw InvalidRequest("--only fidelity and --target need a table and a model of its rows.")
    }
    let texts = model.schema.fields.filter(\.isText).map(\.name)
    if !texts.isEmpty {
      Terminal.warn(
        "fidelity is of the other columns, without \(NameList.text(texts.map { "'\($0)'" })): texts are judged with "
          + "--only texts.")
    }
    let split = model.split(of: data)
    let real = split.map { $0.test + $0.validation } ?? (0..<Int32(data.count)).map { $0 }
    do {
      return try evaluator.fidelity(
        of: data, train: split?.train, heldOut: real, settings: FidelitySettings(target: target))
    } catch let failure as FidelityFailure where !isRequired {
      Terminal.warn("fidelity is not judged: \(failure)")
      return nil
    }
  }
}
