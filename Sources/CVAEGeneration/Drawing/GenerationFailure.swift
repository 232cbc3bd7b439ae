import RecordTypes

/// A model drew values that can't be written.
public struct GenerationFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The field whose values aren't finite.
  public let field: String

  /// One sentence: what came, and what to do.
  public var description: String {
    "field '\(field)': expected finite numbers from the model, got others; set --temperature and "
      + "--control closer to 1, give values nearer to those of the training records, or train again."
  }

  /// Refuses values of a field that are no number or infinite.
  ///
  /// Adding one to the lowest exponent bit carries into the sign bit just where all exponent bits are set:
  /// no branch for each of many pixels.
  static func check(
    _ values: UnsafeBufferPointer<Float>, of field: Field
  ) throws(GenerationFailure) {
    var carries: UInt32 = 0
    for value in values { carries |= (value.bitPattern & 0x7FFF_FFFF) &+ 0x0080_0000 }
    if carries >> 31 == 1 { throw GenerationFailure(field: field.name) }
  }
}
