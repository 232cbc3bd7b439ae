public import RecordTypes

/// The most tokens of each text that a program reads or writes.
public struct TextSteps: Hashable, Sendable, ExpressibleByIntegerLiteral {
  private let ofOthers: Int
  private let own: [String: Int]

  /// The same for every text; 0 where no field is one.
  public init(integerLiteral count: Int) { self.init(count) }

  /// The same for every text; 0 where no field is one.
  public init(_ count: Int) {
    ofOthers = count
    own = [:]
  }

  /// One for each text, by the field's name; 0 for others.
  public init(_ own: [String: Int]) {
    ofOthers = 0
    self.own = own
  }

  /// The most tokens of one field.
  public subscript(_ field: Field) -> Int { own[field.name] ?? ofOthers }

  /// The most tokens of any text.
  public var most: Int { own.values.max() ?? ofOthers }
}
