import ArgumentParser
import CVAEEvaluation
import CVAETraining
import ConditionalData
import Figures
import Foundation
import TensorFiles
import TensorGraph

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one page about a run: curves, samples, latent space, and evaluation.",
    discussion: """
      The page is one file, report.html in the run directory, with its pictures inside; it loads nothing \
      from the network. The test split is evaluated as 'cvae evaluate' does; of other data than those that \
      the model was trained on, all records are. For a table, each column's distribution and the \
      correlations of columns stand beside those of synthetic rows; of texts, some are shown as they are generated, \
      reconstructed and carried to other levels.

      Example:
        cvae report runs/fashion /usr/share/datasets/fashion-mnist
      """)

  @Argument(help: "A run directory.", completion: .directory)
  var model: String

  @Argument(
    help: """
      The records that it was trained on, or others with the same fields; '-' is a table on standard input.
      """,
    completion: .file())
  var data: String

  @Option(
    help: ArgumentHelp("Where to write instead.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var output: String?

  @Option(help: "Importance samples for each record.")
  var samples = 16

  @OptionGroup(title: "Control") var control: ControlOptions
  @OptionGroup(title: "Fidelity of tables") var fidelity: FidelityOptions

  @OptionGroup var schema: SchemaOption

  @OptionGroup var computing: ComputingOptions

  func validate() throws {
    if let output {
      try OutputPlace(output, as: .file).isNone(of: [model, data, schema.file, control.classifier])
      let ending = (output as NSString).pathExtension.lowercased()
      guard ["html", "htm", ""].contains(ending) else {
        throw ValidationError("--output must end in .html, not '\(output)'.")
      }
    }
    try NumberCheck.count("--samples", samples, to: NumberCheck.mostSamples)
  }

  func run() throws {
    let model = try TrainedModel.load(model)
    let folder = model.path.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    let run = RunDirectory(folder ?? ".")
    let path = output ?? run.reportPath
    let classifier = control.place(of: model)
    let kept = KeptFiles(
      read: [data, schema.file], written: [classifier], model: model, renewsReport: output == nil)
    try check(path, kept, of: run)
    let data = try DataSet.load(data, schemaFile: schema.file, for: model)
    try data.requireFields(of: model)
    let test = model.split(of: data)?.test ?? []
    if test.isEmpty {
      Terminal.warn("these data have no test split for this model: all records are evaluated.")
    }
    let records = test.isEmpty ? (0..<Int32(data.count)).map { $0 } : test
    let evaluator = Evaluator(model: model, executor: try computing.executor())
    var bounds: EvaluationReport?
    if (control.only ?? .bounds) == .bounds {
      bounds = try evaluator.evaluate(
        data, records: records, samples: samples, split: test.isEmpty ? "all" : "test")
    }
    let judged = try control.report(evaluator, model: model, data: data)
    var page = RunPage(
      run: run, model: model, data: data, records: records, isHeldOut: !test.isEmpty,
      evaluator: evaluator)
    try page.addPictures(bounds: bounds)
    let texts = try control.texts(evaluator, model: model, data: data)
    page.add(texts)
    let pictures = try control.pictures(evaluator, model: model, data: data)
    page.add(
      EvaluationSummary(
        bounds: bounds, control: judged, fidelity: nil, texts: texts, pictures: pictures))
    page.addDecidedColumns()
    if let study = try fidelity.study(evaluator, only: control.only, model: model, data: data) {
      page.add(try study.page)
    }
    try check(path, kept, of: run)
    try AtomicFile.write(page.page.html.utf8, to: path)
    try Terminal.result(path)
  }
  /// Refuses what can't be written, and, without --output, to replace a page that isn't a report.
  private func check(_ path: String, _ kept: KeptFiles, of run: RunDirectory) throws {
    try OutputPlace(path, as: .file).check(kept)
    let files = FileManager.default
    guard output == nil, files.fileExists(atPath: path), !ReportPage.isOne(path) else { return }
    let isLink = (try? files.destinationOfSymbolicLink(atPath: path)) != nil
    if run.runDescription != nil, !isLink { return }
    throw InvalidRequest(
      "\(path): expected no such file or an older report, got another page; name a place with "
        + "--output."
    )
  }
}
