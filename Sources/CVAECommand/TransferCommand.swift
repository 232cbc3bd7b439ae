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
      --output b.png
      """)

  @Argument(help: "A run directory, or a model.safetensors.", completion: .model)
  var model: String

  @Argument(
    help: "A data set, '-' for a table on standard input, or picture files.", completion: .file())
  var inputs: [String]

  @Option(
    help: ArgumentHelp(
      "A condition to draw under: a level by name or index, a number, 'any', or '*' for each level.",
      valueName: "field=value"), completion: .conditions)
  var given: [String] = []

  @Option(
    help: ArgumentHelp(
      "The inputs' own condition; needed for picture files, and overrules what the data say.",
      valueName: "field=value"), completion: .conditions)
  var from: [String] = []

  @Option(help: ArgumentHelp("The data's records to take, such as 3,17,20-25.", valueName: "list"))
  var records: String?

  @Option(help: "The records to take: train, validation, test (default) or all.")
  var split: SplitName?

  @Option(help: "How many records of the split to take, starting with its first.")
  var count = 16

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
      "Of texts: this share of the words stays; those that speak most for the old condition are written anew.",
      valueName: "share"))
  var keep = 0.0

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

  @OptionGroup var schema: SchemaOption

  @Option(help: "float32 or bfloat16: the precision of products.")
  var precision = Precision.float32

  @OptionGroup var tokens: TokenOptions

  @OptionGroup var computing: ComputingOptions

  private func place() throws -> OutputPlace {
    try OutputPlace(output, as: .fileOrNewFolder, orTable: true)
  }

  func validate() throws {
    try place().isNone(of: inputs + [model, schema.file])
    for (name, value) in [("--count", count), ("--alternatives", alternatives)] {
      try NumberCheck.count(name, value, to: NumberCheck.mostRecords)
    }
    try NumberCheck.temperature(temperature)
    if alternatives > 1, !sample {
      throw ValidationError("--alternatives are all alike without --sample; add it.")
    }
    if records != nil, split != nil {
      throw ValidationError("--records and --split exclude each other.")
    }
    try NumberCheck.control(control)
    guard keep >= 0, keep < 1 else {
      throw ValidationError("--keep must be at least 0 and below 1, not \(keep).")
    }
    if keep > 0, combine {
      throw ValidationError(
        "--keep and --combine exclude each other: several inputs have no words in common "
          + "to keep.")
    }
    if details, combine {
      throw ValidationError(
        "--details and --combine exclude each other: several inputs have no details in common.")
    }
    _ = try OutputForm(output, format)
    try GenerationRequest.validate {
      _ = try GenerationRequest.parse(given)
      _ = try GenerationRequest.parse(from, option: "--from")
      if let records { _ = try RecordList.parse(records) }
    }
  }

  func run() throws {
    let model = try TrainedModel.load(model)
    guard !model.model.masksRows else {
      throw InvalidRequest(
        "expected a model with given fields to carry a style over to, got one of '--given any' on rows; "
          + "name what stays with 'cvae generate --given', or train with --given FIELD.")
    }
    let form = try OutputForm(output, format)
    try form.check(model)
    let kept = KeptFiles(read: inputs + [schema.file], model: model)
    try place().check(kept)
    guard !details || model.model.generatedFields.contains(where: \.isImage) else {
      throw InvalidRequest("--details is for pictures, and this model draws none; leave it out.")
    }
    let source = TransferSource(
      inputs: inputs, records: try records.map(RecordList.parse), split: split, count: count,
      schemaFile: schema.file)
    let inputs = try source.load(from: values(model), model: model)
    let executor = computing.executor(precision)
    let generator = try Generator(model, executor: executor, control: control)
    var posterior = try StyleReader(model, executor: executor).styles(of: inputs)
    if combine { posterior = posterior.combined() }
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
    if keep > 0 { draw.texts = try wordsKept(inputs, request, draw, model, executor) }
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
    _ inputs: TransferInputs, _ request: TransferRequest, _ draw: DrawRequest,
    _ model: TrainedModel, _ executor: any Executor
  ) throws -> [String: TextRestrictions] {
    let fields = model.model.generatedFields.filter(\.isText)
    guard !fields.isEmpty else {
      throw InvalidRequest("--keep is for texts, and this model writes none; leave it out.")
    }
    let rewriter = try TextRewriter(model, executor: executor)
    var texts: [String: TextRestrictions] = [:]
    for field in fields {
      texts[field.name] = try rewriter.restrictions(
        of: field, inputs, rows: request.rowsOfInputs, conditions: draw.conditions,
        styles: draw.styles ?? [], keep: keep)
    }
    return texts
  }

  /// What `--from` says.
  private func values(_ model: TrainedModel) throws -> [String: GivenValue] {
    let names = model.schema.fields.map(\.name)
    let arguments = try GenerationRequest.parse(from, option: "--from", known: names)
    return try arguments.reduce(into: [:]) { values, argument in
      try Conditions.check(argument.fieldName, model: model)
      values[argument.fieldName] = try argument.value(for: model)
    }
  }
}
