import ArgumentParser
import ConditionalData

/// An amount of memory as the command line names it: `400M`, `16G`, or a share of what is free, `50%`.
struct MemorySize {
  let bytes: Int

  /// - Throws: `ValidationError` for what is no size.
  init(text argument: String) throws {
    guard let bytes = Self.bytes(argument) else {
      throw ValidationError("expected a size such as 400M, 16G or 50%.")
    }
    self.bytes = bytes
  }

  private static func bytes(_ argument: String) -> Int? {
    let units: [Character: Double] = ["K": 0x1p10, "M": 0x1p20, "G": 0x1p30, "T": 0x1p40]
    var text = argument.uppercased()
    if text.hasSuffix("B") { text.removeLast() }
    if text.hasSuffix("I") { text.removeLast() }
    guard let last = text.last, let number = Double(text.dropLast()), number > 0 else { return nil }
    if last == "%" {
      guard number <= 100 else { return nil }
      return TableCache.bytes(ofShare: number / 100)
    }
    guard let unit = units[last], number * unit < 0x1p60 else { return nil }
    return Int(number * unit)
  }
}
