import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes

/// Makes rules of what is asked of a field's texts.
struct TextRules {
  let sequences: ByteSequences
  private let field: Field
  private let longest: Int
  private let tables: [LengthUnit: PieceTable]

  /// - Parameter field: A text of the model.
  init(_ field: Field, _ model: TrainedModel) {
    guard let kind = field.textKind, let vocabulary = model.preprocessing.vocabularies[field.name]
    else { preconditionFailure("'\(field.name)' is no text, or has no vocabulary.") }
    self.field = field
    longest = kind.longest
    sequences = ByteSequences(vocabulary.pieces, vocabulary: kind.vocabulary)
    tables = Dictionary(
      uniqueKeysWithValues: LengthUnit.allCases.map {
        ($0, PieceTable(vocabulary.pieces, unit: $0))
      })
  }

  /// - Throws: `InvalidGiven` where no text is like that.
  func rule(_ restriction: TextRestriction) throws -> TextRule {
    guard let table = tables[restriction.unit] else {
      preconditionFailure("There is a table for each unit.")
    }
    return try TextRule(
      restriction, field: field.name, table: table, sequences: sequences, longest: longest)
  }
}
