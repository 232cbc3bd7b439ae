import ConditionalData

extension EvaluationReport {
  /// The report in words, in aligned columns, for a terminal.
  public var table: String { tables.text }

  /// The report for people: what was scored, the bound and its terms, and what the latent space carries.
  public var tables: [ResultTable] { [scored, bounds, density, divergences] }

  private static let nats = "nats per record"
  private static let (names, widths) = (30, [12, 17])

  private var scored: ResultTable {
    var lines = [
      ResultTable.Line("records", ["\(records) (\(split))"], isText: true),
      ResultTable.Line("importance samples", ["\(samples) for each record"], isText: true),
    ]
    if let masks {
      lines.append(ResultTable.Line("missing pixels alone, masks", [masks], isText: true))
    }
    return ResultTable("what was scored", lines: lines, names: Self.names)
  }

  private var bounds: ResultTable {
    var lines = [
      Self.line(
        "log-likelihood, at least", logLikelihood,
        meaning: "How probable the records are under the model: higher is better, and more "
          + "importance samples come nearer to the truth."),
      Self.line(
        "evidence lower bound", elbo,
        meaning: "What training raises: never above the log-likelihood but for chance, and the "
          + "nearer to it, the better the recognition network."),
      Self.line(
        "reconstruction", reconstruction, depth: 1,
        meaning: "How well records are drawn again from their own latent values, summed over the "
          + "fields: higher is better."),
    ]
    if fields.count > 1 {
      lines += fields.sorted { $0.key < $1.key }.map { name, estimate in
        Self.line(name, estimate, depth: 2)
      }
    }
    lines.append(
      Self.line(
        "KL divergence", kl, depth: 1,
        meaning: "How much the latent values tell of a record beyond what is given; the bound is "
          + "the reconstruction less this, and near 0 the model makes no use of them."))
    for part in klByLevel ?? [] {
      let name = part.level == "z" ? "z" : "details at \(part.level) pixels"
      lines.append(ResultTable.Line(name, [part.kl.text(3)], depth: 2))
    }
    return ResultTable(
      "how well the model explains records", heading: Self.nats,
      columns: ["mean", "standard error"], lines: lines,
      reading: "Compare these figures with those of another model on the same records; by "
        + "themselves they are neither good nor bad. Differences of less than two or three "
        + "standard errors may be chance.",
      names: Self.names, widths: Self.widths)
  }

  private var density: ResultTable {
    var lines: [ResultTable.Line] = []
    if let bitsPerByte {
      lines.append(
        Self.line(
          "bits per byte, at most", bitsPerByte, unit: "bits",
          meaning: "The log-likelihood for each byte of the text, its end included: lower is "
            + "better, and it compares across ways to cut texts into tokens."))
    }
    let name = "bits per dimension"
    if let bitsPerDimension {
      lines.append(
        Self.line(
          name + ", at most", bitsPerDimension, unit: "bits",
          meaning: "The log-likelihood for each generated value: lower is better, and it compares "
            + "across sizes of pictures."))
    } else if masks != nil {
      lines.append(
        ResultTable.Line(name, ["none: records lack differing parts"], isText: true))
    } else if !greyFields.isEmpty {
      lines.append(
        ResultTable.Line(
          name,
          [
            "none: a Bernoulli on grey values (\(greyFields.joined(separator: ", "))) is a score, "
              + "not a density"
          ], isText: true))
    }
    lines.append(
      ResultTable.Line(
        "active latent dimensions", ["\(activeUnits) of \(klPerDimension.count)"],
        meaning: "Dimensions that differ from record to record; the others carry nothing.",
        isText: true))
    if let exchangedLatentLoss {
      lines.append(
        Self.line(
          "lost with another record's z", exchangedLatentLoss, unit: "nats",
          meaning: "How much worse records are drawn again from the latent values of others: near "
            + "0 the decoder makes no use of them."))
    }
    return ResultTable(
      lines.count > 1 ? "density and latent space" : "latent space", lines: lines,
      names: Self.names, widths: Self.widths)
  }

  private var divergences: ResultTable {
    let (count, perLine) = (klPerDimension.count, 10)
    let lines = stride(from: 0, to: count, by: perLine).map { start in
      let end = min(start + perLine, count)
      return ResultTable.Line(
        "from \(start)", klPerDimension[start..<end].map { $0.text(3) }, depth: 1)
    }
    return ResultTable(
      "KL divergence by dimension", printsTitle: true, lines: lines,
      reading: "In \(Self.nats), ten latent dimensions in a line, the first is number 0: those "
        + "near 0 carry nothing.", names: 12, widths: [8])
  }

  private static func line(
    _ name: String, _ estimate: Estimate, depth: Int = 0, unit: String = "", meaning: String = ""
  ) -> ResultTable.Line {
    ResultTable.Line(
      name, [estimate.mean.text(3), estimate.standardError?.text(3) ?? "unknown"], depth: depth,
      unit: unit, meaning: meaning)
  }
}
