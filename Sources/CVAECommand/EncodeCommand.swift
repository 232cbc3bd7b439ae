import ArgumentParser
import CVAEEvaluation
import CVAEModels
import CVAETraining
import ConditionalData
import Figures
import Foundation
import RecordTypes
import TensorFiles

struct EncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Write each record's latent z and style u, and draw the map of z.",
    discussion: """
      z is the mean of q(z|x,y); u is z standardised by the prior of the record's own condition, so that \
      it holds style rather than condition. The output's extension chooses its form: .npz (arrays \
      z and u; of a model with levels of details also u_7 and so on, named by their pixels), .csv, .tsv or .jsonl \
      (columns z0…, u0…); '-' is a table on standard output.

      Example:
        cvae encode runs/fashion /usr/share/datasets/fashion-mnist --output z.npz --map map.png
      """)

  @Argument(help: "A run directory, or a model.safetensors.", completion: .model)
  var model: String

  @Argument(
    help: "The records to encode; '-' is a table on standard input.", completion: .file())
  var data: String

  @Option(
    help: ArgumentHelp("Where to write.", valueName: "file"),
    completion: .file(extensions: ["npz", "csv", "tsv", "jsonl"]))
  var output: String

  @OptionGroup var format: FormatOption

  @Option(
    help: ArgumentHelp("Where to draw the map, coloured by level.", valueName: "file.png"),
    completion: .file(extensions: ["png"]))
  var map: String?

  @OptionGroup var schema: SchemaOption

  @OptionGroup var computing: ComputingOptions

  private func places() throws -> [OutputPlace] {
    [try OutputPlace(output, as: .file, orTable: true)]
      + (try map.map { [try OutputPlace($0, option: "--map", as: .file)] } ?? [])
  }

  func validate() throws {
    for place in try places() { try place.isNone(of: [data, model, schema.file]) }
    try format.check(output)
    guard ending(output) == "npz" || form != nil else {
      throw ValidationError("--output must end in .npz, .csv, .tsv or .jsonl, not '\(output)'.")
    }
    if let map, ending(map) != "png" {
      throw ValidationError("--map must end in .png, not '\(map)'.")
    }
  }

  /// The form of the table; nil for arrays.
  private var form: TableForm? {
    output == AtomicFile.standardOutput ? format.format ?? .csv : format.table(output)
  }

  private func ending(_ path: String) -> String {
    (path as NSString).pathExtension.lowercased()
  }

  func run() throws {
    let model = try TrainedModel.load(model)
    let kept = KeptFiles(read: [data, schema.file], model: model)
    try check(kept)
    let data = try DataSet.load(data, schemaFile: schema.file, for: model)
    try data.requireFields(of: model)
    let evaluator = Evaluator(model: model, executor: try computing.executor())
    let encoding = try evaluator.encode(data, records: (0..<Int32(data.count)).map { $0 })
    let category = model.model.inputs.map(\.field).first(where: \.isCategory)?.name
    let figure = try map.map { _ in try encoding.map(of: data, colouredBy: category) }
    try check(kept)
    try write(encoding)
    Terminal.wrote(output)
    if let map, let figure {
      try AtomicFile.write(figure.pngData(), to: map)
      Terminal.wrote(map)
    }
  }

  private func check(_ kept: KeptFiles) throws {
    for place in try places() { try place.check(kept) }
    if let map { try KeptFiles(read: [], written: [output]).check(map, option: "--map") }
  }

  private func write(_ encoding: Encoding) throws {
    let names = ["z", "u"].flatMap { name in (0..<encoding.latent).map { "\(name)\($0)" } }
    guard let form else {
      let shape = [encoding.records.count, encoding.latent]
      try NPZ.write(
        [
          NPZArray(name: "z", shape: shape, values: .float32(encoding.z)),
          NPZArray(name: "u", shape: shape, values: .float32(encoding.u)),
        ]
          + zip(encoding.levels, encoding.details).map { level, values in
            NPZArray(
              name: "u_\(level.extent)",
              shape: [encoding.records.count, level.height, level.width, level.channels],
              values: .float32(values))
          }, to: output)
      return
    }
    let frame = RowText(names, form: form)
    try AtomicFile.write(to: output) { file in
      var line = frame.header(names)
      try file.write(line)
      for row in encoding.records.indices {
        line.removeAll(keepingCapacity: true)
        for (column, number) in numbers(of: row, encoding).enumerated() {
          frame.begin(column, in: &line)
          line += "\(number)".utf8
        }
        frame.end(&line)
        try file.write(line)
      }
    }
  }

  private func numbers(of row: Int, _ encoding: Encoding) -> [Float] {
    let range = row * encoding.latent..<(row + 1) * encoding.latent
    return Array(encoding.z[range]) + Array(encoding.u[range])
  }
}
