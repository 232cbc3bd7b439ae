import ArgumentParser
import CVAEEvaluation
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import TensorFiles
import TensorGraph

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score a model on held-out records, and judge whether it draws what is requested.",
    discussion: """
      Prints the ELBO and its terms, an importance-sampled bound on log p(x|y) (IWAE), active units, \
      and bits per dimension where the likelihood is a density; all in nats per record, with \
      standard errors over records. Data that the model was not trained on are scored whole.

      If the model is given a category and generates an image, control is judged too. A classifier, \
      trained once on the real training pictures, measures how many generated pictures show the requested \
      level, how varied they are, how far they lie from real pictures, and whether they are copies; probes \
      measure how much of the level can be read off the latent space; and the model itself classifies by \
      its own bound. A model that accepts unknown conditions is also judged at several strengths of --control.

      Of a model that generates images, reconstructions are compared with the real pictures, a small network tries to tell \
      new ones from real ones, and pictures are carried to another level and back, by the levels of their style.

      Processes that mpirun or srun has started share the bounds; the rest is the first one's.

      For a model of a table, synthetic rows are compared with real ones: each column's distribution, how \
      columns depend on each other, whether boosted trees can tell the two apart, what trees learn from \
      synthetic rows about real ones, whether requests are honoured, how well missing cells are filled, and \
      whether training rows are given away. 'cvae report' draws these comparisons.

      For a model that generates texts, a linear classifier of words and letters, which has learned from the \
      real training texts, judges whether generated texts are as requested, and texts carried to another level; \
      also measured are how varied texts are, how much of them is copied from training, what z keeps of a text, \
      and, where a text or several fields are given, ROUGE with the records' own texts. The fidelity of such a \
      table is judged only with --only fidelity.

      Examples:
        cvae evaluate runs/customers customers.csv --target churned
        cvae evaluate runs/fashion /usr/share/datasets/fashion-mnist --split test --samples 64
        cvae evaluate runs/any /usr/share/datasets/fashion-mnist --mask bottom-left --samples 100
        cvae evaluate runs/fashion /usr/share/datasets/fashion-mnist --only control --json
      """)

  @Argument(help: "A run directory, or a model.safetensors.", completion: .model)
  var model: String

  @Argument(
    help: "The records to score; '-' is a table on standard input.", completion: .file())
  var data: String

  @Option(help: "train, validation, test or all.")
  var split: SplitName?

  @Option(help: "Importance samples for each record; by default 64, of texts 16.")
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      "For a model of '--given any': the pixels that are given, such as bottom-left; the missing "
        + "ones are scored. Left out: the random masks of its training.",
      valueName: "mask"), completion: .masks)
  var mask: String?
  @OptionGroup(title: "Control") var control: ControlOptions
  @OptionGroup(title: "Fidelity of tables") var fidelity: FidelityOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var schema: SchemaOption

  @Option(help: "float32 or bfloat16: the precision of products.")
  var precision = Precision.float32

  @OptionGroup var computing: ComputingOptions

  func validate() throws {
    try NumberCheck.count("--samples", samples, to: NumberCheck.mostSamples)
    if let mask { _ = try MaskArgument.kinds(mask) }
  }

  func run() throws {
    let process = try RankedProcess.join()
    let (trained, records) = try process.together { () throws -> (TrainedModel, DataSet) in
      try process.checkInput(data)
      let model = try TrainedModel.load(model)
      let records =
        try DataSet.samples(data, schemaFile: schema.file, for: model)
        ?? DataSet.load(data, schemaFile: schema.file, for: model)
      try records.requireFields(of: model)
      return (model, records)
    }
    try process.together { try checkRanks(process, trained, records) }
    try process.work {
      try evaluate(trained, on: records, process)
      return .success
    }
  }

  /// Finds what differs between ranks although it must be the same.
  private func checkRanks(
    _ process: RankedProcess, _ model: TrainedModel, _ data: DataSet
  ) throws {
    guard process.ranks > 1 else { return }
    try process.checkArguments()
    try process.check(
      "swift-cvae", ToolVersion.current, remedy: "install one version everywhere")
    try process.check(
      "the data's fingerprint", data.fingerprint, remedy: "let all ranks read the same data")
    try process.check(
      "the model's parameters", digest(of: model), remedy: "let all ranks read the same model")
  }

  /// A hash of all parameters (64-bit FNV-1a, number by number).
  private func digest(of model: TrainedModel) -> String {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for (_, tensor) in model.tensors.sorted(by: { $0.key < $1.key }) {
      for value in tensor.values { hash = (hash ^ UInt64(value.bitPattern)) &* 1_099_511_628_211 }
    }
    return String(hash, radix: 16)
  }

  /// Several processes share the bounds; the rest is the first one's.
  private func evaluate(
    _ model: TrainedModel, on data: DataSet, _ process: RankedProcess
  ) throws {
    let device = try process.open(computing.devices)
    let executor = try ComputingOptions.executor(
      on: device, precision: precision, threads: computing.threads ?? process.defaultThreads,
      communicator: process.communicator)
    let evaluator = Evaluator(
      model: model, executor: executor, masks: try MaskArgument.masks(mask, model: model))
    var bounds: EvaluationReport?
    if (control.only ?? .bounds) == .bounds {
      bounds = try self.bounds(evaluator, model, data, process)
    }
    guard process.isFirst else { return }
    let alone = Evaluator(
      model: model,
      executor: try ComputingOptions.executor(
        on: device, precision: precision, threads: executor.threads),
      masks: try MaskArgument.masks(mask, model: model))
    let summary = EvaluationSummary(
      bounds: bounds, control: try control.report(alone, model: model, data: data),
      fidelity: try fidelity.study(alone, only: control.only, model: model, data: data),
      texts: try control.texts(alone, model: model, data: data),
      pictures: try control.pictures(alone, model: model, data: data))
    try Terminal.result(json ? summary.json : summary.table, isJSON: json)
  }

  private func bounds(
    _ evaluator: Evaluator, _ model: TrainedModel, _ data: DataSet, _ process: RankedProcess
  ) throws -> EvaluationReport {
    let (name, records) = try SplitName.records(split, or: .test, of: data, model: model)
    let hasTexts = model.model.inputs.contains(where: \.isText)
    let report = try evaluator.evaluate(
      data, records: records, samples: samples ?? (hasTexts ? 16 : 64), split: name)
    if hasTexts, process.isFirst, let lost = report.exchangedLatentLoss,
      lost.mean < 0.01 * abs(report.reconstruction.mean)
    {
      Terminal.warn(
        "z says next to nothing: with another record's z the reconstruction loses "
          + "\(String(format: "%.3f", lost.mean)) nats; transfer, encode and maps have nothing "
          + "to go on. Raise training.freeBits.")
    }
    return report
  }
}
