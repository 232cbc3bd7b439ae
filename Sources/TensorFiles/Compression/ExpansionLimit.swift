/// How much compressed bytes may expand to: a gigabyte, or two hundred times their own size where
/// that is more.
///
/// Deflate can reach a thousandfold, but pictures and tables don't: real ones of more than a gigabyte
/// shrink by a factor of ten to fifty. The size that a file states is believed only up to this limit.
enum ExpansionLimit {
  private static let least = 1 << 30
  private static let ratio = 200

  /// The most bytes that `count` compressed ones may expand to.
  static func bytes(of count: Int) -> Int {
    let (product, overflow) = count.multipliedReportingOverflow(by: ratio)
    return overflow ? .max : max(least, product)
  }

  /// The refusal of a file that expands to more.
  static func failure(_ path: String, compressed count: Int) -> DataFileFailure {
    DataFileFailure(
      path: path,
      expected: "data that expand to at most \(bytes(of: count)) bytes, as \(count) compressed "
        + "ones may",
      actual: "more", advice: "decompress them first if they are meant to be so large")
  }
}
