import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

struct TransferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer",
    abstract: "Draw records again under other conditions, in their own style.",
    discussion: """
      Reads each input's style under its own condition, and draws it under each condition of \
      --given; fields that --given doesn't name stay as they are. Inputs are the records of a data set, \
      chosen by --records or --split, or picture files, whose condition --from names. The \
      output's extension chooses its form, as for 'generate'; a sheet shows each input first. A table's column 'input' \
      is the record's number; of texts, 'input TEXT' and 'input FIELD' are its own text and the value that --given \
      changed.

      Examples:
        cvae transfer runs/fonts fonts.npz --records 3,17 --given 'character=*' --output sheet.png
        cvae transfer runs/fonts a.png b.png --combine --from character=A --given character=B \
      --output new.png
        cvae transfer emoji/run emoji/data --given tone=dark --details --output dark.png
        cvae transfer emoji/run emoji/data --given tone=dark --keep 2 --output soft.png
      """)

  @OptionGroup var style: StyleOptions

  @Option(
    help: ArgumentHelp(
      "A condition to draw under: a level by name or index, a number, 'any', or '*' for each level.",
      valueName: "field=value"), completion: .conditions)
  var given: [String] = []

  @Flag(help: "The inputs share one style: combine what each of them says about it.")
  var combine = false

  @Flag(help: "Draw the style from what the input leaves open, instead of its mean.")
  var sample = false

  @Option(help: "With --sample: how many records to draw for each input and condition.")
  var alternatives = 1

  @Option(parsing: .unconditional, help: "With --sample: scales the deviation from the mean.")
  var temperature = 1.0

  @Option(help: ArgumentHelp("Where to write.", valueName: "file"), completion: .records)
  var output: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Of texts: this share of the words stays; those that speak most for the old condition are written anew. \
      Of pictures with levels of details: so many levels stay, z being the first; the others are at their mean, or \
      drawn with --sample.
      """,
      valueName: "share or levels"))
  var keep: Double?

  @Flag(
    help: """
      Of pictures: carry over what the model can't draw again, too, so that results are as sharp as their inputs.
      """)
  var details = false

  @OptionGroup var format: FormatOption

  @Option(
    parsing: .unconditional,
    help: "How far the condition is followed: 1 as trained, above 1 further, 0 not at all.")
  var control = 1.0

  @Option(help: "With --sample or --keep: another seed draws other records.")
  var seed: UInt64 = 1

  @Option(help: "float32 or bfloat16: the precision of products.")
  var precision = Precision.float32

  @OptionGroup var tokens: TokenOptions

  @OptionGroup var computing: ComputingOptions

  private func place() throws -> OutputPlace {
    try OutputPlace(output, as: .fileOrNewFolder, orTable: true)
  }

  func validate() throws {
    try place().isNone(of: style.read + [style.model])
    try NumberCheck.count("--alternatives", alternatives, to: NumberCheck.mostRecords)
    try NumberCheck.temperature(temperature)
    if alternatives > 1, !sample {
      throw ValidationError("--alternatives are all alike without --sample; add it.")
    }
    try NumberCheck.control(control)
    if let keep {
      guard keep >= 0, keep < 1 || keep == keep.rounded(), keep <= Double(Self.mostLevels) else {
        throw ValidationError(
          "--keep must be a share of words, at least 0 and below 1, or a number of levels from 1, "
            + "not \(keep.plain).")
      }
      if combine {
        throw ValidationError(
          "--keep and --combine exclude each other: several inputs have no words and no details in "
            + "common to keep.")
      }
    }
    if details, combine {
      throw ValidationError(
        "--details and --combine exclude each other: several inputs have no details in common.")
    }
    _ = try OutputForm(output, format)
    try GenerationRequest.validate {
      _ = try GenerationRequest.parse(given)
    }
  }

  func run() throws {
    let model = try style.load()
    let form = try OutputForm(output, format)
    try form.check(model)
    let kept = KeptFiles(read: style.read, model: model)
    try place().check(kept)
    guard !details || model.model.generatedFields.contains(where: \.isImage) else {
      throw InvalidRequest("--details is for pictures, and this model draws none; leave it out.")
    }
    let source = try style.source()
    let inputs = try source.load(from: style.conditions(model), model: model)
    let executor = try computing.executor(precision)
    let generator = try Generator(model, executor: executor, control: control)
    var posterior = try StyleReader(model, executor: executor).styles(of: inputs)
    if combine { posterior = posterior.combined() }
    if let keep, keep >= 1 || !model.model.generatedFields.contains(where: \.isText) {
      posterior = posterior.keeping(try levelsKept(keep, model))
    }
    let request = try TransferRequest(
      arguments: given, inputs: inputs, names: source.names(of: inputs), combined: combine,
      alternatives: alternatives, model: model)
    for sentence in request.conditions.uncovered(by: model) { Terminal.warn(sentence) }
    let styles = posterior.styles(
      alternatives: alternatives, seed: sample ? seed : nil, temperature: temperature)
    var draw = DrawRequest(request.conditions, seed: seed)
    draw.tokens = tokens.choice
    if !sample { draw.tokens.beams = TokenChoice.usualBeams }
    draw.styles = request.styles(styles, width: posterior.width)
    if let keep, keep > 0, keep < 1 {
      draw.texts = try wordsKept(keep, inputs, request, draw, model, executor)
    }
    var records = try generator.draw(draw)[0]
    if details {
      draw.conditions = inputs.conditions.selecting(request.rowsOfInputs)
      records = records.adding(
        detailsOf: inputs, rows: request.rowsOfInputs, drawnAs: try generator.draw(draw)[0])
    }
    try place().check(kept)
    try form.write(
      records,
      as: records.table(inputs: combine ? nil : request.numbers, origins: request.origins),
      groups: request.files, sheet: request.sheet(of: records))
    Terminal.wrote(output)
  }

  /// The words of each text that stay.
  private func wordsKept(
    _ keep: Double, _ inputs: TransferInputs, _ request: TransferRequest, _ draw: DrawRequest,
    _ model: TrainedModel, _ executor: any Executor
  ) throws -> [String: TextRestrictions] {
    let fields = model.model.generatedFields.filter(\.isText)
    let rewriter = try TextRewriter(model, executor: executor)
    var texts: [String: TextRestrictions] = [:]
    for field in fields {
      texts[field.name] = try rewriter.restrictions(
        of: field, inputs, rows: request.rowsOfInputs, conditions: draw.conditions,
        styles: draw.styles ?? [], keep: keep)
    }
    return texts
  }

  /// The levels that stay, z first.
  private func levelsKept(_ keep: Double, _ model: TrainedModel) throws -> Range<Int> {
    let levels = model.model.detailLevels
    guard !levels.isEmpty || !model.generatesTexts else {
      throw InvalidRequest(
        "--keep: expected a share of the words, at least 0 and below 1, as this model has texts and no levels of "
          + "details, got \(keep.plain); choose another.")
    }
    guard !levels.isEmpty else {
      throw InvalidRequest(
        "--keep is for texts and for levels of details, and this model has neither; leave it out.")
    }
    guard keep >= 1, Int(keep) <= levels.count + 1 else {
      throw InvalidRequest(
        "--keep: expected 1 to \(levels.count + 1) levels, as this model has z and details at "
          + "\(levels.map { "\($0.extent)" }.joined(separator: ", ")) pixels, got \(keep.plain); choose another."
      )
    }
    return 0..<Int(keep)
  }

  private static let mostLevels = 100
}
