import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Figures
import RecordTypes

/// Which style is drawn under which condition, and how the results are shown: a row for each input, which
/// has each condition in turn, with the alternatives side by side.
struct TransferRequest {
  /// For each result.
  let conditions: Conditions
  /// For each result the number of its input, see `TransferInputs.numbers`.
  let numbers: [Int32]
  /// The names of files in a directory.
  let files: [RecordGroup]

  private let inputs: TransferInputs
  private let names: [String]
  private let targets: [String]
  private let alternatives: Int
  private let isCombined: Bool
  /// The fields of which a table of texts says what the inputs had: those that are set, and the texts.
  private let shownFields: [Field]

  /// The rows of a sheet: the inputs, or all of them as one.
  private var rows: Int { isCombined ? 1 : inputs.count }

  /// For each result the place of its input among the inputs.
  var rowsOfInputs: [Int] {
    (0..<rows).flatMap { [Int](repeating: $0, count: targets.count * alternatives) }
  }

  /// What the input of each result had: the fields that are set, and the texts; nil for a model without texts.
  var origins: Records? {
    guard !shownFields.isEmpty else { return nil }
    let columns = shownFields.compactMap { field in
      inputs.data.records[field.name]?.selecting(rowsOfInputs)
    }
    return Records(
      trusting: RecordSchema(trusting: shownFields), columns, count: rowsOfInputs.count)
  }

  init(
    arguments: [String], inputs: TransferInputs, names: [String], combined: Bool,
    alternatives: Int, model: TrainedModel
  ) throws {
    self.inputs = inputs
    self.names = names
    self.alternatives = alternatives
    isCombined = combined
    let rows = combined ? 1 : inputs.count
    let targets = try GenerationRequest.combinations(
      arguments, count: rows * alternatives, model: model)
    self.targets = targets.map(\.label)
    let texts = model.model.generatedFields.filter(\.isText)
    let changed = Set(targets.flatMap(\.values.keys))
    shownFields =
      texts.isEmpty ? [] : model.model.givenFields.filter { changed.contains($0.name) } + texts
    var parts: [Conditions] = []
    var numbers: [Int32] = []
    var groups: [RecordGroup] = []
    for row in 0..<rows {
      for target in targets {
        parts.append(
          try Conditions(
            inputs.conditions, row: row, replacing: target.values, count: alternatives,
            model: model))
        let first = numbers.count
        numbers += [Int32](repeating: inputs.numbers[row], count: alternatives)
        let label = (combined ? [] : [names[row]]) + [target.label]
        groups.append(
          RecordGroup(
            label: label.filter { !$0.isEmpty }.joined(separator: " "), rows: first..<numbers.count)
        )
      }
    }
    conditions = Conditions(joining: parts)
    self.numbers = numbers
    files = groups
  }

  /// The style of each result, from those of each input's alternatives, `[…, width]`.
  func styles(_ styles: [Float], width: Int) -> [Float] {
    (0..<rows).flatMap { row -> [Float] in
      let own = styles[row * alternatives * width..<(row + 1) * alternatives * width]
      return targets.flatMap { _ in own }
    }
  }

  /// Each row begins with its input; nil where no image was generated that can be shown.
  func sheet(of records: GeneratedRecords) -> SampleSheet? {
    guard let pictures = RecordPictures(records) else { return nil }
    let perRow = targets.count * alternatives
    let given = isCombined ? inputs.count : 1
    let sheetRows = (0..<rows).map { row in
      let own = isCombined ? Array(0..<inputs.count) : [row]
      return SampleSheet.Row(
        label: isCombined ? "\(inputs.count) inputs" : names[row],
        pictures: own.map { inputs.picture($0, of: pictures.name) }
          + (row * perRow..<(row + 1) * perRow).map { pictures[$0] })
    }
    let headings =
      [String](repeating: "input", count: given)
      + targets.flatMap { [String](repeating: $0, count: alternatives) }
    return SampleSheet(
      rows: sheetRows, height: pictures.size.height, width: pictures.size.width,
      channels: pictures.size.channels, headings: headings)
  }
}
