import ArgumentParser
import CVAEEvaluation
import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorFiles
import TensorGraph

struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Write each record's likeliest level of a category, and every level's probability.",
    discussion: """
      The output has a column with the likeliest level, named as the category, and for each level a column \
      p(LEVEL) with its probability, in the order of the data's records. DATA need not have the category; \
      where they do, it is only used to print how often the model is right, and how far its probabilities can \
      be trusted.

      Each level is filled in and scored by the importance-weighted bound: log p(x|y) + log p(y) of a category \
      that the model is given, log p(x) of one that it generates. In a table's model of '--given any', empty \
      cells take no part.

      Examples:
        cvae classify runs/fashion new-photos/ --field label --output predictions.csv
        cvae classify runs/fashion /usr/share/datasets/fashion-mnist --field label --split test \
      --output predictions.csv
        cvae classify runs/customers customers.csv --field churned --output predictions.csv --json
      """)

  @Argument(help: "A run directory, or a model.safetensors.", completion: .model)
  var model: String

  @Argument(
    help: "The records to classify; '-' is a table on standard input.", completion: .file())
  var data: String

  @Option(
    help: ArgumentHelp("The category to predict.", valueName: "field"),
    completion: .fields(where: \.isCategory))
  var field: String

  @Option(
    help: ArgumentHelp("Where to write.", valueName: "file"),
    completion: .file(extensions: ["csv", "tsv", "jsonl", "npz"]))
  var output: String

  @OptionGroup var format: FormatOption

  @Option(help: "Importance samples for each record and level.")
  var samples = 8

  @Option(help: "The records to classify: train, validation, test or all (default).")
  var split: SplitName?

  @Option(
    help: ArgumentHelp(
      "The records to classify, such as 3,17,40-49, in this order.", valueName: "numbers"))
  var records: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var schema: SchemaOption

  @Option(help: "float32 or bfloat16: the precision of products.")
  var precision = Precision.float32

  @OptionGroup var computing: ComputingOptions

  /// The same for any number of records, so that an answer doesn't depend on the other records.
  private static func batch(_ model: TrainedModel) -> Int { model.model.masksRows ? 1024 : 256 }

  private func place() throws -> OutputPlace { try OutputPlace(output, as: .file, orTable: true) }

  func validate() throws {
    try place().isNone(of: [data, model, schema.file])
    try NumberCheck.count("--samples", samples, to: NumberCheck.mostSamples)
    switch try OutputForm(output, format) {
    case .arrays, .table: break
    case .sheet, .folder:
      throw ValidationError(
        "--output must end in .csv, .tsv, .jsonl or .npz, not '\(output)'.")
    }
    if records != nil, split != nil {
      throw ValidationError("--records and --split exclude each other.")
    }
    if let records { _ = try RecordChoice(records) }
  }

  func run() throws {
    let model = try TrainedModel.load(model)
    let evaluator = Evaluator(
      model: model, executor: try computing.executor(precision), batch: Self.batch(model))
    try evaluator.checkCategory(field)
    let kept = KeptFiles(read: [data, schema.file], model: model)
    try place().check(kept)
    let data = try DataSet.load(
      data, schemaFile: schema.file, for: model, keepingUnknownOf: field)
    try check(data, model)
    let (name, chosen) = try choice(data, model)
    let classification = try evaluator.classify(
      data, by: field, records: chosen, samples: samples
    ) { done in
      if Terminal.isInteractive {
        Terminal.redraw("\(done) of \(chosen.count) records are classified")
      }
    }
    Terminal.clearLine()
    let report = try ClassificationReport(classification, of: data, split: name)
    note(report, data, model)
    try place().check(kept)
    try OutputForm(output, format).write(classification.table)
    let scores = try json ? report.json : report.table
    if output == AtomicFile.standardOutput {
      Terminal.note(scores)
    } else {
      try Terminal.result(scores, isJSON: json)
    }
    Terminal.wrote(output)
  }

  private func choice(
    _ data: DataSet, _ model: TrainedModel
  ) throws -> (name: String, records: [Int32]) {
    guard let records else {
      return try SplitName.records(split, or: .all, of: data, model: model)
    }
    return ("--records", try RecordChoice(records).check(count: data.count))
  }

  /// Refuses data without a field that the model needs, and warns of those that take no part. The category may be
  /// absent, unless a column is called nearly the same.
  private func check(_ data: DataSet, _ model: TrainedModel) throws {
    let read = model.readFields
    let others = read.filter { ByteText($0.name) != ByteText(field) }
    let canDoWithout = { (field: Field) in
      model.model.acceptsMissing && model.conditionFields.contains { $0.name == field.name }
    }
    try data.requireFields(of: model) { canDoWithout($0) || ByteText($0.name) == ByteText(field) }
    if let absent = AbsentColumns(others, in: data) { Terminal.warn(absent.warning) }
    let label = read.filter { ByteText($0.name) == ByteText(field) }
    let isThere = AbsentColumns(label, in: data) == nil
    if let all = AbsentColumns(read, in: data), !isThere, let other = all.likeness(of: field) {
      Terminal.warn(
        "\(data.source): no column is called '\(field)', so nothing is scored; perhaps rename '\(other)'."
      )
    }
    let column = data.records[field]
    if isThere, !(0..<data.count).contains(where: { column?.isKnown($0) == true }) {
      Terminal.warn(
        "\(data.source): column '\(field)' has no value in any record, so nothing is scored.")
    }
  }

  /// Says what limits the scores.
  private func note(_ report: ClassificationReport, _ data: DataSet, _ model: TrainedModel) {
    guard report.labelled > 0 else { return }
    if report.unknownLevels > 0, let own = try? data.schema.field(field),
      let wanted = try? model.schema.field(field)
    {
      let unknown = own.levels.dropFirst(wanted.levels.count).map { "'\($0)'" }
      Terminal.warn(
        "the model doesn't know the level of \(report.unknownLevels) of \(report.labelled) records "
          + "(\(NameList.text(Array(unknown)))): they count as wrong, and not in the log loss.")
    }
    if split == nil, records == nil, let known = model.split(of: data), !known.train.isEmpty {
      Terminal.warn(
        "the model has learned from \(known.train.count) of these records, so the scores flatter it; "
          + "--split test takes the others.")
    }
  }
}
