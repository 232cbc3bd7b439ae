import Foundation

extension Encodable {
  /// As JSON on one line, keys sorted.
  package var jsonLine: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}

extension Double {
  /// With a fixed number of decimals.
  package func text(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}
