/// How near synthetic rows of a table are to real ones: measured on the rows alone, whatever made
/// them.
///
/// Numbers and categories are compared; images and vectors are left out. Synthetic rows are compared
/// with held-out real ones, which nothing has learned from. Beside most figures stands what the same
/// number of real training rows reaches; nothing better can be expected. Where the training rows aren't
/// known, such figures are nil.
public struct FidelityReport: Hashable, Sendable {
  /// How many rows there are of each kind.
  public struct Rows: Hashable, Sendable, Encodable {
    /// Real rows that the synthetic ones were learned from; nil where these aren't known.
    @NullIfUnknown public var train: Int?
    /// The other real rows.
    public let heldOut: Int
    /// Synthetic rows.
    public let synthetic: Int
  }

  /// One column by itself.
  public struct Column: Hashable, Sendable, Encodable {
    /// What a column holds.
    public enum Kind: String, Hashable, Sendable, Encodable {
      /// Numbers, dates among them.
      case number
      /// Levels.
      case category
    }

    /// Its name.
    public let name: String
    /// What it holds.
    public let kind: Kind
    /// From 0 to 1 between the known values of synthetic and of held-out rows. Of numbers the
    /// statistic of Kolmogorov and Smirnov, sup |F₁ − F₂|; of categories the total variation,
    /// ½ Σ |p₁ − p₂|. 1 where only one of the two knows any value.
    public let distance: Double
    /// The same between training and held-out rows: the distance that arises by chance alone; nil without
    /// training rows.
    @NullIfUnknown public var baseline: Double?
    /// The share of held-out rows where the value is missing.
    public let missingReal: Double
    /// The share of synthetic rows where the value is missing.
    public let missingSynthetic: Double
    /// Both distributions, for a picture.
    package let shape: ColumnShape

    private enum CodingKeys: String, CodingKey {
      case name, kind, distance, baseline, missingReal, missingSynthetic
    }
  }

  /// How well a column of held-out real rows is predicted from the others, by boosted trees.
  public struct Utility: Hashable, Sendable, Encodable {
    /// The column.
    public let target: String
    /// What is measured.
    public let measure: UtilityMeasure
    /// The score after learning from synthetic rows; nil where fewer than 10 of them know the target.
    @NullIfUnknown public var trainedOnSynthetic: Double?
    /// The score after learning from as many real training rows; nil without any.
    @NullIfUnknown public var trainedOnReal: Double?
  }

  /// Whether synthetic rows give training rows away.
  ///
  /// Rows are compared by the sum over the columns of: for numbers |a − b| over the width of the
  /// middle 90 % of the training numbers, 1 at most; for categories 0 or 1; and 1 between a missing
  /// value and a known one.
  public struct Privacy: Hashable, Sendable, Encodable {
    /// The share of synthetic rows whose nearest real row is a training row rather than one of as
    /// many held-out rows, equal distances counting half: 0.5 where training rows are no nearer than
    /// others, 1 for copies.
    public let nearerToTraining: Double
    /// The share of synthetic rows that equal some training row in all columns.
    public let copies: Double
    /// The share of held-out rows that do.
    public let copiesHeldOut: Double
    /// Of the 1 % of training rows that are farthest from their nearest other training row (20 at
    /// least, a tenth at most), the share to which some synthetic row is nearer than half that
    /// distance; nil where all training rows have an equal.
    @NullIfUnknown public var rareRowsExposed: Double?
    /// The same with as many held-out rows in place of the synthetic ones.
    @NullIfUnknown public var rareRowsExposedHeldOut: Double?
  }

  /// How many rows there are.
  public let rows: Rows
  /// Column by column.
  public let columns: [Column]
  /// How columns are associated in held-out rows.
  public let associations: AssociationMatrix
  /// How columns are associated in as many synthetic rows.
  public let syntheticAssociations: AssociationMatrix
  /// The mean over pairs of columns of the absolute difference between both: of Pearson's r for two
  /// numbers, of Cramér's V (not corrected for bias, which is the same for as many rows) for two
  /// categories, of the correlation ratio η for a number and a category. Rows where one of the two
  /// is missing don't count, and a column that doesn't vary is associated with nothing: 0. Nil for
  /// a single column.
  public let correlationDifference: Double?
  /// The same between as many training rows and held-out rows; nil without training rows.
  public let correlationBaseline: Double?
  /// The chance that a boosted learner finds a synthetic row more likely synthetic than a real row,
  /// in rows that it hasn't learned from (threefold, as many of either): 0.5 where it can't tell, 1
  /// where it always can. Real rows are held-out ones, and training rows where those are too few.
  public let detectionAUC: Double
  /// What synthetic rows are good for.
  public let utility: [Utility]
  /// Whether they give training rows away; nil where these aren't known.
  public let privacy: Privacy?

  /// The mean of the columns' distances.
  public var meanColumnDistance: Double { Self.mean(columns.map(\.distance)) }
  /// The mean of the columns' baselines; nil without training rows.
  public var meanColumnBaseline: Double? {
    rows.train == nil ? nil : Self.mean(columns.compactMap(\.baseline))
  }

  private static func mean(_ numbers: [Double]) -> Double {
    numbers.reduce(0, +) / Double(max(numbers.count, 1))
  }
}
