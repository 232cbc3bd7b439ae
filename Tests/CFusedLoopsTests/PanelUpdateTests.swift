import CFusedLoops
import Testing

/// Weights in panels under a row-major gradient change as they do where everything is row-major.
@Suite struct PanelUpdateTests {
  struct Sizes: CustomTestStringConvertible, Sendable {
    let rows: Int
    let columns: Int
    let width: Int
    let block: Int
    var paddedRows: Int { (rows + block - 1) / block * block }
    var panelCount: Int { (columns + width - 1) / width }
    var testDescription: String { "\(rows) × \(columns) in panels of \(width), rows of \(block)" }

    /// Where an element lies in panels.
    func place(_ row: Int, _ column: Int) -> Int {
      (column / width * paddedRows + row) * width + column % width
    }

    func panels(_ rowMajor: [Float]) -> [Float] {
      var result = [Float](repeating: 0, count: paddedRows * panelCount * width)
      for row in 0..<rows {
        for column in 0..<columns {
          result[place(row, column)] = rowMajor[row * columns + column]
        }
      }
      return result
    }
  }

  private static let rule = cvae_adam_rule(
    learning_rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-6, correction1: 2, correction2: 3,
    weight_decay: 0.1, decoupled: true, gradient_scale: 0.5)

  private static func numbers(_ count: Int, _ factor: Int) -> [Float] {
    (0..<count).map { Float(($0 * factor + 5) % 17) / 16 }
  }

  /// One step on three arrays; the sum of the gradient's squares too.
  private static func step(
    _ weights: inout [Float], _ first: inout [Float], _ second: inout [Float],
    gradient: [Float], panels: cvae_panels, threads: Int32
  ) -> (isFinite: Bool, square: Double) {
    let count = weights.count
    return weights.withUnsafeMutableBufferPointer { w in
      first.withUnsafeMutableBufferPointer { m in
        second.withUnsafeMutableBufferPointer { v in
          gradient.withUnsafeBufferPointer { g in
            guard let w = w.baseAddress, let m = m.baseAddress, let v = v.baseAddress,
              let g = g.baseAddress
            else { return (false, .nan) }
            var tensor = cvae_adam_tensor(
              weights: w, gradient: g, gradients: nil, first: m, second: v, copy: nil,
              interleave: 0, from: 0, count: count, panels: panels)
            let square = cvae_gradient_square(&tensor, 1, cvae_shares(), threads)
            return (cvae_adam(&tensor, 1, rule, cvae_shares(), threads), square)
          }
        }
      }
    }
  }

  @Test(
    arguments: [
      Sizes(rows: 16, columns: 64, width: 64, block: 16),
      Sizes(rows: 130, columns: 200, width: 64, block: 16),
      Sizes(rows: 33, columns: 20, width: 32, block: 16),
      Sizes(rows: 784, columns: 512, width: 64, block: 32),
    ], [1, 3] as [Int32])
  func stepIsThatOfRowMajorWeights(sizes: Sizes, threads: Int32) {
    let count = sizes.rows * sizes.columns
    let gradient = Self.numbers(count, 7)
    var plain = (Self.numbers(count, 3), Self.numbers(count, 5), Self.numbers(count, 11))
    var laid = (sizes.panels(plain.0), sizes.panels(plain.1), sizes.panels(plain.2))
    let panels = cvae_panels(
      width: sizes.width, padded_rows: sizes.paddedRows, rows: sizes.rows, columns: sizes.columns)
    let one = Self.step(
      &plain.0, &plain.1, &plain.2, gradient: gradient, panels: cvae_panels(), threads: threads)
    let other = Self.step(
      &laid.0, &laid.1, &laid.2, gradient: gradient, panels: panels, threads: threads)
    #expect(one.isFinite && other.isFinite)
    let exact = gradient.reduce(0) { $0 + Double($1) * Double($1) }
    for square in [one.square, other.square] { #expect(abs(square - exact) < 1e-6 * exact) }
    #expect(laid.0 == sizes.panels(plain.0))
    #expect(laid.1 == sizes.panels(plain.1))
    #expect(laid.2 == sizes.panels(plain.2))
  }

  @Test func aGradientThatIsNotFiniteIsNoticed() {
    let sizes = Sizes(rows: 20, columns: 70, width: 64, block: 16)
    var gradient = Self.numbers(1400, 7)
    gradient[19 * 70 + 69] = .infinity
    var weights = sizes.panels(Self.numbers(1400, 3))
    let before = weights
    var (first, second) = (weights, weights)
    let panels = cvae_panels(width: 64, padded_rows: 32, rows: 20, columns: 70)
    let outcome = Self.step(
      &weights, &first, &second, gradient: gradient, panels: panels, threads: 1)
    #expect(!outcome.isFinite)
    let place = sizes.place(19, 69)
    #expect(weights[place] == before[place] && weights[place - 1] != before[place - 1])
  }

  /// Ranks that update a part each, by the sum of their gradients, do what one does with the sum; a rank of which no record
  /// counts may have any gradient.
  @Test(
    arguments: [
      Sizes(rows: 130, columns: 200, width: 64, block: 16),
      Sizes(rows: 784, columns: 70, width: 32, block: 16),
    ], [true, false])
  func partsOfSeveralRanksAreThoseOfTheSum(sizes: Sizes, isInPanels: Bool) {
    let count = sizes.rows * sizes.columns
    let gradients = [
      Self.numbers(count, 7), [Float](repeating: .nan, count: count), Self.numbers(count, 13),
    ]
    let sum = zip(gradients[0], gradients[2]).map { 0.25 * $0 + 0.75 * $1 }
    let panels =
      isInPanels
      ? cvae_panels(
        width: sizes.width, padded_rows: sizes.paddedRows, rows: sizes.rows, columns: sizes.columns)
      : cvae_panels()
    let arrange = { (numbers: [Float]) in isInPanels ? sizes.panels(numbers) : numbers }
    var weights = arrange(Self.numbers(count, 3))
    var (first, second) = (arrange(Self.numbers(count, 5)), arrange(Self.numbers(count, 11)))
    var (own, ownFirst, ownSecond) = (weights, first, second)
    let whole = Self.step(
      &weights, &first, &second, gradient: sum, panels: panels, threads: 1)
    let border = own.count / 2 / 2048 * 2048
    var square = 0.0
    let total = own.count
    own.withUnsafeMutableBufferPointer { w in
      ownFirst.withUnsafeMutableBufferPointer { m in
        ownSecond.withUnsafeMutableBufferPointer { v in
          guard let w = w.baseAddress, let m = m.baseAddress, let v = v.baseAddress else { return }
          let copies = gradients.map { gradient in
            let copy = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
            _ = copy.initialize(from: gradient)
            return copy
          }
          defer { for copy in copies { copy.deallocate() } }
          let pointers = copies.compactMap { $0.baseAddress.map { UnsafePointer($0) } }
          pointers.withUnsafeBufferPointer { pointers in
            for part in [0..<border, border..<total] {
              var tensor = cvae_adam_tensor(
                weights: w, gradient: nil, gradients: pointers.baseAddress, first: m, second: v,
                copy: nil, interleave: 0, from: part.lowerBound, count: part.count, panels: panels)
              ([0.25, 0, 0.75] as [Float]).withUnsafeBufferPointer {
                let shares = cvae_shares(values: $0.baseAddress, count: 3)
                square += cvae_gradient_square(&tensor, 1, shares, 1)
                #expect(cvae_adam(&tensor, 1, Self.rule, shares, 2))
              }
            }
          }
        }
      }
    }
    #expect(abs(square - whole.square) < 1e-6 * whole.square)
    for (left, right) in [(own, weights), (ownFirst, first), (ownSecond, second)] {
      for (one, other) in zip(left, right) { #expect(abs(one - other) <= 1e-6) }
    }
  }
}
