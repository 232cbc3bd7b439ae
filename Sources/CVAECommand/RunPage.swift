import CVAEEvaluation
import CVAEGeneration
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
  /// Pictures that are drawn again.
  private static let styled = 12
  /// Of which so many are varied, each so often.
  private static let (varied, variations) = (4, 9)
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
    try addStyles()
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

  /// Held-out pictures drawn again, varied, and on the way from one to another.
  private mutating func addStyles() throws {
    guard let image = model.model.generatedFields.first(where: \.isImage),
      let size = image.imageSize, size.isDrawable, !model.model.masksRows, !records.isEmpty
    else { return }
    let inputs = try TransferInputs(
      data, records: Array(records.prefix(Self.styled)), from: [:], model: model)
    let reader = try StyleReader(model, executor: evaluator.executor)
    let posterior = try reader.noise(of: reader.styles(of: inputs))
    let generator = try Generator(model, executor: evaluator.executor)
    func drawn(_ styles: [Float], _ owners: [Int]) throws -> [[Float]] {
      var request = DrawRequest(inputs.conditions.selecting(owners), seed: 1)
      request.styles = try reader.styles(ofNoise: styles, width: posterior.width)
      let pictures = RecordPictures(try generator.draw(request)[0])
      return owners.indices.compactMap { pictures?[$0] }
    }
    func sheet(_ rows: [SampleSheet.Row], headings: [String] = []) throws -> [UInt8] {
      try SampleSheet(
        rows: rows, height: size.height, width: size.width, channels: size.channels,
        headings: headings
      ).pngData()
    }
    let all = Array(0..<inputs.count)
    let real = all.map { inputs.picture($0, of: image.name) }
    page.sections.append(
      ReportPage.Section(
        heading: "Drawn again",
        text: "Held-out pictures, and below each what the model draws of its style under its own "
          + "condition.",
        picture: try sheet([
          SampleSheet.Row(label: "real", pictures: real),
          SampleSheet.Row(label: "again", pictures: try drawn(posterior.styles(seed: nil), all)),
        ])))
    let hasLevels = posterior.levels.count > 1
    let varied = Array(all.prefix(Self.varied))
    let variations = try drawn(
      posterior.varied(
        [0], by: hasLevels ? 1 : 0.5, alternatives: Self.variations, seed: 1
      ).prefix(varied.count * Self.variations * posterior.width).map { $0 },
      varied.flatMap { [Int](repeating: $0, count: Self.variations) })
    page.sections.append(
      ReportPage.Section(
        heading: "Variations",
        text: hasLevels
          ? "Each row begins with a real picture; z is drawn anew, and the details stay."
          : "Each row begins with a real picture; its style is moved halfway to new ones.",
        picture: try sheet(
          varied.map { row in
            SampleSheet.Row(
              label: "",
              pictures: [real[row]]
                + variations[row * Self.variations..<(row + 1) * Self.variations])
          }, headings: ["input"] + [String](repeating: "varied", count: Self.variations))))
    let pairs = stride(from: 0, to: varied.count - 1, by: 2).map { $0 }
    guard !pairs.isEmpty else { return }
    let shares = (0..<Self.variations).map { Double($0) / Double(Self.variations - 1) }
    let between = try drawn(
      pairs.flatMap { first in
        shares.flatMap { posterior.between(first, first + 1, share: $0) }
      }, pairs.flatMap { first in shares.map { $0 <= 0.5 ? first : first + 1 } })
    page.sections.append(
      ReportPage.Section(
        heading: "From one to another",
        text: "Each row turns the style of the picture on the left into that of the one on the "
          + "right; up to the middle, the condition is that of the first.",
        picture: try sheet(
          pairs.enumerated().map { row, first in
            SampleSheet.Row(
              label: "",
              pictures: [real[first]]
                + between[row * Self.variations..<(row + 1) * Self.variations] + [real[first + 1]])
          }, headings: ["A"] + shares.map { "\(Int(($0 * 100).rounded())) %" } + ["B"])))
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
