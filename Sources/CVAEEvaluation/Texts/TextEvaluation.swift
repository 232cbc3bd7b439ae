import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes

/// Draws one field's texts and measures them.
struct TextEvaluation {
  let evaluator: Evaluator
  let field: Field
  let data: DataSet
  let settings: TextSettings
  let split: JudgedSplit
  /// Held-out records with a text, and with all that the model is given and must know, in a random order.
  let test: [Int32]
  let units: TextUnit
  let generator: Generator
  private let column: RecordColumn
  /// Whether titles say which field they are of.
  private let namesField: Bool

  var model: TrainedModel { evaluator.model }

  /// The most records that say what texts are compared by.
  private static let looked = 1000

  init(
    _ evaluator: Evaluator, field: Field, data: DataSet, settings: TextSettings, namesField: Bool
  ) throws {
    self.evaluator = evaluator
    self.field = field
    self.data = data
    self.settings = settings
    self.namesField = namesField
    column = data.columns[try data.schema.index(of: field.name)]
    let column = column
    split = JudgedSplit(data, model: evaluator.model)
    let model = evaluator.model
    let needed =
      [column]
      + (model.model.acceptsMissing
        ? [] : model.model.givenFields.compactMap { data.records[$0.name] })
    let known = split.test.filter { record in needed.allSatisfy { $0.isKnown(Int(record)) } }
    test = ControlRecords.sample(
      known, count: known.count, purpose: "test texts", seed: model.seed)
    guard test.count >= 4 else {
      throw ControlFailure.tooFewRecords(
        split: "test", field: field.name, count: test.count, needed: 4)
    }
    units = TextUnit.of(test.prefix(Self.looked).map { column.texts.string(of: Int($0)) })
    generator = try Generator(model, executor: evaluator.executor, batch: 64)
  }

  func study(by categories: [Field]) throws -> (TextReport, [TextSheet]) {
    let count = max(1, settings.generated)
    // Each under the conditions of a held-out record, so that both have the same.
    let sources = (0..<count).map { test[$0 % test.count] }
    let conditions = try conditions(of: sources)
    let drawn = try draw(conditions)
    var choice = TokenChoice()
    choice.temperature = settings.coolTemperature
    let cool = categories.isEmpty ? [] : try draw(conditions, choice)
    let compared = min(count, test.count)
    let real = texts(Array(test.prefix(compared)))
    let reconstructed = try reconstruction()
    let answered = try references()
    var (control, sheets): ([TextControl], [TextSheet]) = ([], [])
    for category in categories where category.levels.count <= TextJudge.mostLevels {
      guard let records = try records(of: category) else { continue }
      let (judged, own) = try self.control(
        of: category, records, sources: sources, drawn: drawn, cool: cool)
      control.append(judged)
      if control.count == 1 { sheets += own }
    }
    if control.isEmpty {
      let shown = drawn.prefix(settings.shown).map { [$0] }
      sheets.append(sheet("Generated texts", headings: [field.name], rows: shown))
    }
    let report = TextReport(
      field: field.name, units: units, generated: count, control: control,
      diversity: TextReport.Diversity(
        texts: compared,
        generated: TextVariety(
          drawn.prefix(compared).map(units.numbers), wholes: Array(drawn.prefix(compared))),
        test: TextVariety(real.map(units.numbers), wholes: real)),
      copies: split.areTheModels ? copies(of: drawn, real) : nil,
      reconstruction: reconstructed?.report, references: answered?.report)
    return (report, sheets + [reconstructed?.sheet, answered?.sheet].compactMap(\.self))
  }

  /// Nil where too few records have a level.
  private func records(of category: Field) throws -> ControlRecords? {
    do {
      return try ControlRecords(data, content: field, category: category, model: model)
    } catch is ControlFailure {
      return nil
    }
  }

  private func copies(of drawn: [String], _ real: [String]) -> TextCopies {
    TextCopies(
      generated: drawn, test: real,
      training: split.train.lazy.filter { column.isKnown(Int($0)) }
        .map { column.texts.string(of: Int($0)) }, units: units)
  }

  func sheet(
    _ title: String, reading: String = "", headings: [String], rows: [[String]]
  ) -> TextSheet {
    TextSheet(
      title + (namesField ? " of '\(field.name)'" : ""), reading: reading, headings: headings,
      rows: rows)
  }

  /// Records' own texts.
  func texts(_ records: [Int32]) -> [String] {
    records.map { column.texts.string(of: Int($0)) }
  }
}
