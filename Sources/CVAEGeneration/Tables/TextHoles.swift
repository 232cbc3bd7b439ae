import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes

/// Texts of a table of which a part is known.
struct TextHoles {
  /// The table's values; these texts are missing.
  let records: Records
  /// What is asked of each row's text, by its field's name.
  private let asked: [String: [TextRestriction?]]

  /// - Parameter mark: What stands for a hole.
  /// - Throws: `InvalidGiven` where a text can't be filled.
  init(_ table: PartialTable, mark: String, model: TrainedModel) throws {
    var asked: [String: [TextRestriction?]] = [:]
    var opened: [(field: Field, column: RecordColumn)] = []
    for input in model.model.generatedInputs where input.isText {
      guard let column = table.records[input.name] else { continue }
      let own = (0..<column.count).map { row in
        column.text(row).flatMap { TextRestriction($0, hole: mark) }
      }
      guard own.contains(where: { $0 != nil }) else { continue }
      let drawing = TextRules(input.field, model)
      for (row, restriction) in own.enumerated() {
        guard let restriction else { continue }
        do {
          _ = try drawing.rule(restriction)
        } catch let failure as InvalidGiven {
          throw InvalidGiven(
            place: "\(table.source), line \(table.line(of: row)), column \(failure.place)",
            expected: failure.expected, actual: failure.actual)
        }
      }
      asked[input.name] = own
      let texts = (0..<column.count).map { own[$0] == nil ? column.text($0) : nil }
      opened.append((input.field, .texts(texts)))
    }
    self.asked = asked
    records = table.records.setting(opened)
  }

  /// What is asked of the texts of some rows.
  func restrictions(of rows: [Int]) -> [String: TextRestrictions] {
    asked.mapValues { own in .each(rows.map { own[$0] }) }
  }
}
