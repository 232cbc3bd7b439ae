/// A kind of field: what is known about its values.
///
/// A new kind needs a type that conforms to this protocol, a line in ``FieldKind/all``, a `FieldCodec` (in
/// `ConditionalData`) that turns its values into a network's numbers and back, and a `FieldModule` (in
/// `CVAEModels`) with its features and likelihoods.
public protocol FieldContent: Codable, Hashable, Sendable {
  /// The word that stands for the kind in files, such as `"category"`.
  static var name: String { get }
  /// In words: `"a category of 10 levels"`.
  var summary: String { get }
  /// How a column holds its values.
  var storage: ColumnStorage { get }
  /// The extents of one record's values; none for a single value.
  var shape: [Int] { get }
  /// The cells that are known or unknown one by one.
  var cells: CellGrid { get }
  /// Whether masks choose among the cells of one record, rather than among the fields of a row.
  var isMaskedByCell: Bool { get }
  /// Checks that a field can have such values.
  ///
  /// - Throws: ``InvalidRecords``, which names the field.
  func check(field: String) throws(InvalidRecords)
}

/// How a column holds values.
public enum ColumnStorage: Hashable, Sendable {
  /// Indices of so many levels.
  case levels(count: Int)
  /// Double-precision numbers.
  case numbers
  /// Bytes that stand for [0, 1], or intensities.
  case bytes
  /// Texts, one for each record.
  case texts
}

extension FieldContent {
  /// A single value.
  public var shape: [Int] { [] }
  /// A line with a cell for each value.
  public var cells: CellGrid { CellGrid(height: 1, width: shape.reduce(1, *)) }
  /// Masks choose among the fields of a row.
  public var isMaskedByCell: Bool { false }
  /// Nothing to check.
  public func check(field: String) throws(InvalidRecords) {}

  /// Checks one of a field's extents.
  func check(extents: [Int], field: String) throws(InvalidRecords) {
    // The upper bound keeps the product of three extents within Int.
    for extent in extents where !(1...1_000_000).contains(extent) {
      throw InvalidRecords(
        expected: "extents from 1 to 1000000 in field '\(field)'", actual: "\(extent)",
        advice: "correct its size")
    }
  }
}
