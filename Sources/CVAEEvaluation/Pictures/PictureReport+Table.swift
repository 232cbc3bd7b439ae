import ConditionalData
import Foundation

extension PictureReport {
  /// The report for people.
  public var tables: [ResultTable] { [quality, grid, transfers].compactMap(\.self) }

  private var quality: ResultTable {
    var lines = [
      Self.line(
        "reconstructions, error of 255", reconstructionError.text(1),
        meaning:
          "Root mean square of the differences between real pictures and what the model draws of their "
          + "styles: lower is better."),
      Self.line(
        "their sharpness, 1 as the real ones", reconstructions.sharpness.text(2),
        meaning:
          "Differences between neighbouring pixels over those of real pictures: below 1 is softer."),
      Self.line("sharpness of new pictures", generated.sharpness.text(2), meaning: "The same."),
      Self.line(
        "told apart from real, AUC", detectionAUC.text,
        meaning:
          "How well a small network tells new pictures from real ones: 0.5 is not at all, 1 without fail."
      ),
    ]
    if let drawn = detectionAUCOfDrawnPixels {
      lines.append(
        Self.line(
          "with each pixel drawn, AUC", drawn.text,
          meaning: "The same of new pictures whose pixels are drawn ('generate --draw-pixels')."))
    }
    return ResultTable(
      "pictures of '\(field)', judged by \(records) real ones", printsTitle: true, lines: lines,
      names: 38, widths: [20])
  }

  private var grid: ResultTable {
    ResultTable(
      "differences between columns by their number, over the mean", printsTitle: true,
      heading: "modulo", columns: ["reconstructions", "new", "real"],
      lines: zip(reconstructions.grid, zip(generated.grid, real.grid)).map { own, others in
        ResultTable.Line(
          "\(own.modulus)",
          [own, others.0, others.1].map { "\($0.least.text(2)) to \($0.largest.text(2))" }, depth: 1
        )
      },
      reading: "1 throughout is no grid; what real pictures have is natural.", names: 12,
      widths: [20])
  }

  /// Nil without a category.
  private var transfers: ResultTable? {
    guard let transfer, let transferField else { return nil }
    return ResultTable(
      "pictures carried over to another \(transferField), by the levels of their style",
      printsTitle: true, heading: "levels",
      columns: ["as requested", "own, error", "there and back"],
      lines: transfer.map { part in
        ResultTable.Line(
          part.levels == 1 ? "z" : "z to \(part.last) px",
          [part.asRequested.text, part.ownError.text(1), part.returnError.text(1)], depth: 1)
      },
      reading:
        "As requested: the share in which the classifier sees the new \(transferField). Own: "
        + "the error, of 255, of what is drawn of a picture under its own condition. There and back: "
        + "the same after a way to the new one and back. The classifier sees the own "
        + "\(transferField) in \(transferClassifier.text) of the real ones.",
      note: (transferClassifier?.mean ?? 1) < 0.7
        ? "caution: a classifier that errs so often on real pictures says little of others." : "",
      names: 12, widths: [20])
  }

  private static func line(_ name: String, _ text: String, meaning: String) -> ResultTable.Line {
    ResultTable.Line(name, [text], depth: 1, meaning: meaning)
  }
}
