public import ConditionalData
import TensorGraph

extension FidelityReport {
  /// Compares synthetic rows with real ones; seconds for tables of usual size.
  ///
  /// - Parameters:
  ///   - real: the table.
  ///   - train: its rows that `synthetic` was learned from.
  ///   - heldOut: its rows that it wasn't learned from.
  ///   - synthetic: rows with the same numbers and categories, found by name; levels are matched by
  ///     name too.
  ///   - settings: what is predicted, and how much work is done.
  /// - Throws: ``FidelityFailure`` for columns that are lacking or of another kind, fewer than 10
  ///   rows of a kind, and a target that can't be predicted.
  public init(
    real: DataSet, train: [Int32], heldOut: [Int32], synthetic: DataSet,
    settings: FidelitySettings = FidelitySettings()
  ) throws(FidelityFailure) {
    let tables = try ComparedTables(real: real, synthetic: synthetic)
    let made = tables.synthetic
    let counts = [
      ("training", train.count), ("held-out", heldOut.count), ("synthetic", made.count),
    ]
    for (part, count) in counts where count < FidelityFailure.fewestRows {
      throw .tooFewRows(part: part, count: count)
    }
    let (train, heldOut) = (tables.real.picked(train), tables.real.picked(heldOut))
    rows = Rows(train: train.count, heldOut: heldOut.count, synthetic: made.count)
    columns = Self.columns(train, heldOut, made, units: real.forms.mapValues(\.unit), settings)

    let equal = min(train.count, heldOut.count, made.count, settings.mostRows)
    func matrix(_ rows: TableRows, _ purpose: String) -> AssociationMatrix {
      AssociationMatrix(rows.sample(equal, "associations " + purpose, seed: settings.seed))
    }
    associations = matrix(heldOut, "held-out")
    syntheticAssociations = matrix(made, "synthetic")
    correlationDifference = syntheticAssociations.meanDifference(from: associations)
    correlationBaseline = matrix(train, "training").meanDifference(from: associations)

    utility = try UtilityStudy(
      train: train, heldOut: heldOut, synthetic: made, settings: settings
    ).scores()
    detectionAUC = Detection(
      train: train, heldOut: heldOut, synthetic: made, settings: settings
    ).areaUnderCurve()
    privacy = PrivacyStudy(train: train, heldOut: heldOut, synthetic: made, settings: settings)
      .privacy()
  }

  /// Column by column, with as many training as synthetic rows.
  private static func columns(
    _ train: TableRows, _ heldOut: TableRows, _ synthetic: TableRows, units: [String: String],
    _ settings: FidelitySettings
  ) -> [Column] {
    let count = min(train.count, synthetic.count)
    let own = train.sample(count, "columns training", seed: settings.seed)
    let made = synthetic.sample(count, "columns synthetic", seed: settings.seed)
    return Parallel.map(heldOut.columns.count) { index in
      let real = heldOut.columns[index]
      return Column(
        name: real.name, kind: real.isCategory ? .category : .number,
        distance: ColumnDistance.between(made.columns[index], real),
        baseline: ColumnDistance.between(own.columns[index], real),
        missingReal: real.missingShare, missingSynthetic: made.columns[index].missingShare,
        shape: ColumnShape(
          real: real, synthetic: made.columns[index], unit: units[real.name] ?? ""))
    }
  }
}
