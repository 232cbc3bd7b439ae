import CVAEGeneration
import CVAEModels
import CVAETraining
public import ConditionalData
import RecordTypes

/// How good a model of a table's rows is: its synthetic rows beside real ones, how it honours requests,
/// and how it fills missing cells.
public struct FidelityStudy: Sendable, Encodable {
  /// Synthetic rows beside real ones: as many as training records, or as real ones where those aren't known.
  public let report: FidelityReport
  /// Requests, and how well they were honoured; none where no field can be requested.
  public let requests: [FidelityRequest]
  /// How missing cells are filled; nil for a model of fixed roles, which fills none, and without training
  /// records, with which it would be compared.
  public let imputation: Imputation?

  private enum CodingKeys: String, CodingKey { case requests, imputation }

  /// Writes the report's keys, and beside them `requests` and `imputation`.
  public func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(requests, forKey: .requests)
    try container.encode(imputation, forKey: .imputation)
  }

  /// The study as text, for a terminal.
  public var table: String { tables.text }

  /// The study for people.
  public var tables: [ResultTable] { report.tables + taskTables }

  /// Requests and missing cells, for people.
  package var taskTables: [ResultTable] {
    [FidelityRequest.table(requests), imputation?.table].compactMap(\.self)
  }
}

extension Evaluator {
  /// Whether the model draws rows: no image among its fields.
  public var drawsRows: Bool {
    !model.schema.fields.contains(where: \.isImage)
      && model.model.generatedFields.allSatisfy { $0.width == 1 }
  }

  /// Judges a model of a table's rows.
  ///
  /// - Parameters:
  ///   - data: Rows as the model reads them.
  ///   - train: The records that it was trained on; synthetic rows are as many. Nil for other data: synthetic
  ///     rows are as many as `heldOut`, and figures that need training records are left out.
  ///   - heldOut: Records that it has never seen.
  /// - Throws: ``FidelityFailure`` for too few rows or an unknown target; what generation throws.
  public func fidelity(
    of data: DataSet, train: [Int32]?, heldOut: [Int32], settings: FidelitySettings = .init()
  ) throws -> FidelityStudy {
    // A field that records are only grouped by is never drawn.
    let names = Set((model.model.givenFields + model.model.generatedFields).map(\.name))
    let real = data.selecting { names.contains($0.name) }
    let generator = try Generator(model, executor: executor, batch: SyntheticRows.batch)
    let rows = SyntheticRows(model: model, generator: generator, data: real)
    let synthetic = try rows.like(train ?? heldOut, seed: settings.seed)
    let report = try FidelityReport(
      real: real, train: train, heldOut: heldOut, synthetic: synthetic, settings: settings)
    let known = train.map { $0.map { Int($0) } }
    let others = heldOut.map { Int($0) }
    return FidelityStudy(
      report: report,
      requests: try FidelityRequest.all(
        rows, real: real, train: known, heldOut: others, settings: settings),
      imputation: try known.flatMap { known in
        guard model.model.masksRows else { return nil }
        return try Imputation(
          rows, real: real, train: known, heldOut: others, settings: settings)
      })
  }
}
