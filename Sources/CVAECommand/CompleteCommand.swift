import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorFiles
import TensorGraph

struct CompleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "complete",
    abstract: "Fill the missing cells of a table, or the unknown pixels of pictures.",
    discussion: """
      Needs a model that was trained with --given any. Draws answers from p(what is unknown | what is \
      known); what is known stays as it came, to the byte.

      In a table (.csv, .tsv, .jsonl, also .gz; '-' is standard input), empty cells and those with NA, NaN, null, ? or a word \
      that schema.yaml declared before training are filled. \
      With --samples 5 the output holds the whole table five times, each time filled anew (multiple \
      imputation), with a first column 'sample' that counts from 1 to 5. With --hole ___ a text may hold \
      ___ where something is to be filled, and stays as it is elsewhere. --uncertainty adds one column \
      for each column of the model: for a number the standard deviation of at least 20 answers, in the \
      column's unit; for a category the share of answers that differ from the most frequent one; for a text \
      how little two answers agree on average, from 0 (equal) to 1 (nothing in common). It is empty where the \
      cell was known.

      In pictures, --mask names the part that is known (bottom-left, all-but-top-right, top, blocks, \
      scattered, none …), or a mask.png of the model's size in which known pixels are white and unknown \
      ones black. Without --mask, the transparent pixels of a picture are unknown.

      The output's extension chooses its form: .png is a sheet (what is known, the answers, the \
      original), .npz an archive, a name without extension a directory of pictures.

      Examples:
        cvae complete runs/customers with-holes.csv --samples 5 --output filled.csv
        zcat with-holes.csv.gz | cvae complete runs/customers - --output - | head
        cvae complete runs/any /usr/share/datasets/fashion-mnist --mask bottom-left --output sheet.png
        cvae complete runs/any coat.png --given label=Coat --samples 8 --output coats
      """)

  @Argument(help: "A run directory, or a model.safetensors.", completion: .model)
  var model: String

  @Argument(
    help: "A table, a data set, or picture files (PNG, JPEG, WebP) of the model's size.",
    completion: .file())
  var data: [String]

  @Option(help: ArgumentHelp("Where to write.", valueName: "file"), completion: .records)
  var output: String

  @OptionGroup var format: FormatOption

  @Option(help: "Answers; by default 5 for each picture, and 1 for a table.")
  var samples: Int?

  @Flag(help: "Add columns that say how uncertain each filled cell of a table is.")
  var uncertainty = false

  @Option(
    help: ArgumentHelp(
      "What is given: bottom-left and the like, or a picture file, white where known.",
      valueName: "mask"), completion: .masks)
  var mask: String?

  @Option(
    help: ArgumentHelp(
      "Another field of all pictures: a level by name or index, a number, or 'any' for unknown. "
        + "Left out: what a data set says, else unknown.", valueName: "field=value"),
    completion: .conditions)
  var given: [String] = []

  @Option(
    help: ArgumentHelp(
      "Records of the data set, such as 3,17,40-49; by default the first ten of the test split.",
      valueName: "numbers"))
  var records: String?

  @OptionGroup var schema: SchemaOption

  @Option(help: "Another seed draws other answers.")
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional,
    help: "Scales the style: 1 draws from the prior, less than 1 stays nearer to its mean.")
  var temperature = 1.0

  @Option(
    help: ArgumentHelp(
      "Within texts of a table: what stands for something to fill, such as '___' or '*'; the rest of the text stays.",
      valueName: "mark"))
  var hole: String?

  @OptionGroup var tokens: TokenOptions

  @OptionGroup var computing: ComputingOptions

  /// The same for any number of pictures, so that an answer doesn't depend on the other pictures.
  private static let batch = 32
  /// How many records of a data set are completed where --records names none.
  private static let usualCount = 10

  private var arePictures: Bool { data.allSatisfy(PictureName.isPicture) }

  private func place() throws -> OutputPlace {
    try OutputPlace(output, as: isTable ? .file : .fileOrNewFolder, orTable: isTable)
  }

  /// The files that are read, including the picture of a mask.
  private func kept(_ model: TrainedModel) throws -> KeptFiles {
    var picture: String?
    if case .picture(let path) = try CompletionRequest.Mask(mask) { picture = path }
    return KeptFiles(read: data + [schema.file, picture], model: model)
  }

  func validate() throws {
    try place().isNone(of: data + [model, schema.file, mask])
    try format.check(output)
    try NumberCheck.count("--samples", samples, to: NumberCheck.mostRecords)
    try NumberCheck.temperature(temperature)
    guard arePictures || data.count == 1 else {
      throw ValidationError(
        "DATA must be one data set, or picture files alone (.png, .jpg, .webp).")
    }
    if arePictures, records != nil {
      throw ValidationError("--records is for a data set; name the pictures to complete.")
    }
    if let records { _ = try RecordChoice(records) }
    if let hole, hole.allSatisfy(\.isWhitespace) {
      throw ValidationError(
        "--hole needs what stands for a hole in a text and isn't blank, such as "
          + "--hole ___.")
    }
    if isTable {
      guard output == AtomicFile.standardOutput || format.table(output) != nil else {
        throw ValidationError(
          "--output must end in .csv, .tsv or .jsonl for a table, got '\(output)'.")
      }
      if let form = format.table(output) { try Self.check(form, output, isLike: data[0]) }
      guard mask == nil, records == nil, given.isEmpty else {
        throw ValidationError(
          "--mask, --records and --given are for pictures; a table's missing cells say what to fill."
        )
      }
    } else {
      _ = try CompletionOutput(output)
    }
    _ = try CompletionRequest.Mask(mask)
    try GenerationRequest.validate { _ = try GenerationRequest.parse(given) }
  }

  /// Refuses an output of another form than the table's: its cells stay as they are.
  static func check(_ form: TableForm, _ output: String, isLike table: String) throws {
    guard table != ByteStream.standardInput, TableForm(path: table) != form else { return }
    throw ValidationError(refusal(form, output, of: "'\(table)'"))
  }

  /// The same once the table's form is known.
  static func check(_ form: TableForm, _ output: String, isLike table: PartialTable) throws {
    guard table.form != form else { return }
    throw InvalidRequest(refusal(form, output, of: "a table of the form \(table.form.rawValue)"))
  }

  private static func refusal(_ form: TableForm, _ output: String, of table: String) -> String {
    output == AtomicFile.standardOutput
      ? "--format must be the form of the table, whose cells stay as they are, got \(form.rawValue) for "
        + "\(table)."
      : "--output must have the same ending as the table, whose cells stay as they are, got '\(output)' for "
        + "\(table)."
  }

  /// Whether DATA is a table, which a model of pictures can't read.
  private var isTable: Bool { data.count == 1 && PartialTable.isOne(data[0]) }

  func run() throws {
    let model = try TrainedModel.load(model)
    try MaskArgument.requireMasks(model)
    if model.model.masksRows {
      try completeTable(model)
    } else {
      try completePictures(model)
    }
  }

  private func completeTable(_ model: TrainedModel) throws {
    guard isTable else {
      throw InvalidRequest(
        "\(data[0]): expected a .csv, .tsv or .jsonl table, as the model was trained on rows.")
    }
    let kept = try kept(model)
    try place().check(kept)
    let table = try PartialTable(data[0], model: model)
    if let form = format.table(output) { try Self.check(form, output, isLike: table) }
    try checkAnswers(to: table.count)
    let generator = try Generator(
      model, executor: computing.executor(), batch: GenerateCommand.batch(model))
    let completion = try TableCompletion(
      table, generator: generator, samples: samples ?? 1, seed: seed, hole: hole,
      temperature: temperature, tokens: tokens.choice,
      reportsUncertainty: uncertainty)
    let sentences = Conditions(table.records).uncovered(by: model) { _, row in
      "\(table.source), line \(table.line(of: row))"
    }
    sentences.forEach(Terminal.warn)
    let unfilled = NameList.text(
      table.unfilled.map { "'\($0.name)' (\(NameList.count($0.count, "missing cell")))" },
      atMost: 12)
    try place().check(kept)
    try completion.write(to: output)
    Terminal.note(
      "\(completion.filledRows) of \(table.count) rows had missing cells, which were filled."
        + (unfilled.isEmpty
          ? "" : " Columns that the model has no field for stay as they are: \(unfilled)."))
    Terminal.wrote(output)
  }

  /// Refuses more answers than one command may make.
  private func checkAnswers(to records: Int) throws {
    guard let samples, samples > NumberCheck.mostRecords / max(records, 1) else { return }
    throw InvalidRequest(
      "expected at most \(NumberCheck.mostRecords) answers, got --samples \(samples) times "
        + "\(records) records; ask for fewer.")
  }

  private func completePictures(_ model: TrainedModel) throws {
    if hole != nil {
      throw InvalidRequest(
        "--hole is for texts of tables; a picture's --mask says what is given of it.")
    }
    if uncertainty {
      throw InvalidRequest("--uncertainty is for tables; leave it out for pictures.")
    }
    let form = try CompletionOutput(output)
    try form.check(model)
    let kept = try kept(model)
    try place().check(kept)
    let request = try request(model)
    try checkAnswers(to: request.numbers.count)
    for sentence in request.conditions.uncovered(by: model) { Terminal.warn(sentence) }
    let generator = try Generator(
      model, executor: computing.executor(), batch: Self.batch)
    let answers = try request.answers(
      generator, samples: samples ?? 5, seed: seed, temperature: temperature)
    try place().check(kept)
    try form.write(answers, of: request)
    Terminal.wrote(output)
  }

  private func request(_ model: TrainedModel) throws -> CompletionRequest {
    let mask = try CompletionRequest.Mask(mask)
    if arePictures {
      return try CompletionRequest(
        files: data, mask: mask, given: given, seed: seed, model: model)
    }
    let data = try DataSet.load(data[0], schemaFile: schema.file, for: model)
    let numbers: [Int32]
    if let records {
      numbers = try RecordChoice(records).check(count: data.count)
    } else {
      let usual = model.split(of: data)?.test ?? (0..<Int32(data.count)).map { $0 }
      numbers = Array(usual.prefix(Self.usualCount))
    }
    return try CompletionRequest(
      data: data, numbers: numbers, mask: mask, given: given, seed: seed, model: model)
  }
}
