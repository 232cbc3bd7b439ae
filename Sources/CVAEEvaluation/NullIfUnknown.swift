/// A figure of a report whose key is in its JSON even if it is unknown: as `null`.
@propertyWrapper
public struct NullIfUnknown<Value: Encodable & Hashable & Sendable>: Encodable, Hashable, Sendable {
  /// The figure; nil where it is unknown.
  public let wrappedValue: Value?

  /// Keeps a figure.
  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  /// Writes the figure, or `null`.
  public func encode(to encoder: any Encoder) throws {
    try wrappedValue.encode(to: encoder)
  }
}
