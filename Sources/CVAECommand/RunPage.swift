import CVAEEvaluation
import CVAEModels
import CVAETraining
import ConditionalData
import Figures
import Foundation
import PictureData
import RecordTypes

/// The page of a run, made part by part; a part that the run can't have is left out.
struct RunPage {
  /// The most records that the map shows.
  private static let mapped = 5000
  /// Rows of the traversal.
  private static let traversed = 8

  let run: RunDirectory
  let model: TrainedModel
  let data: DataSet
  /// The records that are evaluated.
  let records: [Int32]
  let evaluator: Evaluator
  private(set) var page: ReportPage

  /// `isHeldOut` says that `records` are the run's test split, rather than all of other data.
  init(
    run: RunDirectory, model: TrainedModel, data: DataSet, records: [Int32], isHeldOut: Bool,
    evaluator: Evaluator
  ) {
    self.run = run
    self.model = model
    self.data = data
    self.records = records
    self.evaluator = evaluator
    let provenance = model.provenance
    let epochs = provenance.epochs == 1 ? "1 epoch" : "\(provenance.epochs) epochs"
    let name = URL(fileURLWithPath: data.source).lastPathComponent
    let evaluated =
      isHeldOut
      ? "the \(records.count) records of its test split, from which the model has not learned"
      : "all \(records.count) records of \(name)"
    page = ReportPage(
      title: model.title,
      introduction: "A conditional variational autoencoder that \(provenance.tool) trained for "
        + "\(epochs) on \(provenance.trainingRecords) records, evaluated on \(evaluated).",
      sections: [])
  }

  /// Curves, samples, traversal and map. `bounds` says how active each latent dimension is.
  mutating func addPictures(bounds: EvaluationReport?) throws {
    let metrics = try run.metrics()
    if !metrics.isEmpty {
      page.sections.append(
        ReportPage.Section(
          heading: "Learning curve",
          text: "The evidence lower bound should rise and level off; a validation curve that falls "
            + "while training goes on means that the model learns its records by heart.",
          picture: try LearningCurve(metrics).pngData()))
    }
    if let sheet = try EpochSamples.sheet(of: run) {
      page.sections.append(
        ReportPage.Section(
          heading: "Samples by level",
          text: "Each row shows one requested level; its pictures differ in style alone.",
          picture: try sheet.pngData()))
    }
    try addTraversal(bounds: bounds)
    let fields = model.model.inputs.map(\.field)
    let encoding = try evaluator.encode(data, records: Array(records.prefix(Self.mapped)))
    let map = try encoding.map(of: data, colouredBy: fields.first(where: \.isCategory)?.name)
    page.sections.append(
      ReportPage.Section(
        heading: "Latent map",
        text: "Where records lie in z, coloured by level. Levels that lie apart can be read off z.",
        picture: try map.pngData()))
  }

  private mutating func addTraversal(bounds: EvaluationReport?) throws {
    guard let subject = try? ControlSubject(model), subject.size.isDrawable,
      let record = records.first
    else { return }
    let latent = model.model.configuration.latent
    let activity = bounds?.klPerDimension ?? [Double](repeating: 0, count: latent)
    let dimensions = (0..<latent).sorted {
      activity[$0] != activity[$1] ? activity[$0] > activity[$1] : $0 < $1
    }
    let rows = try evaluator.traversal(
      of: subject, dimensions: Array(dimensions.prefix(Self.traversed)), record: record, in: data)
    let sheet = SampleSheet(image: subject.size, rows: rows)
    page.sections.append(
      ReportPage.Section(
        heading: "What the latent dimensions do",
        text: "In each row one dimension of the style u runs from -2.5 to 2.5, the others stay at "
          + "0; the most active dimensions come first. All are drawn under "
          + "\(condition(of: record, subject)).",
        picture: try sheet.pngData()))
  }

  /// The level that a record's pictures are drawn under, in words.
  private func condition(of record: Int32, _ subject: ControlSubject) -> String {
    let name = subject.category.name
    guard let column = try? data.schema.index(of: name),
      let level = data.columns[column].level(Int(record))
    else { return "an unknown \(name)" }
    return "\(name) \(subject.category.levels[Int(level)])"
  }

  /// Which columns decide others, if any do.
  mutating func addDecidedColumns() {
    let decided = model.model.decidedFields
    guard !decided.isEmpty else { return }
    page.sections.append(
      ReportPage.Section(
        heading: "Columns that decide others",
        text:
          "\(NameList.text(decided, atMost: 50)), in the training records. Drawn rows only have "
          + "combinations that at least \(Combinations.leastRecords) of these have."))
  }

  /// Another page's sections.
  mutating func add(_ other: ReportPage) { page.sections += other.sections }

  /// Adds texts to read, if there are any.
  mutating func add(_ texts: TextStudy?) {
    guard let texts else { return }
    page.sections.append(ReportPage.Section(heading: "Texts", sheets: texts.sheets))
  }

  /// Adds the evaluation's tables, if there are any.
  mutating func add(_ summary: EvaluationSummary) {
    let tables = summary.tables
    guard !tables.isEmpty else { return }
    page.sections.append(ReportPage.Section(heading: "Evaluation", tables: tables))
  }
}

extension LearningCurve {
  /// The curve of a run's lines of metrics.
  init(_ metrics: [EpochMetrics], bestEpoch: Int? = nil) {
    let points = metrics.map { line in
      Point(
        epoch: line.epoch, train: Terms(elbo: line.train.elbo, kl: line.train.kl),
        validation: line.validation.map { Terms(elbo: $0.elbo, kl: $0.kl) })
    }
    self.init(points: points, title: "Learning curve", bestEpoch: bestEpoch)
  }
}
