/// A request for records: generation, transfer and completion differ only in what is given.
public struct DrawRequest: Sendable {
  /// The given fields of each record; the rest is generated. A picture may be given in part.
  public var conditions: Conditions
  /// The style of each record, `[count, styleCount]`, see ``ConditionalVAE/styleCount``; nil where it is drawn.
  public var styles: [Float]?
  /// The record numbers, which address the random numbers, so that a record doesn't depend on the others of the
  /// request. Nil for ``first``, ``first`` + 1, ….
  public var numbers: [Int32]?
  /// The number of the first record. A block of many records is drawn as all of them at once would be, if its
  /// conditions are those of the block and its number is that of its first record.
  public var first = 0
  /// Another seed draws other records.
  public var seed: UInt64
  /// The number of answers for each record.
  public var samples = 1
  /// The number of the first answer.
  public var firstSample = 0
  /// Scales a drawn style; 1 draws from the prior, 0 gives its mean.
  public var temperature = 1.0
  /// The same for details of pictures; nil for ``temperature``, or 0 where the model
  /// ``CVAEModels/ConditionalVAE/leavesDetailsAtMean``.
  public var detailTemperature: Double?
  /// How the tokens of texts are drawn.
  public var tokens = TokenChoice()
  /// What is asked of generated texts, by their fields' names.
  public var texts: [String: TextRestrictions] = [:]
  /// Whether each pixel of a picture is drawn, where its likelihood is a density; else it has its expected value.
  public var drawsPixels = false
  /// Whether values may be missing as they are in the training records; else each record has all of them.
  public var allowsMissing = true

  /// One answer for each record of a block, which is drawn as in a request for all of them.
  public init(_ block: RecordBlock, seed: UInt64) {
    self.init(block.conditions, seed: seed)
    first = block.first
  }

  /// One answer for each condition.
  public init(_ conditions: Conditions, seed: UInt64) {
    self.conditions = conditions
    self.seed = seed
  }
}
