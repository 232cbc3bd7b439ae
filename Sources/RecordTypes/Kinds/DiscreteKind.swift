/// One real number out of few, such as a code or a score.
///
/// As JSON, `{"kind":"discrete","values":[10,20,45]}`.
public struct DiscreteKind: FieldContent {
  public static let name = "discrete"
  /// The numbers, rising.
  public let values: [Double]

  /// One of these numbers.
  public init(values: [Double]) { self.values = values }

  public var summary: String { "a number out of \(values.count)" }
  public var storage: ColumnStorage { .numbers }

  public func check(field: String) throws(InvalidRecords) {
    let isRising = zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
    guard !values.isEmpty, isRising, values.allSatisfy(\.isFinite) else {
      throw InvalidRecords(
        expected: "finite numbers that rise as the values of field '\(field)'",
        actual: values.isEmpty ? "none" : "others", advice: "name each number once, in order")
    }
  }

  /// The index of the nearest value; of two that are equally near, the lower one's.
  public func index(nearest number: Double) -> Int {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low > 0 && number - values[low - 1] <= values[low] - number ? low - 1 : low
  }
}
