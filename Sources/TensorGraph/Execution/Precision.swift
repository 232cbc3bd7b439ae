/// The precision of a session's products. Parameters, statistics, losses and the optimiser's state
/// are float32 in either.
public enum Precision: String, Codable, Hashable, Sendable, CaseIterable {
  /// 32-bit floating point throughout.
  case float32
  /// Products of bfloat16 numbers, summed in float32.
  case bfloat16
}
