/// The step between gradients and the update: if several machines train one model, each on its own records, it
/// gives each of them the mean gradients of all.
public protocol GradientReducer: Sendable {
  /// How many machines take part. With one, executors never call ``average(_:)``.
  var machines: Int { get }

  /// Replaces each number by its mean over all machines, the same to the bit on each.
  ///
  /// It is called once in each step, between the last gradient and the update. The buffer holds the
  /// loss, so that all machines refuse a step alike, and then each parameter's gradient, in an order
  /// and at places that depend on the program alone. Numbers between them are 0, and their mean must
  /// be 0.
  ///
  /// - Throws: What kept the machines apart; then the step changes nothing.
  func average(_ numbers: UnsafeMutableBufferPointer<Float>) throws
}

/// One machine alone: nothing to average.
public struct LocalReducer: GradientReducer {
  /// A reducer without settings.
  public init() {}

  /// One.
  public var machines: Int { 1 }

  /// Leaves the numbers as they are.
  public func average(_ numbers: UnsafeMutableBufferPointer<Float>) {}
}
