extension Column {
  /// Whether each record lacks a value; nil where none does. A vector with one unknown entry counts
  /// as unknown.
  public var missing: [Bool]? {
    switch self {
    case .bytes: return nil
    case .levels(let levels):
      return levels.contains { $0 < 0 } ? levels.map { $0 < 0 } : nil
    case .reals(let values, let width):
      guard values.contains(where: \.isNaN) else { return nil }
      return stride(from: 0, to: values.count, by: width).map { start in
        values[start..<(start + width)].contains(where: \.isNaN)
      }
    }
  }
}
