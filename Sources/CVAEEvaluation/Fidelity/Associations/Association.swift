/// How strongly two columns hang together, over the rows where both are known; 0 where fewer than
/// two such rows remain or one of the columns doesn't vary there.
enum Association {
  /// Pearson's correlation r of two numbers, −1 to 1; Cramér's V of two categories, 0 to 1; the
  /// correlation ratio η of a number given a category, 0 to 1.
  static func between(_ first: TableColumn, _ second: TableColumn) -> Double {
    switch (first.values, second.values) {
    case (.numbers(let x), .numbers(let y)): pearson(x, y)
    case (.levels(let x, _), .levels(let y, let names)): cramersV(x, y, levels: names.count)
    case (.levels(let levels, let names), .numbers(let numbers)),
      (.numbers(let numbers), .levels(let levels, let names)):
      correlationRatio(numbers, levels, count: names.count)
    }
  }

  /// Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² Σ (y − ȳ)²).
  static func pearson(_ x: [Float], _ y: [Float]) -> Double {
    var count = 0.0
    var (sumX, sumY) = (0.0, 0.0)
    for (a, b) in zip(x, y) where !a.isNaN && !b.isNaN {
      count += 1
      sumX += Double(a)
      sumY += Double(b)
    }
    guard count >= 2 else { return 0 }
    var (squaresX, squaresY, products) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) where !a.isNaN && !b.isNaN {
      let (fromX, fromY) = (Double(a) - sumX / count, Double(b) - sumY / count)
      squaresX += fromX * fromX
      squaresY += fromY * fromY
      products += fromX * fromY
    }
    guard varies(squaresX, count: count, mean: sumX / count),
      varies(squaresY, count: count, mean: sumY / count)
    else { return 0 }
    return min(max(products / (squaresX.squareRoot() * squaresY.squareRoot()), -1), 1)
  }

  /// √(χ²/n / (min(r, c) − 1)), r and c the numbers of levels that occur; without Bergsma's
  /// correction of its bias, which is the same for tables of as many rows.
  ///
  /// - Source: Cramér, *Mathematical Methods of Statistics*, 1946, section 21.9.
  static func cramersV(_ x: [Int32], _ y: [Int32], levels: Int) -> Double {
    // A pair of levels as one number; sorted, they are counted without a table of all pairs.
    let pairs = zip(x, y).filter { $0 >= 0 && $1 >= 0 }
      .map { Int($0) * levels + Int($1) }.sorted()
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
  static func correlationRatio(_ numbers: [Float], _ levels: [Int32], count: Int) -> Double {
    var sums = [Double](repeating: 0, count: count)
    var counts = [Double](repeating: 0, count: count)
    for (number, level) in zip(numbers, levels) where level >= 0 && !number.isNaN {
      sums[Int(level)] += Double(number)
      counts[Int(level)] += 1
    }
    let all = counts.reduce(0, +)
    guard all >= 2, counts.count(where: { $0 > 0 }) >= 2 else { return 0 }
    let mean = sums.reduce(0, +) / all
    var squares = 0.0
    for (number, level) in zip(numbers, levels) where level >= 0 && !number.isNaN {
      squares += (Double(number) - mean) * (Double(number) - mean)
    }
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
