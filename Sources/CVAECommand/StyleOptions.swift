import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

/// Which model draws, and which records' styles it takes.
struct StyleOptions: ParsableArguments {
  @Argument(help: "A run directory, or a model.safetensors.", completion: .model)
  var model: String

  @Argument(
    help: "A data set, '-' for a table on standard input, or picture files.", completion: .file())
  var inputs: [String]

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

  @OptionGroup var schema: SchemaOption

  func validate() throws {
    try NumberCheck.count("--count", count, to: NumberCheck.mostRecords)
    if records != nil, split != nil {
      throw ValidationError("--records and --split exclude each other.")
    }
    try GenerationRequest.validate {
      _ = try GenerationRequest.parse(from, option: "--from")
      if let records { _ = try RecordList.parse(records) }
    }
  }

  /// The files that are read, which nothing may be written over.
  var read: [String?] { inputs + [schema.file] }

  /// The model, which must have given fields under which a style is read, unless rows may be drawn with nothing given.
  func load(ofRows: Bool = false) throws -> TrainedModel {
    let model = try TrainedModel.load(model)
    guard ofRows || !model.model.masksRows else {
      throw InvalidRequest(
        "expected a model with given fields to carry a style over to, got one of '--given any' on rows; "
          + "name what stays with 'cvae generate --given', or train with --given FIELD.")
    }
    return model
  }

  /// Where the inputs come from.
  func source() throws -> TransferSource {
    TransferSource(
      inputs: inputs, records: try records.map(RecordList.parse), split: split, count: count,
      schemaFile: schema.file)
  }

  /// What `--from` says.
  func conditions(_ model: TrainedModel) throws -> [String: GivenValue] {
    let names = model.schema.fields.map(\.name)
    let arguments = try GenerationRequest.parse(from, option: "--from", known: names)
    return try arguments.reduce(into: [:]) { values, argument in
      try Conditions.check(argument.fieldName, model: model)
      values[argument.fieldName] = try argument.value(for: model)
    }
  }
}
