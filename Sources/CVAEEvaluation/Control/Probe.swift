import TensorGraph

/// A small classifier that looks for a level in rows of a latent space.
enum Probe {
  /// The share of `test` rows whose level is found by a probe that was trained on `train`.
  ///
  /// Columns are scaled by the training rows' mean and deviation, so that spaces of any scale are
  /// probed alike.
  ///
  /// - Parameter hidden: The widths of hidden layers; none for a linear probe.
  static func accuracy(
    hidden: [Int], train: LatentRows, test: LatentRows, levels: Int, seed: UInt64,
    executor: any Executor
  ) throws -> Estimate {
    let scaled = scaled([train, test])
    let settings = ClassifierSettings.probe(hidden: hidden, rows: train.levels.count, seed: seed)
    let fitted = try FittedClassifier.train(
      on: scaled[0], levels: levels, settings: settings, executor: executor)
    return try fitted.score(scaled[1], executor: executor).accuracy
  }

  /// All rows in units of the first part's deviations; columns that never vary become 0.
  private static func scaled(_ parts: [LatentRows]) -> [LabelledRows] {
    let width = parts[0].width
    var columns = [Moments](repeating: Moments(), count: width)
    for (index, value) in parts[0].values.enumerated() { columns[index % width].add(Double(value)) }
    let scales = columns.map { moments in
      let deviation = moments.populationVariance.squareRoot()
      return (mean: moments.mean, factor: deviation > 1e-9 ? 1 / deviation : 0)
    }
    return parts.map { part in
      let values = part.values.enumerated().map { index, value in
        Float((Double(value) - scales[index % width].mean) * scales[index % width].factor)
      }
      return LabelledRows(values, width: width, levels: part.levels)
    }
  }
}

/// Rows of a latent space with their records' levels.
struct LatentRows {
  /// `[levels.count, width]`.
  let values: [Float]
  /// Latent dimensions.
  let width: Int
  let levels: [Int32]
}
