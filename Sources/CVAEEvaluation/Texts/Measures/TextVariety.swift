/// How much texts repeat themselves and each other.
public struct TextVariety: Hashable, Sendable, Encodable {
  /// Different units over all units of the texts.
  @NullIfUnknown public var distinct1: Double?
  /// Different pairs of neighbouring units over all such pairs; nil where there are none, as above.
  ///
  /// - Source: Li et al., *A Diversity-Promoting Objective Function for Neural Conversation Models*, 2016.
  @NullIfUnknown public var distinct2: Double?
  /// Different texts over all texts.
  @NullIfUnknown public var unique: Double?

  /// Of texts as numbers of their units.
  init(_ texts: [[UInt64]], wholes: [String]) {
    let different = Set(wholes.map { Array($0.utf8) }).count
    _distinct1 = NullIfUnknown(wrappedValue: Self.distinct(1, texts))
    _distinct2 = NullIfUnknown(wrappedValue: Self.distinct(2, texts))
    _unique = NullIfUnknown(
      wrappedValue: wholes.isEmpty ? nil : Double(different) / Double(wholes.count))
  }

  private static func distinct(_ length: Int, _ texts: [[UInt64]]) -> Double? {
    let runs = texts.flatMap { TextHash.runs(of: length, in: $0) }
    return runs.isEmpty ? nil : Double(Set(runs).count) / Double(runs.count)
  }
}
