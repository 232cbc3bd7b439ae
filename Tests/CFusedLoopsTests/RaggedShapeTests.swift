import CFusedLoops
import Testing

/// Loops over rows and columns that fill no whole vectors, blocks or parts, on any number of threads.
@Suite struct RaggedShapeTests {
  struct Sizes: CustomTestStringConvertible, Sendable {
    let rows: Int
    let columns: Int
    var count: Int { rows * columns }
    var testDescription: String { "\(rows) × \(columns)" }
  }

  /// One row, rows shorter than a vector, as long, and longer; matrices that are summed in parts.
  private static let many =
    [1, 7, 16, 37].flatMap { rows in
      [1, 2, 10, 15, 16, 17, 33, 130].map { Sizes(rows: rows, columns: $0) }
    } + [
      Sizes(rows: 1003, columns: 301), Sizes(rows: 20011, columns: 21),
      Sizes(rows: 70, columns: 4101),
    ]

  private static func numbers(_ count: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919 + 13) % 101) / 8 - 6 }
  }

  /// Upper halves of floats: bfloat16 numbers, exact here.
  private static func halves(_ numbers: [Float]) -> [UInt16] {
    numbers.map { UInt16($0.bitPattern >> 16) }
  }

  /// What a loop writes with one thread; the others must write the same bytes.
  private static func result(
    _ count: Int, _ loop: (UnsafeMutablePointer<Float>, Int32) -> Void
  ) -> [Float] {
    let all: [[Float]] = ([1, 2, 3] as [Int32]).map { threads in
      [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        buffer.initialize(repeating: .nan)
        if let start = buffer.baseAddress { loop(start, threads) }
        initialized = count
      }
    }
    for other in all.dropFirst() {
      let same = other.elementsEqual(all[0]) { $0.bitPattern == $1.bitPattern }
      #expect(same, "threads disagree")
    }
    return all[0]
  }

  private static func expectClose(
    _ actual: [Float], _ expected: [Double], _ tolerance: Double = 1e-5,
    location: SourceLocation = #_sourceLocation
  ) {
    let worst = zip(actual, expected).map { abs(Double($0) - $1) }
    let largest = max(1, expected.map(abs).max() ?? 0)
    #expect(worst.allSatisfy { $0 <= tolerance * largest }, sourceLocation: location)
  }

  private static func shares(_ row: ArraySlice<Float>) -> [Double] {
    let top = Double(row.max() ?? 0)
    let powers = row.map { exp(Double($0) - top) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }

  private static func exp(_ x: Double) -> Double {
    // e^x as a series of x / 1024, squared ten times.
    var (term, sum) = (1.0, 1.0)
    for n in 1...8 {
      term *= x / 1024 / Double(n)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }

  @Test(arguments: many) func rowsOfLogits(sizes: Sizes) {
    let x = Self.numbers(sizes.count)
    let (rows, columns) = (sizes.rows, sizes.columns)
    let levels = (0..<rows).map { Int32($0 * 31 % (columns + 1)) }
    let upstream = Self.numbers(rows)
    let shares = (0..<rows).map { Self.shares(x[($0 * columns)..<(($0 + 1) * columns)]) }
    Self.expectClose(
      Self.result(sizes.count) { cvae_softmax(x, $0, rows, columns, false, $1) },
      shares.flatMap(\.self))
    let logarithms = Self.result(sizes.count) { cvae_softmax(x, $0, rows, columns, true, $1) }
    Self.expectClose(logarithms.map { Float(Self.exp(Double($0))) }, shares.flatMap(\.self))
    let scores = Self.result(rows) { cvae_categorical(x, levels, $0, rows, columns, $1) }
    for row in 0..<rows {
      let expected =
        levels[row] == columns ? 0 : logarithms[row * columns + Int(levels[row])]
      #expect(abs(scores[row] - expected) <= 1e-5)
    }
    var slopes: [Double] = []
    for row in 0..<rows {
      let level = Int(levels[row])
      for column in 0..<columns {
        let hit: Double = level == column ? 1 : 0
        let slope = Double(upstream[row]) * (hit - shares[row][column])
        slopes.append(level == columns ? 0 : slope)
      }
    }
    Self.expectClose(
      Self.result(sizes.count) { place, threads in
        cvae_categorical_gradient(
          x, levels, upstream, cvae_tensor(data: place, type: CVAE_FLOAT32), rows, columns, threads)
      }, slopes)
  }

  @Test(arguments: many) func sumsAndMaxima(sizes: Sizes) {
    let x = Self.numbers(sizes.count)
    var (copy, narrow) = (x, Self.halves(x))
    let (rows, columns) = (sizes.rows, sizes.columns)
    let levels = (0..<rows).map { Int32($0 * 31 % 5) }
    var sums = [Double](repeating: 0, count: columns)
    var tables = [Double](repeating: 0, count: 5 * columns)
    for (index, number) in x.enumerated() {
      sums[index % columns] += Double(number)
      tables[Int(levels[index / columns]) * columns + index % columns] += Double(number)
    }
    // Eighths are exact in either type, and so are their sums.
    copy.withUnsafeMutableBytes { wide in
      narrow.withUnsafeMutableBytes { narrow in
        for operand in [
          cvae_tensor(data: wide.baseAddress, type: CVAE_FLOAT32),
          cvae_tensor(data: narrow.baseAddress, type: CVAE_BFLOAT16),
        ] {
          Self.expectClose(
            Self.result(columns) { cvae_sum_columns(operand, $0, rows, columns, $1) }, sums, 0)
          Self.expectClose(
            Self.result(5 * columns) {
              cvae_scatter_add(operand, levels, $0, rows, columns, 5, $1)
            }, tables, 0)
        }
      }
    }
    let maxima = Self.result(rows) { cvae_maximum_rows(x, $0, rows, columns, $1) }
    #expect(maxima == (0..<rows).map { x[($0 * columns)..<(($0 + 1) * columns)].max() })
    for column in 0..<min(columns, 40) {
      copy = x
      copy[column] = .nan
      let maxima = Self.result(rows) { cvae_maximum_rows(copy, $0, rows, columns, $1) }
      #expect(maxima[0].isNaN)
    }
  }

  @Test(arguments: many) func arrangements(sizes: Sizes) {
    let x = Self.numbers(sizes.count)
    let (rows, columns) = (sizes.rows, sizes.columns)
    let transposed = Self.result(sizes.count) {
      cvae_strided_copy(2, [columns, rows], x, [1, columns], $0, [rows, 1], $1)
    }
    #expect(transposed == (0..<sizes.count).map { x[$0 % rows * columns + $0 / rows] })
    let repeated = Self.result(3 * sizes.count) {
      cvae_strided_copy(
        3, [rows, 3, columns], x, [columns, 0, 1], $0, [3 * columns, columns, 1], $1)
    }
    #expect(
      repeated == (0..<3 * sizes.count).map { x[$0 / (3 * columns) * columns + $0 % columns] })
    // The sum over the middle axis, and over the outermost and the innermost one.
    let middle = Self.result(sizes.count) {
      cvae_strided_sum(3, [rows, 3, columns], repeated, $0, [columns, 0, 1], sizes.count, $1)
    }
    #expect(middle == x.map { 3 * $0 })
    let outside = Self.result(3) {
      cvae_strided_sum(3, [rows, 3, columns], repeated, $0, [0, 1, 0], 3, $1)
    }
    Self.expectClose(outside, [Double](repeating: x.reduce(0) { $0 + Double($1) }, count: 3))
  }

  @Test(arguments: [1, 15, 16, 17, 1000, 50_001]) func elementwise(count: Int) {
    var x = Self.numbers(count)
    var narrow = Self.halves(x)
    let expected = x.map { max(0, $0) }
    x.withUnsafeMutableBytes { wide in
      narrow.withUnsafeMutableBytes { narrow in
        for operand in [
          cvae_tensor(data: wide.baseAddress, type: CVAE_FLOAT32),
          cvae_tensor(data: narrow.baseAddress, type: CVAE_BFLOAT16),
        ] {
          let result = Self.result(count) {
            cvae_unary(
              CVAE_RELU, 0, operand, cvae_tensor(data: $0, type: CVAE_FLOAT32), count, $1)
          }
          #expect(result == expected)
        }
      }
    }
  }

  /// A row's numbers are the same, however many of them are drawn.
  @Test(arguments: [1, 3, 4, 15, 31, 32, 33, 65]) func randomRows(columns: Int) {
    let random = cvae_random(seed: 7, step: 3, stream: 1)
    let records = (0..<9).map { Int32($0 * 1000) }
    for draw in [cvae_uniform, cvae_normal] {
      let whole = Self.result(9 * 128) { draw(random, records, $0, 9, 128, $1) }
      let part = Self.result(9 * columns) { draw(random, records, $0, 9, columns, $1) }
      for row in 0..<9 {
        #expect(
          part[(row * columns)..<((row + 1) * columns)].elementsEqual(
            whole[(row * 128)..<(row * 128 + columns)]))
      }
    }
  }
}
