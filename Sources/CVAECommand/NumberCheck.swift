import ArgumentParser

/// The ranges of numbers on the command line, checked before any file is read.
enum NumberCheck {
  /// The most records that one command makes.
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

  /// The largest temperature and control: far beyond them, numbers overflow in the networks.
  private static let mostStrength = 1e6

  /// Refuses a temperature that a style can't be scaled by.
  ///
  /// - Throws: `ValidationError`.
  static func temperature(
    _ temperature: Double, option: String = "--temperature"
  ) throws {
    guard temperature >= 0 else {
      throw ValidationError("\(option) must be 0 or more, not \(temperature).")
    }
    guard temperature <= mostStrength else {
      throw ValidationError("\(option) must be at most 1000000, not \(temperature).")
    }
  }

  /// Refuses a strength of control out of its range.
  ///
  /// - Throws: `ValidationError`.
  static func control(_ control: Double) throws {
    guard abs(control) <= mostStrength else {
      throw ValidationError("--control must be from -1000000 to 1000000, not \(control).")
    }
  }
}

extension Double {
  /// As a person would write it: 9 rather than 9.0.
  var plain: String { self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)" }
}
