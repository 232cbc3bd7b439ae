extension Leakage {
  /// The probes for people.
  func table(of field: String) -> ResultTable {
    func line(_ name: String, _ estimate: Estimate, meaning: String) -> ResultTable.Line {
      ResultTable.Line(name, [estimate.text], depth: 1, unit: "share", meaning: meaning)
    }
    return ResultTable(
      "how well '\(field)' can be read off the latent space", printsTitle: true,
      lines: [
        line(
          "by chance", chance,
          meaning: "What a guess reaches without looking; compare the other lines with it."),
        line(
          "style u, linear probe", style.linear,
          meaning: "Near chance, style tells nothing of the level, so that it can be transferred."),
        line(
          "style u, nonlinear probe", style.nonlinear,
          meaning: "The same for a small network, which finds more."),
        line(
          "z, linear probe", latent.linear,
          meaning: "Under a learned prior, z may tell the level; under the standard one, near "
            + "chance is good."
        ),
        line(
          "z, nonlinear probe", latent.nonlinear, meaning: "The same for a small network."),
      ], names: 38, widths: [20])
  }
}
