import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Figures
import RecordTypes
import TensorGraph

/// Where records that are drawn in styles of others go, and how they are computed.
struct StyledOutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where to write.", valueName: "file"), completion: .records)
  var output: String

  @Flag(
    help: """
      Of pictures: carry over what the model can't draw again, too, so that results are as sharp as their inputs.
      """)
  var details = false

  @OptionGroup var format: FormatOption

  @Option(help: "float32 or bfloat16: the precision of products.")
  var precision = Precision.float32

  @OptionGroup var computing: ComputingOptions

  func place() throws -> OutputPlace {
    try OutputPlace(output, as: .fileOrNewFolder, orTable: true)
  }

  /// - Throws: `ValidationError` where the output is one of the inputs, or has no form.
  func check(_ style: StyleOptions) throws {
    try place().isNone(of: style.read + [style.model])
    _ = try OutputForm(output, format)
  }
}

/// Records that are drawn in styles made of those of inputs, in lines of a sheet.
struct StyledDrawing {
  /// One picture of a line.
  enum Item {
    /// An input as it is.
    case input(Int)
    /// A record under the condition of an input.
    case drawn(underConditionOf: Int, style: [Float])
  }

  /// A line of the sheet, and the beginning of its files' names.
  struct Line {
    let label: String
    let items: [Item]
  }

  let model: TrainedModel
  let inputs: TransferInputs
  let names: [String]
  /// In the ε of the prior's flow, where there is one.
  let posterior: StylePosterior
  private let kept: KeptFiles
  private let output: StyledOutputOptions
  private let generator: Generator
  private let reader: StyleReader

  /// Reads the styles of the inputs.
  ///
  /// - Parameter ofRows: Whether rows may be drawn of which any fields might be given.
  init(_ options: StyleOptions, _ output: StyledOutputOptions, ofRows: Bool = false) throws {
    model = try options.load(ofRows: ofRows)
    self.output = output
    try OutputForm(output.output, output.format).check(model)
    kept = KeptFiles(read: options.read, model: model)
    try output.place().check(kept)
    guard !output.details || model.model.generatedFields.contains(where: \.isImage) else {
      throw InvalidRequest("--details is for pictures, and this model draws none; leave it out.")
    }
    let source = try options.source()
    inputs = try source.load(from: options.conditions(model), model: model)
    names = source.names(of: inputs)
    let executor = try output.computing.executor(output.precision)
    generator = try Generator(model, executor: executor)
    reader = try StyleReader(model, executor: executor)
    posterior = try reader.noise(of: reader.styles(of: inputs))
  }

  /// Draws all lines and writes them.
  ///
  /// - Parameter headings: One above each column of a sheet.
  func write(_ lines: [Line], headings: [String]) throws {
    var (owners, styles): ([Int], [Float]) = ([], [])
    for case .drawn(let owner, let style) in lines.flatMap(\.items) {
      owners.append(owner)
      styles += style
    }
    var request = DrawRequest(inputs.conditions.selecting(owners), seed: 1)
    request.tokens.beams = TokenChoice.usualBeams
    request.styles = try reader.styles(ofNoise: styles, width: posterior.width)
    var records = try generator.draw(request)[0]
    if output.details {
      let own = (0..<posterior.count).map { posterior.mixed([], of: $0, with: $0) }
      request.styles = try reader.styles(
        ofNoise: owners.flatMap { own[$0] }, width: posterior.width)
      records = records.adding(
        detailsOf: inputs, rows: owners, drawnAs: try generator.draw(request)[0])
    }
    try output.place().check(kept)
    try OutputForm(output.output, output.format).write(
      records, as: records.table(inputs: owners.map { inputs.numbers[$0] }),
      groups: groups(lines), sheet: sheet(lines, of: records, headings))
    Terminal.wrote(output.output)
  }

  /// The names of files in a directory.
  private func groups(_ lines: [Line]) -> [RecordGroup] {
    var first = 0
    return lines.map { line in
      let count = line.items.count {
        if case .drawn = $0 { return true }
        return false
      }
      defer { first += count }
      return RecordGroup(label: line.label, rows: first..<first + count)
    }
  }

  /// Nil where no image was generated that can be shown.
  private func sheet(
    _ lines: [Line], of records: GeneratedRecords, _ headings: [String]
  ) -> SampleSheet? {
    guard let pictures = RecordPictures(records) else { return nil }
    var next = 0
    let rows = lines.map { line in
      let own = line.items.map { item in
        switch item {
        case .input(let input): return inputs.picture(input, of: pictures.name)
        case .drawn:
          defer { next += 1 }
          return pictures[next]
        }
      }
      return SampleSheet.Row(label: line.label, pictures: own)
    }
    return SampleSheet(
      rows: rows, height: pictures.size.height, width: pictures.size.width,
      channels: pictures.size.channels, headings: headings)
  }

  /// Inputs in pairs, the first with the second and so on.
  ///
  /// - Throws: `InvalidRequest` where there is an odd one.
  func pairs(for command: String) throws -> [(first: Int, second: Int, label: String)] {
    guard inputs.count % 2 == 0 else {
      throw InvalidRequest(
        "\(command): expected an even number of inputs, of which two at a time go together, got "
          + "\(inputs.count); name one more or one fewer.")
    }
    return stride(from: 0, to: inputs.count, by: 2).map { first in
      (first, first + 1, "\(names[first]) and \(names[first + 1])")
    }
  }
}

extension TransferInputs {
  /// An input's image of that name.
  func picture(_ input: Int, of field: String) -> [Float] {
    guard let column = data.records[field], case .bytes(let bytes) = column.values
    else { return [] }
    let width = column.width
    return bytes[input * width..<(input + 1) * width].map { Float($0) / 255 }
  }
}
