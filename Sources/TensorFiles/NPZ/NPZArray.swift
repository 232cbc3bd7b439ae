/// One named array of an `.npz` file, row-major.
public struct NPZArray: Hashable, Sendable {
  /// The numbers or texts, by numpy's element type.
  public enum Values: Hashable, Sendable {
    /// numpy's `float32`.
    case float32([Float])
    /// numpy's `float64`.
    case float64([Double])
    /// numpy's `int64`; `int32` is read as this too.
    case int64([Int64])
    /// numpy's `uint8`.
    case uint8([UInt8])
    /// numpy's `bool`.
    case boolean([Bool])
    /// numpy's fixed-width Unicode strings.
    case text([String])

    /// How many there are.
    public var count: Int {
      switch self {
      case .float32(let values): values.count
      case .float64(let values): values.count
      case .int64(let values): values.count
      case .uint8(let values): values.count
      case .boolean(let values): values.count
      case .text(let values): values.count
      }
    }
  }

  /// Its key in the file.
  public let name: String
  /// Extents from the outermost axis to the innermost; empty for a scalar.
  public let shape: [Int]
  /// As many as the product of `shape`.
  public let values: Values

  /// An array; it can be written if `values` has as many elements as `shape` says.
  public init(name: String, shape: [Int], values: Values) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}
