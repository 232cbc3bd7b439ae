import ConditionalData
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
      TextTable.row("level", 22, ["as requested", "real", "diversity"], 20),
    ]
    for level in perLevel {
      let cells = [level.accuracy, level.testAccuracy, level.diversity].map(Self.text)
      lines.append(TextTable.row(level.name, 22, cells, 20))
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
      TextTable.row("control", 22, ["as requested", "diversity"], 20),
    ]
    return lines
      + curve.points.map { point in
        TextTable.row(
          String(format: "%g", point.strength), 22,
          [point.accuracy, point.diversity].map(Self.text), 20)
      }
  }

  private func row(_ name: String, _ estimate: Estimate?) -> String {
    TextTable.row("  " + name, 38, [Self.text(estimate)], 20)
  }

  private static func text(_ estimate: Estimate?) -> String {
    guard let estimate else { return "none" }
    let mean = estimate.mean.text(3)
    return estimate.standardError.map { "\(mean) ± \($0.text(3))" } ?? mean
  }
}
