import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Figures
import RecordTypes
import TensorFiles
import TensorGraph

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Draw new records under a condition.",
    discussion: """
      The output's extension chooses its form: .png (a labelled sheet), .npz, .csv, .tsv, .jsonl; a name \
      without extension is a directory with one file for each record; '-' is a table on standard output.

      --given-from draws records for each row of a table, in its order. A written table has the columns of \
      that table first, with their cells as they are, then the other fields. A cell 'any' is drawn; an \
      empty cell, or 'missing', asks for a row in which the value is missing, where training records lack it. Columns that the training left out or ignored, such as a number of the record, \
      are kept; any other column that can't be given is an error. --given sets fields that the table doesn't \
      have, for all rows.

      Examples:
        cvae generate runs/fashion --given label=9 --count 64 --output boots.png
        cvae generate runs/fashion --given 'label=*' --count 10 --output sheet.png
        cvae generate runs/fashion --given label=9 --control 2 --output boots.png
        cvae generate runs/customers --given 'cut=Fair|Good' --given 'price=5000..8000' --output rows.csv
        cvae generate runs/reviews --given rating=5 --given 'review.begins=The battery' --output reviews.csv
        cvae generate runs/customers --given-from requests.csv --count 3 --output rows.csv
        cvae generate runs/customers --like customers.csv --balance cut --output augmented.csv
      """)

  @Argument(help: "A run directory, or a model.safetensors.", completion: .model)
  var model: String

  @Option(
    help: ArgumentHelp(
      "A condition: a level by name or index, a number, several levels 'Fair|Good', a range "
        + "'5000..8000' or '5000..', 'any', 'missing', or '*' for each level in turn. Of a text that is generated: "
        + "'review.begins=The battery', 'review.contains=charger, cable', 'review.words=5..12', "
        + "'review.fits=The * lasts * hours'.",
      valueName: "field=value"), completion: .conditions)
  var given: [String] = []

  @Option(
    help: ArgumentHelp(
      "A table of conditions (.csv, .tsv, .jsonl, also .gz; '-' is standard input): its columns are given "
        + "fields; a cell 'any' is drawn, an empty one is given as missing.", valueName: "table"),
    completion: .table)
  var givenFrom: String?

  @Option(
    help: ArgumentHelp(
      "How many records, 10 by default; with '*', how many of each level; with --given-from, how many for "
        + "each row, 1 by default."))
  var count: Int?

  @Option(help: ArgumentHelp("Where to write.", valueName: "file"), completion: .records)
  var output: String

  @OptionGroup var format: FormatOption

  @Option(help: "Another seed draws other records.")
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional,
    help: "Scales the style: 1 draws from the prior, less than 1 stays nearer to its mean.")
  var temperature = 1.0

  @Option(
    parsing: .unconditional,
    help: """
      The same for the levels of details of pictures; 0 leaves them at their mean, the default after training with \
      levelDropout.
      """)
  var detailTemperature: Double?

  @Option(
    parsing: .unconditional,
    help: "How far the condition is followed: 1 as trained, above 1 further, 0 not at all.")
  var control = 1.0

  @Option(help: "float32 or bfloat16: the precision of products.")
  var precision = Precision.float32

  @Option(
    help: ArgumentHelp(
      "With --balance: the table to add rows to; its own rows come first, unchanged to the byte.",
      valueName: "table"), completion: .table)
  var like: String?

  @Option(
    help: ArgumentHelp(
      "With --like: a category; each of its levels gets as many rows as the most frequent one has.",
      valueName: "field"), completion: .fields(where: \.isCategory))
  var balance: String?

  @Flag(inversion: .prefixedNo, help: "Leave cells of tables empty as often as the data do.")
  var missing = true

  @Flag(
    help: """
      Of pictures whose likelihood is a density: draw each pixel instead of writing its expected value. What the latent \
      numbers leave open shows as grain.
      """)
  var drawPixels = false

  @OptionGroup var tokens: TokenOptions

  @Flag(
    help: """
      The most probable text under the mean style, found by a beam search, instead of a drawn one; categories and \
      numbers are drawn.
      """)
  var best = false

  @Option(
    help: ArgumentHelp(
      "Of texts: draws so many answers for each record, and writes the one that agrees most with the others.",
      valueName: "answers"))
  var consensus: Int?

  @OptionGroup var computing: ComputingOptions

  /// The same for any count: products of other sizes round differently, and record i of a seed must
  /// be the same to the last digit however many are drawn.
  /// Rows of a table are small, so more of them are drawn at a time.
  static func batch(_ model: TrainedModel) -> Int {
    model.model.generatedInputs.contains { $0.field.isImage || $0.isText } ? 64 : 1024
  }

  private func place() throws -> OutputPlace {
    try OutputPlace(output, as: .fileOrNewFolder, orTable: true)
  }

  func validate() throws {
    try place().isNone(of: [model, like, givenFrom])
    try NumberCheck.count("--count", count, to: NumberCheck.mostRecords)
    if let consensus, !(2...1000).contains(consensus) {
      throw ValidationError(
        "--consensus must be from 2 to 1000 answers, not \(consensus).")
    }
    if best, tokens.choice != TokenChoice() {
      throw ValidationError(
        "--best looks for the most probable text, whatever --token-temperature and --top-p say; "
          + "leave them out.")
    }
    if consensus != nil, best {
      throw ValidationError(
        "--best and --consensus exclude each other: the most probable text, or the one that agrees most with "
          + "other answers.")
    }
    if (like == nil) != (balance == nil) {
      throw ValidationError("--like TABLE and --balance FIELD go together.")
    }
    if let like, let form = format.table(output) {
      try CompleteCommand.check(form, output, isLike: like)
    }
    if like != nil, count != nil || !given.isEmpty || givenFrom != nil {
      throw ValidationError(
        "--balance decides how many rows of each level are drawn; leave --count, --given and --given-from "
          + "out.")
    }
    try NumberCheck.temperature(temperature)
    if let detailTemperature {
      try NumberCheck.temperature(detailTemperature, option: "--detail-temperature")
    }
    try NumberCheck.control(control)
    _ = try OutputForm(output, format)
    try GenerationRequest.validate { _ = try GenerationRequest.parse(given) }
  }

  func run() throws {
    let model = try TrainedModel.load(model)
    if consensus != nil, !model.model.generatedFields.contains(where: \.isText) {
      throw InvalidRequest("--consensus is for texts, and this model writes none; leave it out.")
    }
    if detailTemperature != nil, model.model.detailLevels.isEmpty {
      throw InvalidRequest(
        "--detail-temperature is for levels of details, and this model has none; leave it out, or train with "
          + "model.convolution.levels.")
    }
    let pictures = model.model.generatedFields.filter(\.isImage)
    if drawPixels, !pictures.contains(where: model.model.drawsPixels) {
      throw InvalidRequest(
        pictures.isEmpty
          ? "--draw-pixels is for pictures, and this model draws none; leave it out."
          : "--draw-pixels needs a likelihood that is a density, and '\(pictures[0].name)' has a Bernoulli, whose grey "
            + "values would come out black and white; train with model.likelihood: {\(pictures[0].name): "
            + "discretized-logistic}.")
    }
    if let like, let balance {
      try augment(like, by: balance, model)
    } else {
      try generate(model)
    }
  }

  private func generator(_ model: TrainedModel) throws -> Generator {
    try Generator(
      model, executor: computing.executor(precision), batch: Self.batch(model), control: control)
  }

  private func draw(
    _ block: RecordBlock, by generator: Generator, _ texts: [String: TextRestriction] = [:]
  ) throws -> GeneratedRecords {
    var request = DrawRequest(block, seed: seed)
    request.temperature = best ? 0 : temperature
    request.detailTemperature = best ? nil : detailTemperature
    request.tokens = tokens.choice
    if best { request.tokens.beams = TokenChoice.usualBeams }
    request.allowsMissing = missing
    request.texts = texts.mapValues { .all($0) }
    request.samples = consensus ?? 1
    request.drawsPixels = drawPixels
    return .consensus(of: try generator.draw(request), generator.model)
  }

  private func augment(_ path: String, by field: String, _ model: TrainedModel) throws {
    guard output == AtomicFile.standardOutput || format.table(output) != nil else {
      throw InvalidRequest(
        "--output: expected a name that ends in .csv, .tsv or .jsonl, got '\(output)'.")
    }
    let kept = KeptFiles(read: [path], model: model)
    try place().check(kept)
    let table = try PartialTable(path, model: model)
    if let form = format.table(output) { try CompleteCommand.check(form, output, isLike: table) }
    let balance = try TableBalance(table, by: field, model: model)
    let records = try draw(
      RecordBlock(balance.conditions, first: 0), by: generator(model))
    try place().check(kept)
    try balance.write(records, to: output)
    Terminal.note(
      "\(records.count) rows were added, so that each level of '\(field)' has \(balance.most).")
    Terminal.wrote(output)
  }

  private func generate(_ model: TrainedModel) throws {
    let form = try OutputForm(output, format)
    try form.check(model)
    let kept = KeptFiles(read: [givenFrom], model: model)
    try place().check(kept)
    let texts = try TextArguments(given, model: model)
    let request = try RequestedRecords(
      given: texts.others, from: givenFrom, count: count, model: model, seed: seed)
    if best, count ?? (givenFrom == nil ? 10 : 1) > 1, texts.restrictions.isEmpty,
      model.model.generatedFields.allSatisfy(\.isText)
    {
      Terminal.note("--best: records under the same condition have the same, most probable text.")
    }
    let generator = try generator(model)
    if case .table(let path, let form) = form {
      try write(request, by: generator, texts.restrictions, to: path, as: form, kept)
    } else {
      let block = try request.all()
      let records = try draw(block, by: generator, texts.restrictions)
      note(records.drawnConditions)
      note(block.conditions.cutTexts(by: model))
      try place().check(kept)
      let areFiles = if case .folder = form { true } else { false }
      let groups = request.groups(of: block, areNumbered: areFiles)
      try form.write(
        records, as: records.table(of: block), groups: groups,
        sheet: SampleSheet(records, groups: groups))
    }
    Terminal.wrote(output)
  }

  /// Draws and writes a table block by block, in little memory however many records it has.
  private func write(
    _ request: RequestedRecords, by generator: Generator, _ texts: [String: TextRestriction],
    to path: String, as form: TableForm, _ kept: KeptFiles
  ) throws {
    let interruption = Interruption(notice: nil)
    var drawn: Set<String> = []
    var cut: [String: Set<ByteText>] = [:]
    try AtomicFile.write(to: path) { file in
      while let block = try request.next(atMost: generator.recordsAtOnce) {
        let records = try draw(block, by: generator, texts)
        note(records.drawnConditions.filter { drawn.insert($0).inserted })
        cut.merge(block.conditions.cutTexts(by: generator.model)) { $0.union($1) }
        let table = records.table(of: block)
        if block.first == 0 { try file.write(table.header(form)) }
        try table.writeRows(to: &file, as: form)
        // Nothing of the file is left behind.
        if interruption.isRequested { throw ExitCode(130) }
      }
      try place().check(kept)
    }
    note(cut)
  }

  private func note(_ cut: [String: Set<ByteText>]) {
    for (name, texts) in cut.sorted(by: { $0.key < $1.key }) {
      Terminal.note(
        "'\(name)': \(NameList.count(texts.count, "text")) of more tokens than the model reads "
          + "\(texts.count == 1 ? "was" : "were") cut.")
    }
  }

  private func note(_ drawn: [String]) {
    for name in drawn {
      Terminal.note(
        "'\(name)' is unknown: it was drawn as often as each value occurs in the training records.")
    }
  }
}
