import TestSupport
import Testing

/// Expects that ``farNumbers(_:_:asFarAs:_:)`` are none.
func expectNear(
  _ got: [Float], _ wanted: [Float], asFarAs disturbed: [Float], _ unit: Double,
  at location: SourceLocation = #_sourceLocation
) {
  let far = farNumbers(got, wanted, asFarAs: disturbed, unit)
  #expect(far.isEmpty, "\(far.prefix(5))", sourceLocation: location)
}
