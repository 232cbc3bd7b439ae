import CVAEGeneration
import CVAEModels
import CVAETraining
public import ConditionalData
import RecordTypes

extension Evaluator {
  /// Judges the texts that the model generates.
  ///
  /// Real texts are those of the test split; the judges learn from the training split. Data that the model was not
  /// trained on are split in the same way. Everything drawn is keyed by the model's seed, so that equal calls give
  /// equal studies.
  ///
  /// - Parameters:
  ///   - data: Records as the model reads them.
  ///   - category: The only category by which texts are judged; nil for all given ones.
  /// - Throws: ``ControlFailure`` for a model that generates no text, a field that is no given category, and too few
  ///   records; what generation throws.
  public func texts(
    of data: DataSet, by category: String? = nil, settings: TextSettings = TextSettings()
  ) throws -> TextStudy {
    let fields = model.model.generatedFields.filter(\.isText)
    guard !fields.isEmpty else {
      throw ControlFailure.noText(generated: model.model.generatedFields.map(\.name))
    }
    let categories = try model.categories(named: category)
    var (reports, sheets): ([TextReport], [TextSheet]) = ([], [])
    for field in fields {
      let evaluation = try TextEvaluation(
        self, field: field, data: data, settings: settings, namesField: fields.count > 1)
      let (report, own) = try evaluation.study(by: categories)
      reports.append(report)
      sheets += own
    }
    return TextStudy(reports: reports, sheets: sheets)
  }
}

extension TrainedModel {
  /// The categories that texts can be judged by, in the order of `--given`: those that can be given.
  fileprivate func categories(named name: String?) throws -> [Field] {
    let given = conditionFields.filter(\.isCategory)
    let order = roles.given
    let sorted =
      order.compactMap { name in given.first { $0.name == name } }
      + given.filter { !order.contains($0.name) }
    guard let name else { return sorted }
    guard let field = sorted.first(where: { $0.name == name }) else {
      throw ControlFailure.notACategory(field: name, categories: sorted.map(\.name))
    }
    return [field]
  }
}
