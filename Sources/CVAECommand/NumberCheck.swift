import ArgumentParser

/// What numbers of the command line may be, before any file is read.
enum NumberCheck {
  /// The most records that a command makes at a time.
  static let mostRecords = 10_000_000
  /// The most importance samples for a record.
  static let mostSamples = 1_000_000

  /// Refuses a count out of its range.
  ///
  /// - Throws: `ValidationError`.
  static func count(_ option: String, _ count: Int?, from least: Int = 1, to most: Int) throws {
    guard let count else { return }
    if count < least { throw ValidationError("\(option) must be at least \(least), not \(count).") }
    if count > most { throw ValidationError("\(option) must be at most \(most), not \(count).") }
  }

  /// Far beyond it, numbers overflow in the networks.
  private static let mostStrength = 1e6

  /// Refuses what the networks can't scale a style by.
  ///
  /// - Throws: `ValidationError`.
  static func temperature(_ temperature: Double) throws {
    guard temperature >= 0 else {
      throw ValidationError("--temperature must be 0 or more, not \(temperature).")
    }
    guard temperature <= mostStrength else {
      throw ValidationError("--temperature must be at most 1000000, not \(temperature).")
    }
  }

  /// Refuses what the networks can't follow a condition by.
  ///
  /// - Throws: `ValidationError`.
  static func control(_ control: Double) throws {
    guard abs(control) <= mostStrength else {
      throw ValidationError("--control must be from -1000000 to 1000000, not \(control).")
    }
  }
}
