public import TensorGraph

/// The processor lacks the instructions of a precision.
public struct UnsupportedPrecision: Error, Equatable, Sendable, CustomStringConvertible {
  /// The precision that was requested.
  public let precision: Precision

  /// One sentence a user can act on.
  public var description: String {
    "\(precision.rawValue) products need a processor with AVX-512, which this one lacks; "
      + "use --precision float32."
  }
}
