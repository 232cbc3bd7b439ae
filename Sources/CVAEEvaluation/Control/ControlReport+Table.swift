import Foundation

extension ControlReport {
  /// The report as text, for people: what was measured, the figure ± its standard error, and what
  /// to compare it with.
  public var table: String {
    var lines = [
      "control of '\(field)', judged by a classifier that learned from real training pictures",
      row("generated as requested", accuracy),
      row("real test pictures, as labelled", classifier.testAccuracy),
      row("diversity, 1 as the real ones", diversity),
      row("Fréchet distance to real pictures", frechetDistance),
      row("  between real and real", frechetDistanceOfReal),
    ]
    if let memorisation {
      lines += [
        "",
        "distance to the nearest training picture",
        row("of generated pictures", memorisation.generated),
        row("of real test pictures", memorisation.test),
        row("generated nearer than 99 % of real", memorisation.nearShare),
      ]
    }
    lines += caution
    lines += [
      "",
      "'\(field)' read off the latent space",
      row("by chance", leakage.chance),
      row("style u, linear probe", leakage.style.linear),
      row("style u, nonlinear probe", leakage.style.nonlinear),
      row("z, linear probe", leakage.latent.linear),
      row("z, nonlinear probe", leakage.latent.nonlinear),
      "",
      row("classified by the model itself", classification.accuracy)
        + "   \(classification.records) records, \(classification.samples) samples each",
      "",
      Self.padded("level", 22, left: true) + Self.padded("as requested", 20)
        + Self.padded("real", 20) + Self.padded("diversity", 20),
    ]
    for level in perLevel {
      let cells = [level.accuracy, level.testAccuracy, level.diversity]
        .map { Self.padded(Self.text($0), 20) }
      lines.append(Self.padded(level.name, 22, left: true) + cells.joined())
    }
    return (lines + curveLines).joined(separator: "\n")
  }

  /// A caution if the classifier itself errs too often; none for a good one.
  private var caution: [String] {
    let accuracy = classifier.testAccuracy.mean
    guard accuracy < Self.trustedAccuracy else { return [] }
    return [
      "",
      String(
        format:
          "caution: the classifier itself errs on %.0f %% of real pictures, so its verdict on "
          + "generated ones, the", 100 * (1 - accuracy)),
      "diversity and the Fréchet distance mean little; more labelled pictures would help.",
    ]
  }

  /// Below this accuracy of the classifier, the table adds a caution.
  private static let trustedAccuracy = 0.7

  /// Accuracy and diversity by strength; none without a curve.
  private var curveLines: [String] {
    guard let curve else { return [] }
    let lines = [
      "", "pictures by --control: 0 hides the condition from the decoder, 1 is as trained",
      Self.padded("control", 22, left: true) + Self.padded("as requested", 20)
        + Self.padded("diversity", 20),
    ]
    return lines
      + curve.points.map { point in
        Self.padded(String(format: "%g", point.strength), 22, left: true)
          + Self.padded(Self.text(point.accuracy), 20)
          + Self.padded(Self.text(point.diversity), 20)
      }
  }

  private func row(_ name: String, _ estimate: Estimate?) -> String {
    Self.padded("  " + name, 38, left: true) + Self.padded(Self.text(estimate), 20)
  }

  private static func text(_ estimate: Estimate?) -> String {
    guard let estimate else { return "none" }
    let mean = String(format: "%.3f", estimate.mean)
    return estimate.standardError.map { mean + String(format: " ± %.3f", $0) } ?? mean
  }

  private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return left ? text + space : space + text
  }
}
