import RecordTypes

/// How strongly two columns are associated, over the rows where both are known; 0 where fewer than
/// two such rows remain or one of the columns doesn't vary there.
enum Association {
  /// Pearson's correlation r of two numbers, −1 to 1; Cramér's V of two categories, 0 to 1; the
  /// correlation ratio η of a number given a category, 0 to 1.
  static func between(_ first: RecordColumn, _ second: RecordColumn) -> Double {
    let known =
      first.hasMissing || second.hasMissing
      ? (0..<first.count).filter { first.isKnown($0) && second.isKnown($0) } : nil
    func values<Value>(_ all: [Value]) -> [Value] {
      guard let known, !all.isEmpty else { return all }
      return known.map { all[$0] }
    }
    let (x, y) = (values(first.numbers), values(second.numbers))
    let (levels, others) = (values(first.levels), values(second.levels))
    return switch (first.holdsLevels, second.holdsLevels) {
    case (false, false): pearson(x, y)
    case (true, true): cramersV(levels, others)
    case (true, false): correlationRatio(y, levels)
    case (false, true): correlationRatio(x, others)
    }
  }

  /// Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² Σ (y − ȳ)²).
  static func pearson(_ x: [Double], _ y: [Double]) -> Double {
    guard x.count >= 2 else { return 0 }
    let count = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    var (squaresX, squaresY, products) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      let (fromX, fromY) = (a - meanX, b - meanY)
      squaresX += fromX * fromX
      squaresY += fromY * fromY
      products += fromX * fromY
    }
    guard varies(squaresX, count: count, mean: meanX), varies(squaresY, count: count, mean: meanY)
    else { return 0 }
    return min(max(products / (squaresX.squareRoot() * squaresY.squareRoot()), -1), 1)
  }

  /// √(χ²/n / (min(r, c) − 1)), r and c the numbers of levels that occur; without Bergsma's
  /// correction of its bias, which is the same for tables of as many rows.
  ///
  /// - Source: Cramér, *Mathematical Methods of Statistics*, 1946, section 21.9.
  static func cramersV(_ x: [Int32], _ y: [Int32]) -> Double {
    // A pair of levels as one number; sorted, they are counted without a table of all pairs.
    let levels = Int(y.max() ?? 0) + 1
    let pairs = zip(x, y).map { Int($0) * levels + Int($1) }.sorted()
    guard pairs.count >= 2 else { return 0 }
    var cells: [(x: Int, y: Int, count: Double)] = []
    var start = 0
    for end in 1...pairs.count where end == pairs.count || pairs[end] != pairs[start] {
      cells.append((pairs[start] / levels, pairs[start] % levels, Double(end - start)))
      start = end
    }
    var countsX: [Int: Double] = [:]
    var countsY: [Int: Double] = [:]
    for cell in cells {
      countsX[cell.x, default: 0] += cell.count
      countsY[cell.y, default: 0] += cell.count
    }
    let smaller = Double(min(countsX.count, countsY.count) - 1)
    guard smaller > 0 else { return 0 }
    // χ²/n = Σ nᵢⱼ² / (nᵢ nⱼ) − 1.
    let sum = cells.reduce(0) { sum, cell in
      sum + cell.count * cell.count / ((countsX[cell.x] ?? 1) * (countsY[cell.y] ?? 1))
    }
    return min(max((sum - 1) / smaller, 0), 1).squareRoot()
  }

  /// √(variance between the levels' means / variance of all numbers).
  ///
  /// - Source: Fisher, *Statistical Methods for Research Workers*, 1925, section 45.
  static func correlationRatio(_ numbers: [Double], _ levels: [Int32]) -> Double {
    let count = Int(levels.max() ?? 0) + 1
    var sums = [Double](repeating: 0, count: count)
    var counts = [Double](repeating: 0, count: count)
    for (number, level) in zip(numbers, levels) {
      sums[Int(level)] += number
      counts[Int(level)] += 1
    }
    let all = Double(numbers.count)
    guard all >= 2, counts.count(where: { $0 > 0 }) >= 2 else { return 0 }
    let mean = sums.reduce(0, +) / all
    var squares = 0.0
    for number in numbers { squares += (number - mean) * (number - mean) }
    let between = zip(sums, counts).reduce(0) { sum, pair in
      guard pair.1 > 0 else { return sum }
      let distance = pair.0 / pair.1 - mean
      return sum + pair.1 * distance * distance
    }
    return varies(squares, count: all, mean: mean) ? min(between / squares, 1).squareRoot() : 0
  }

  /// Whether a sum of squares about the mean is more than what rounding leaves of equal numbers.
  private static func varies(_ squares: Double, count: Double, mean: Double) -> Bool {
    squares > 1e-24 * count * mean * mean
  }
}
