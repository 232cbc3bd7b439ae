import ConditionalData

extension EvaluationReport {
  /// The report in words, in aligned columns, for people.
  public var table: String {
    var lines = [
      "records                       \(records) (\(split))",
      "importance samples            \(samples) for each record",
    ]
    if let masks { lines.append("missing pixels alone, masks   \(masks)") }
    lines += [
      "",
      Self.row("nats per record", "mean", "standard error"),
      Self.row("log-likelihood, at least", logLikelihood),
      Self.row("evidence lower bound", elbo),
      Self.row("  reconstruction", reconstruction),
    ]
    if fields.count > 1 {
      for (name, estimate) in fields.sorted(by: { $0.key < $1.key }) {
        lines.append(Self.row("    \(name)", estimate))
      }
    }
    lines.append(Self.row("  KL divergence", kl))
    lines.append("")
    if let bitsPerDimension {
      lines.append(Self.row("bits per dimension, at most", bitsPerDimension))
    } else if masks != nil {
      lines.append("bits per dimension            none: records lack differing parts")
    } else if !greyFields.isEmpty {
      lines.append(
        "bits per dimension            none: a Bernoulli on grey values "
          + "(\(greyFields.joined(separator: ", "))) is a score, not a density")
    }
    lines.append("active latent dimensions      \(activeUnits) of \(klPerDimension.count)")
    lines.append("KL divergence by dimension")
    for start in stride(from: 0, to: klPerDimension.count, by: 10) {
      let part = klPerDimension[start..<min(start + 10, klPerDimension.count)]
      lines.append(TextTable.row("", 1, part.map { $0.text(3) }, 8))
    }
    return lines.joined(separator: "\n")
  }

  private static func row(_ name: String, _ estimate: Estimate) -> String {
    row(name, estimate.mean.text(3), estimate.standardError?.text(3) ?? "unknown")
  }

  private static func row(_ name: String, _ mean: String, _ error: String) -> String {
    TextTable.row(name, 30, [mean, error], 12, 17)
  }
}
