/// The texts of a model, judged field by field, with some of them to read.
public struct TextStudy: Sendable, Encodable {
  /// One for each text that the model generates.
  public let reports: [TextReport]
  /// Texts to read: of each level, reconstructed, transferred, and beside references.
  public let sheets: [TextSheet]

  /// Writes the reports.
  public func encode(to encoder: any Encoder) throws {
    try reports.encode(to: encoder)
  }

  /// The reports for people.
  public var tables: [ResultTable] { reports.flatMap(\.tables) }

  /// The reports as text, for a terminal.
  public var table: String { tables.text }
}
