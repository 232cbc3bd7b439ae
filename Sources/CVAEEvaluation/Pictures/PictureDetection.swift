import ConditionalData
import RecordTypes
import TensorGraph

/// How well a small network tells generated pictures from real ones.
enum PictureDetection {
  /// About so many steps of training, whatever the number of pictures.
  private static let steps = 600

  /// The area under the curve on the second half of the pictures, after the network has learned from the first.
  ///
  /// - Source: Lopez-Paz and Oquab, *Revisiting Classifier Two-Sample Tests*, 2017; Hanley and McNeil, *The Meaning and Use of
  ///   the Area under a ROC Curve*, 1982, for the standard error.
  static func areaUnderCurve(
    generated: [Float], real: [Float], _ size: ImageSize, seed: UInt64, executor: any Executor
  ) throws -> Estimate {
    let count = min(generated.count, real.count) / size.count
    let half = count / 2
    func rows(_ range: Range<Int>) -> LabelledRows {
      let part = range.lowerBound * size.count..<range.upperBound * size.count
      return LabelledRows(
        Array(generated[part]) + real[part], width: size.count,
        levels: [Int32](repeating: 1, count: range.count)
          + [Int32](repeating: 0, count: range.count))
    }
    var settings = ClassifierSettings.image(size, seed: seed)
    settings.batch = min(64, 2 * half)
    settings.epochs = max(3, steps * settings.batch / max(1, 2 * half))
    let judge = try FittedClassifier.train(
      on: rows(0..<half), levels: 2, settings: settings, executor: executor)
    let scores = try judge.score(rows(half..<count), executor: executor)
    let margins = (0..<2 * (count - half)).map { row in
      Double(scores.logits[2 * row + 1]) - Double(scores.logits[2 * row])
    }
    let area = FidelityRows.areaUnderCurve(
      Array(margins.prefix(count - half)), Array(margins.suffix(count - half)))
    return Estimate(mean: area, standardError: standardError(of: area, each: count - half))
  }

  private static func standardError(of area: Double, each count: Int) -> Double? {
    guard count > 1 else { return nil }
    let (first, second) = (area / (2 - area), 2 * area * area / (1 + area))
    let rest = Double(count - 1) * (first + second - 2 * area * area)
    return (max(0, area * (1 - area) + rest) / Double(count * count)).squareRoot()
  }
}
