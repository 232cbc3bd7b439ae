import CVAEModels
public import CVAETraining
import ConditionalData
public import RecordTypes
public import TensorGraph

/// Decides which words of texts are written anew, so that the texts come under other conditions while the rest stays.
///
/// A word speaks for the old condition y and against the new one y′ by
///
/// `log p(word | before, z, y) − log p(word | before, z′, y′)`
///
/// where z and z′ have the same style; those that do so most are written anew. Where words aren't separated by blanks,
/// tokens take their place.
///
/// - Source: Li, Jia, He and Liang, *Delete, Retrieve, Generate*, 2018, and Wu et al., *Mask and Infill*, 2019, who find
///   such words by counts or by a classifier's attention.
public final class TextRewriter {
  private let model: TrainedModel
  private let batch: Int
  private let session: any ExecutionSession

  /// Prepares for batches of `batch` records, at least 1.
  public init(_ model: TrainedModel, executor: any Executor, batch: Int = 64) throws {
    self.model = model
    self.batch = max(1, batch)
    session = try model.makeSession(executor)
  }

  /// What is asked of the texts of a request: the words that stay, to the byte and in their order.
  ///
  /// - Parameters:
  ///   - field: A generated text.
  ///   - rows: For each record of the request, the place of its input.
  ///   - conditions: Those under which the records are drawn.
  ///   - styles: `[count, latent]`.
  ///   - keep: The share of words that stay, in [0, 1); at least one is written anew.
  /// - Throws: What scoring throws.
  public func restrictions(
    of field: Field, _ inputs: TransferInputs, rows: [Int], conditions: Conditions,
    styles: [Float], keep: Double
  ) throws -> TextRestrictions {
    guard let input = model.model.generatedInputs.first(where: { $0.name == field.name }),
      let vocabulary = model.preprocessing.vocabularies[field.name], let kind = field.textKind
    else { preconditionFailure("'\(field.name)' is no text that the model writes.") }
    let own = try DataSet(
      schema: inputs.data.schema, columns: inputs.data.columns.map { $0.selecting(rows) },
      source: inputs.data.source)
    let changed = own.setting(
      zip(conditions.records.schema.fields, conditions.records.columns)
        .filter { model.roles.isGiven($0.0.name) }.map { (field: $0.0, column: $0.1) })
    let old = try scores(of: input, own, styles: styles)
    let new = try scores(of: input, changed, styles: styles)
    let texts = own.columns[try own.schema.index(of: field.name)]
    return .each(
      rows.indices.map { row in
        guard let text = texts.text(row) else { return nil }
        let tokens = Array(vocabulary.encode(text.utf8).prefix(kind.longest))
        let words = TextWords(tokens.map { vocabulary.pieces[Int($0)] })
        return words.restriction(
          scores: zip(old[row], new[row]).map(-), keep: keep)
      })
  }

  /// log p of each record's tokens.
  private func scores(
    of input: FieldInput, _ data: DataSet, styles: [Float]
  ) throws -> [[Float]] {
    let width = model.model.styleCount
    let programs = try ProgramsByLength(
      model, data: data, session: session, masks: .nothingGiven, meaning: .observed
    ) { [model, batch] in try model.model.tokenScoreProgram(of: input, batch: batch, steps: $0) }
    let order = LengthOrder((0..<Int32(data.count)).map { $0 }, of: data, model)
    var scores: [[Float]] = []
    for rows in BatchRows(order.records, batch: batch) {
      let position = RandomPosition(seed: model.seed, step: 0)
      let program = try programs.filled(with: rows.records, at: position)
      program.withInput(.style) { buffer in
        for index in buffer.indices {
          buffer[index] = styles[Int(rows.records[index / width]) * width + index % width]
        }
      }
      try program.run(at: position)
      let all = program.output(.logLikelihoodOf(input))
      scores += (0..<rows.count).map { row in
        stride(from: row, to: all.count, by: batch).map { all[$0] }
      }
    }
    return order.restored(scores)
  }
}
