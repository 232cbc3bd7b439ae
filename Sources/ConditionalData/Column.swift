/// The values of one field in every record, one after another.
public enum Column: Hashable, Sendable {
  /// An image's grey values or colours: 0 to 255 stand for [0, 1], `width` of them for each record.
  case bytes(ByteStorage, width: Int)
  /// A category's level indices; -1 where the level is missing.
  case levels([Int32])
  /// A number or vector, `width` for each record; NaN where a number is missing.
  case reals([Float], width: Int)

  /// The number of records; nil if the values don't divide into records.
  var count: Int? {
    switch self {
    case .bytes(let values, let width): Self.records(values.count, width)
    case .levels(let values): values.count
    case .reals(let values, let width): Self.records(values.count, width)
    }
  }

  private static func records(_ count: Int, _ width: Int) -> Int? {
    width >= 1 && count % width == 0 ? count / width : nil
  }
}
