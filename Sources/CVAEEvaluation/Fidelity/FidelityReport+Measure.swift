public import ConditionalData
import RecordTypes
import TensorGraph

extension FidelityReport {
  /// Compares synthetic rows with real ones; takes seconds for tables of usual size.
  ///
  /// - Parameters:
  ///   - real: the table.
  ///   - train: its rows that `synthetic` was learned from; nil for a table without them.
  ///   - heldOut: its rows that it wasn't learned from.
  ///   - synthetic: rows with the same numbers and categories, found by name; levels are matched by
  ///     name too.
  ///   - settings: what is predicted, and how much work is done.
  /// - Throws: ``FidelityFailure`` for columns that are lacking or of another kind, fewer than 10
  ///   rows of a kind, and a target that can't be predicted.
  public init(
    real: DataSet, train: [Int32]?, heldOut: [Int32], synthetic: DataSet,
    settings: FidelitySettings = FidelitySettings()
  ) throws(FidelityFailure) {
    let tables = try ComparedTables(real: real, synthetic: synthetic)
    let made = tables.synthetic
    let isKnown = train != nil
    let counts = [
      ("training", train?.count), (isKnown ? "held-out" : "real", heldOut.count),
      ("synthetic", made.count),
    ]
    for (part, count) in counts {
      guard let count, count < FidelityFailure.fewestRows else { continue }
      throw .tooFewRows(part: part, count: count)
    }
    let parts = [train ?? [], heldOut].map { tables.real.selecting($0.map { Int($0) }) }
    let (train, heldOut) = (parts[0], parts[1])
    rows = Rows(
      train: isKnown ? train.count : nil, heldOut: heldOut.count, synthetic: made.count)
    columns = Self.columns(train, heldOut, made, forms: real.forms, settings)

    let fewest = min(heldOut.count, made.count, settings.mostRows)
    let equal = isKnown ? min(train.count, fewest) : fewest
    func matrix(_ rows: Records, _ purpose: String) -> AssociationMatrix {
      AssociationMatrix(rows.sample(equal, "associations " + purpose, seed: settings.seed))
    }
    associations = matrix(heldOut, "held-out")
    syntheticAssociations = matrix(made, "synthetic")
    correlationDifference = syntheticAssociations.meanDifference(from: associations)
    correlationBaseline =
      isKnown ? matrix(train, "training").meanDifference(from: associations) : nil

    let all = FidelityRows(train: train, heldOut: heldOut, synthetic: made, settings: settings)
    utility = try all.utility()
    detectionAUC = all.detectionAUC()
    privacy = isKnown ? all.privacy() : nil
  }

  /// Column by column, with as many training as synthetic rows where there are training rows.
  private static func columns(
    _ train: Records, _ heldOut: Records, _ synthetic: Records, forms: [String: NumberForm],
    _ settings: FidelitySettings
  ) -> [Column] {
    let isKnown = train.count > 0
    let count = isKnown ? min(train.count, synthetic.count) : synthetic.count
    let own = train.sample(count, "columns training", seed: settings.seed)
    let made = synthetic.sample(count, "columns synthetic", seed: settings.seed)
    return Parallel.map(heldOut.columns.count) { index in
      let (field, real) = (heldOut.schema.fields[index], heldOut.columns[index])
      return Column(
        name: field.name, kind: field.isCategory ? .category : .number,
        distance: ColumnDistance.between(made.columns[index], real, of: field),
        baseline: isKnown ? ColumnDistance.between(own.columns[index], real, of: field) : nil,
        missingReal: real.missingShare, missingSynthetic: made.columns[index].missingShare,
        shape: ColumnShape(
          field, real: real, synthetic: made.columns[index], form: forms[field.name]))
    }
  }
}
