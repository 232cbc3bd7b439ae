import ConditionalData
import Foundation

extension TextReport {
  /// The report for people: what was measured, the figure ± its standard error, and what to compare it with.
  public var tables: [ResultTable] {
    let own: [ResultTable?] = [varieties, kept, beside]
    return control.flatMap { $0.tables(of: field) } + own.compactMap(\.self)
  }

  private var varieties: ResultTable {
    let names = units.rawValue
    var lines = [
      Self.line(
        "different \(names)", diversity.generated.distinct1, diversity.test.distinct1,
        meaning: "Different \(names) over all (distinct-1): lower than in real texts, a model "
          + "repeats itself."),
      Self.line(
        "different pairs of them", diversity.generated.distinct2, diversity.test.distinct2,
        meaning: "The same of two in a row (distinct-2)."),
      Self.line(
        "different texts", diversity.generated.unique, diversity.test.unique,
        meaning: "Below real texts, the same text is drawn again and again."),
    ]
    if let copies {
      lines += [
        Self.line(
          "whole texts of the training", copies.generated.whole, copies.test.whole,
          meaning: "Texts that occur in training, to the byte: far more than of held-out ones are "
            + "learned by heart."),
        Self.line(
          "runs of \(copies.runLength) \(names) of it", copies.generated.runs, copies.test.runs,
          meaning: "The share of a text's runs that some training text has."),
      ]
    }
    return ResultTable(
      "how varied and how new '\(field)' is: \(diversity.texts) generated texts beside held-out "
        + "ones",
      printsTitle: true, heading: "share", columns: ["generated", "held-out"], lines: lines,
      names: 38, widths: [20])
  }

  private var kept: ResultTable? {
    guard let reconstruction else { return nil }
    return ResultTable(
      "what z keeps of '\(field)': \(reconstruction.records) held-out texts written from their "
        + "own z",
      printsTitle: true,
      lines: [
        ResultTable.Line(
          "\(units.rawValue) kept, F1", [reconstruction.f1.text], depth: 1, unit: "share",
          meaning: "How much a text shares with its reconstruction: higher is better."),
        ResultTable.Line(
          "shared with another text", [reconstruction.baseline.text], depth: 1, unit: "share",
          meaning: "What two held-out texts share by chance: compare the line above with it."),
      ], names: 38, widths: [20])
  }

  private var beside: ResultTable? {
    guard let references else { return nil }
    func line(_ name: String, _ scores: References.Scores, meaning: String) -> ResultTable.Line {
      ResultTable.Line(
        name, [scores.rouge1, scores.rouge2, scores.rougeL].map(\.text), meaning: meaning)
    }
    var lines = [
      line(
        "most probable text", references.generated,
        meaning: "F1 of what a beam search finds with the text of the record: higher is better.")
    ]
    if let given = references.given, let beginning = references.beginning {
      lines.append(
        line(
          "beginning of '\(given)'", beginning,
          meaning: "The same of the first \(units.rawValue) of what is given, as many as "
            + "references have on average: a model should reach more."))
    }
    return ResultTable(
      "'\(field)' beside the texts of \(references.records) held-out records",
      printsTitle: true, heading: units.rawValue, columns: ["ROUGE-1", "ROUGE-2", "ROUGE-L"],
      lines: lines, reading: units == .words ? "In lower case, without stemming." : "",
      names: 30, widths: [16])
  }

  private static func line(
    _ name: String, _ generated: Double?, _ test: Double?, meaning: String
  ) -> ResultTable.Line {
    ResultTable.Line(name, [generated, test].map { $0?.text(3) ?? "none" }, meaning: meaning)
  }

  private static func line(
    _ name: String, _ generated: Estimate?, _ test: Estimate?, meaning: String
  ) -> ResultTable.Line {
    ResultTable.Line(name, [generated, test].map(\.text), meaning: meaning)
  }
}

extension TextControl {
  /// Below this accuracy of the judge, a caution is added.
  private static let trustedAccuracy = 0.7
  /// Below this share of different results, too.
  private static let leastUnique = 0.5

  func tables(of text: String) -> [ResultTable] {
    let all: [ResultTable?] = [
      verdict(text), table(transfer, "carried to another '\(field)'"),
      table(rewriting, "carried to another '\(field)', with half of their words kept"),
      leakage?.table(of: field), levels,
    ]
    return all.compactMap(\.self)
  }

  private func verdict(_ text: String) -> ResultTable {
    let share = judge.testAccuracy.mean
    let caution =
      share >= Self.trustedAccuracy
      ? ""
      : String(
        format: "caution: the judge itself errs on %.0f %% of real texts, so compare its verdict "
          + "on generated ones with that.", 100 * (1 - share))
    return ResultTable(
      "'\(field)' of '\(text)', judged by a linear classifier that learned from "
        + "\(judge.trainingTexts) real training texts", printsTitle: true,
      lines: [
        Self.line(
          "generated as requested", accuracy, unit: "share",
          meaning: "Generated texts in which the judge sees the requested level, under the "
            + "conditions of held-out records."),
        Self.line(
          "real held-out texts, as labelled", judge.testAccuracy, unit: "share",
          meaning: "The same for real texts: a model that writes as the data are can't be "
            + "expected to reach more."
        ),
        Self.line(
          "generated over real", ratio,
          meaning: "Near 1, generated texts are as recognisable as real ones; above it, they are "
            + "more typical."),
        Self.line(
          "at the token temperature \(String(format: "%g", cool.temperature))", cool.accuracy,
          unit: "share",
          meaning: "Of generated texts where probable tokens are made more so."),
        Self.line("over real", cool.ratio, depth: 2, meaning: ""),
      ],
      reading: "Behind ± stands a figure's standard error: differences of less than two or three "
        + "of them may be chance.", note: caution, names: 38, widths: [20])
  }

  private func table(_ transfer: Transfer?, _ way: String) -> ResultTable? {
    guard let transfer else { return nil }
    let caution =
      transfer.unique >= Self.leastUnique
      ? ""
      : String(
        format: "caution: only %.0f %% of the results differ, so little of each text is carried "
          + "over, whatever the judge sees in them.", 100 * transfer.unique)
    return ResultTable(
      "\(transfer.records) held-out texts \(way)", printsTitle: true,
      lines: [
        Self.line(
          "as the new level", transfer.accuracy, unit: "share",
          meaning: "Results in which the judge sees the new level: higher is better."),
        Self.line(
          "still as the old one", transfer.kept, unit: "share",
          meaning: "Results in which it sees the old level: lower is better."),
        Self.line(
          "kept of the text, F1", transfer.f1, unit: "share",
          meaning: "What a text shares with its result; compare with reconstructions, which share "
            + "more."),
        Self.line(
          "of another text", transfer.baseline, unit: "share",
          meaning:
            "What a result shares with a text that it wasn't made of, by chance: compare the "
            + "line above with it."),
        ResultTable.Line(
          "different results", [transfer.unique.text(3)], depth: 1, unit: "share",
          meaning: "Different results over all: 1 where no two texts become the same."),
      ], note: caution, names: 38, widths: [20])
  }

  private var levels: ResultTable {
    ResultTable(
      "level by level", heading: field, columns: ["generated", "as requested", "real"],
      lines: perLevel.map { level in
        ResultTable.Line(
          level.name, ["\(level.generated)", level.accuracy.text, level.testAccuracy.text])
      },
      reading: "As above, with as many texts for each level: the shares of generated and of real "
        + "ones in which the judge sees it.", names: 22, widths: [12, 20])
  }

  private static func line(
    _ name: String, _ estimate: Estimate?, depth: Int = 1, unit: String = "", meaning: String
  ) -> ResultTable.Line {
    ResultTable.Line(name, [estimate.text], depth: depth, unit: unit, meaning: meaning)
  }
}
