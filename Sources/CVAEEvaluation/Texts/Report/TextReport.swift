/// How good the texts are that a model draws for one field: whether they are as requested, how varied and how new they
/// are, and what is kept of a text in z.
///
/// Accuracies, shares and overlaps are in 0…1.
public struct TextReport: Hashable, Sendable, Encodable {
  /// The text.
  public let field: String
  /// What texts are compared by.
  public let units: TextUnit
  /// Texts that were generated at the temperature 1, each under the conditions of a held-out record.
  public let generated: Int
  /// Whether texts are as requested, for each category that is given.
  public let control: [TextControl]
  /// How varied they are.
  public let diversity: Diversity
  /// How much of them is copied from training texts; nil for data that the model was not trained on.
  @NullIfUnknown public var copies: TextCopies?
  /// Texts that are written again from their own z; nil where no record has all that this needs.
  @NullIfUnknown public var reconstruction: Reconstruction?
  /// Generated texts beside those of the records; nil where a single category, or nothing, is given.
  @NullIfUnknown public var references: References?

  /// Generated texts beside as many held-out ones.
  public struct Diversity: Hashable, Sendable, Encodable {
    /// Texts of either kind.
    public let texts: Int
    /// Of the generated ones.
    public let generated: TextVariety
    /// Of the held-out ones.
    public let test: TextVariety
  }

  /// What is kept of texts in the means of their z: the most probable text that a beam search finds under them.
  public struct Reconstruction: Hashable, Sendable, Encodable {
    /// The records.
    public let records: Int
    /// F1 of units between a text and its reconstruction.
    public let f1: Estimate
    /// The same between a text and that of another held-out record: what is shared by chance.
    @NullIfUnknown public var baseline: Estimate?
  }

  /// The most probable text under each record's conditions, and z at its prior's mean, beside the record's own text.
  public struct References: Hashable, Sendable, Encodable {
    /// F1 by ROUGE's counts.
    public struct Scores: Hashable, Sendable, Encodable {
      /// Of single units.
      public let rouge1: Estimate
      /// Of pairs of neighbouring units.
      public let rouge2: Estimate
      /// Of the longest common subsequence.
      public let rougeL: Estimate

      init(_ texts: [[UInt64]], _ references: [[UInt64]]) {
        let pairs = Array(zip(texts, references))
        rouge1 = Moments(pairs.map { TextOverlap.rouge(1, $0.0, $0.1) }).estimate
        rouge2 = Moments(pairs.map { TextOverlap.rouge(2, $0.0, $0.1) }).estimate
        rougeL = Moments(pairs.map { TextOverlap.rougeL($0.0, $0.1) }).estimate
      }
    }

    /// The records.
    public let records: Int
    /// Of the generated texts.
    public let generated: Scores
    /// The text that is given; nil where other fields are.
    @NullIfUnknown public var given: String?
    /// Of the beginning of the given text, as long as references are on average; nil where no text is given.
    @NullIfUnknown public var beginning: Scores?
  }
}

/// Whether generated texts are as a category requests, by a classifier that has learned from real training texts alone.
public struct TextControl: Hashable, Sendable, Encodable {
  /// The judge.
  public struct Judge: Hashable, Sendable, Encodable {
    /// Texts that it has learned from.
    public let trainingTexts: Int
    /// The share of real held-out texts that it assigns to their level.
    public let testAccuracy: Estimate
  }

  /// What was found for one level.
  public struct Level: Hashable, Sendable, Encodable {
    /// Its name.
    public let name: String
    /// Texts that were generated under it.
    public let generated: Int
    /// The share of them that the judge assigns to it.
    public let accuracy: Estimate
    /// The same of real held-out texts; nil where there are none.
    @NullIfUnknown public var testAccuracy: Estimate?
  }

  /// What was found at another temperature of tokens.
  public struct Cool: Hashable, Sendable, Encodable {
    /// Below 1 probable tokens become more so.
    public let temperature: Double
    /// As at the temperature 1.
    public let accuracy: Estimate
    /// As at the temperature 1.
    @NullIfUnknown public var ratio: Estimate?
  }

  /// Held-out texts that are written under another level, in their own style.
  public struct Transfer: Hashable, Sendable, Encodable {
    /// The records.
    public let records: Int
    /// The share of results that the judge assigns to the new level.
    public let accuracy: Estimate
    /// The share that it still assigns to the old one.
    public let kept: Estimate
    /// F1 of units between a text and the result.
    public let f1: Estimate
    /// The same between another record's text and the result: what is shared by chance; nil for a single record.
    @NullIfUnknown public var baseline: Estimate?
    /// Different results over all results.
    public let unique: Double
  }

  /// The category.
  public let field: String
  /// The judge.
  public let judge: Judge
  /// The share of generated texts that the judge assigns to the requested level.
  public let accuracy: Estimate
  /// That share over the judge's own on real texts: 1 is as recognisable as real texts; nil where it recognises none.
  @NullIfUnknown public var ratio: Estimate?
  /// The same at a lower temperature of tokens.
  public let cool: Cool
  /// Level by level, those that training records have, with as many texts each.
  public let perLevel: [Level]
  /// Nil for a model of `given: any`, and for a category of one level.
  @NullIfUnknown public var transfer: Transfer?
  /// The same with half of the words kept, see `TextRewriter`.
  @NullIfUnknown public var rewriting: Transfer?
  /// How well the level can be read off the latent space; nil for a model of `given: any`.
  @NullIfUnknown public var leakage: Leakage?
}
