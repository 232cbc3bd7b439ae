import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEGeneration

/// How one column's values are drawn from what the decoder says of it.
@Suite struct RowColumnTests {
  private static let count = 20_000
  private let position = RandomPosition(seed: 5, step: 0)

  /// Draws from these weights in each row.
  private func levels(_ weights: [Float], of drawn: Int) throws -> [Int32] {
    let field = Field(
      name: "kind", kind: .category(levels: weights.indices.map { "level \($0)" }))
    let column = try RowColumn(field, model: TinyTrained.rowModel())
    let rows = [[Float]](repeating: weights, count: Self.count).flatMap { $0 }
    return rows.withUnsafeBufferPointer {
      column.drawLevels($0, count: Self.count, of: drawn, first: 100, at: position)
    }
  }

  /// Each share lies within five standard deviations.
  private func compare(
    _ levels: [Int32], _ shares: [Double], _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(levels.count == Self.count, sourceLocation: location)
    for (level, share) in shares.enumerated() {
      let found = Double(levels.count { $0 == Int32(level) }) / Double(Self.count)
      let bound = 5 * (share * (1 - share) / Double(Self.count)).squareRoot()
      #expect(abs(found - share) <= bound, "level \(level): \(found)", sourceLocation: location)
    }
  }

  @Test(arguments: [[0.2, 0.5, 0.3], [0, 1, 0], [0.01, 0.01, 0.98]] as [[Float]])
  func levelsAreDrawnByTheirWeights(weights: [Float]) throws {
    compare(try levels(weights, of: 3), weights.map(Double.init))
  }

  @Test func levelsAreThoseOfTheirOwnRow() throws {
    let column = try RowColumn(TinyTrained.label, model: TinyTrained.rowModel())
    let wanted: [Int32] = [2, 0, 1, 1, 2]
    let weights = wanted.flatMap { level in (0..<3).map { $0 == level ? 1 : 0 as Float } }
    weights.withUnsafeBufferPointer {
      #expect(column.drawLevels($0, count: 5, of: 3, first: 0, at: position) == wanted)
      let drawn = column.drawLevel($0, row: 3, within: [0, 1], first: 0, at: position)
      #expect(drawn.level == 1 && drawn.share == 1)
    }
  }

  /// The last level, which stands for none, is left out, and the others keep their proportions.
  @Test func someLevelsAreDrawnInProportion() throws {
    compare(try levels([0.1, 0.3, 0.6], of: 2), [0.25, 0.75, 0])
  }

  @Test func levelsOfASetAreDrawnInProportion() throws {
    let field = Field(name: "kind", kind: .category(levels: ["a", "b", "c", "d"]))
    let column = try RowColumn(field, model: TinyTrained.rowModel())
    let weights = [[Float]](repeating: [0.4, 0.1, 0.2, 0.3], count: Self.count).flatMap { $0 }
    let drawn = weights.withUnsafeBufferPointer { weights in
      (0..<Self.count).map {
        column.drawLevel(weights, row: $0, within: [3, 1], first: 0, at: position)
      }
    }
    compare(drawn.map(\.level), [0, 0.25, 0, 0.75])
    #expect(drawn.allSatisfy { abs($0.share - 0.4) < 1e-6 })
    // A set of levels that are never expected is drawn from all the same.
    let none: [Float] = [1, 0, 0, 0]
    none.withUnsafeBufferPointer {
      let found = column.drawLevel($0, row: 0, within: [1, 2], first: 0, at: position)
      #expect([1, 2].contains(found.level) && found.share == 0)
    }
  }

  @Test func placesAreWhereTheSumIsReached() {
    let weights: [Float] = [0.25, 0, 0.5, 0.25]
    for (share, place) in [
      (0, 0), (0.2499, 0), (0.25, 2), (0.5, 2), (0.7499, 2), (0.75, 3), (0.999, 3), (1, 3),
    ] as [(Float, Int)] {
      weights.withUnsafeBufferPointer { #expect(RowColumn.place(share, in: $0) == place) }
    }
  }

  /// A mixture as the decoder has it: shares, means, deviations.
  private static let mixture: [(share: Double, mean: Double, deviation: Double)] = [
    (0.1, -2, 0.25), (0.3, -0.5, 0.5), (0, 9, 0.5), (0.05, 0, 1), (0.25, 0.75, 0.125), (0.2, 1, 1),
    (0.1, 2, 0.25), (0, -9, 0.5),
  ]
  private static let prediction =
    mixture.map { Float($0.share) } + mixture.map { Float($0.mean) }
    + mixture.map { Float($0.deviation) }

  private func size(_ model: TrainedModel) throws -> RowColumn {
    RowColumn(try model.schema.field("size"), model: model)
  }

  /// Kolmogorov's distance between draws and a distribution must stay below what draws from it exceed once
  /// in a million times.
  ///
  /// - Source: Massart, *The Tight Constant in the Dvoretzky-Kiefer-Wolfowitz Inequality*, 1990.
  private func compare(
    _ draws: [Double], _ location: SourceLocation = #_sourceLocation,
    with cumulative: (Double) -> Double
  ) {
    let count = Double(draws.count)
    let distance = draws.sorted().enumerated().reduce(0.0) { most, next in
      let share = cumulative(next.element)
      return max(most, share - Double(next.offset) / count, Double(next.offset + 1) / count - share)
    }
    let bound = (log(2e6) / (2 * count)).squareRoot()
    #expect(distance < bound, sourceLocation: location)
  }

  /// P(X ≤ x) under Gaussians.
  private func cumulative(
    _ x: Double, _ parts: [(share: Double, mean: Double, deviation: Double)]
  ) -> Double {
    parts.reduce(0) {
      $0 + $1.share * NormalDistribution.cumulative((x - $1.mean) / $1.deviation)
    }
  }

  /// What networks see of numbers that are drawn one by one, each by random words of its own.
  private func seen(_ model: TrainedModel, _ prediction: [Float]) throws -> [Double] {
    let draw = NumberDraw(try model.schema.field("size"), model: model)
    return prediction.withUnsafeBufferPointer { prediction in
      (0..<UInt32(5 * Self.count)).map { record in
        Double(
          draw.draw(
            prediction, row: 0, component: 0,
            position.words(RandomPurpose("test"), record: record, block: 0)))
      }
    }
  }

  @Test func numbersAreDrawnFromTheMixture() throws {
    compare(try seen(TinyTrained.rowModel(), Self.prediction)) { cumulative($0, Self.mixture) }
  }

  /// The only Gaussian of a column: the mean comes from the decoder, the deviation from the model.
  private func gaussian(
    _ model: TrainedModel, mean: Double
  ) throws -> [(share: Double, mean: Double, deviation: Double)] {
    let logDeviation = try #require(model.tensors["decoder.size.logDeviation"]?.values.first)
    return [(1, mean, exp(Double(logDeviation)))]
  }

  @Test func numbersAreDrawnFromOneGaussian() throws {
    let model = try TinyTrained.rowModel(sizes: .gaussian)
    let parts = try gaussian(model, mean: 0.5)
    compare(try seen(model, [0.5])) { cumulative($0, parts) }
  }

  /// Rows and components have predictions of their own.
  @Test func rowsAreDrawnFromTheirOwnPrediction() throws {
    let model = try TinyTrained.rowModel(sizes: .gaussian)
    let column = try size(model)
    let draws = [-9, 9, -9].withUnsafeBufferPointer {
      column.drawNumbers($0, count: 3, first: 0, at: position)
    }
    #expect(draws == [0, 5.8, 0])
  }

  /// Numbers of a table lie on its grid and within the range of its training records.
  @Test func numbersAreThoseThatARecordCouldHave() throws {
    let column = try size(TinyTrained.rowModel())
    let rows = [[Float]](repeating: Self.prediction, count: 500).flatMap { $0 }
    let draws = rows.withUnsafeBufferPointer {
      column.drawNumbers($0, count: 500, first: 0, at: position)
    }
    #expect(draws.count == 500 && Set(draws).count > 30)
    #expect(draws.allSatisfy { $0 >= 0 && $0 <= 5.8 && $0 == ($0 * 10).rounded() / 10 })
  }

  @Test(
    arguments: [1...3, 0...5.8, 4.05...5.5, -10...2] as [ClosedRange<Double>],
    [.mixture, .gaussian] as [LikelihoodKind])
  func numbersOfARangeAreDrawnFromWhatLiesInIt(
    range: ClosedRange<Double>, sizes: LikelihoodKind
  ) throws {
    let model = try TinyTrained.rowModel(sizes: sizes)
    let column = try size(model)
    let parts = sizes == .mixture ? Self.mixture : try gaussian(model, mean: 0.5)
    let prediction = sizes == .mixture ? Self.prediction : [0.5]
    let drawn = prediction.withUnsafeBufferPointer { prediction in
      (0..<UInt32(Self.count)).compactMap {
        column.drawNumber(prediction, row: 0, within: range, first: $0, at: position)
      }
    }
    let ends = [(range.lowerBound, 0.0), (range.upperBound, 1)].map {
      Double(model.preprocessing.standardised($0, field: "size", position: $1))
    }
    let below = cumulative(ends[0], parts)
    let mass = cumulative(ends[1], parts) - below
    #expect(mass > 0.01)
    #expect(drawn.count == Self.count)
    #expect(drawn.allSatisfy { range.contains($0.number) && abs($0.share - mass) < 1e-6 })
    compare(drawn.map { Double($0.seen) }) { (cumulative($0, parts) - below) / mass }
  }

  /// Between two numbers of the grid, where no record lies, and where nothing is expected.
  @Test(
    arguments: [2...2, 2.01...2.04, 100...200, -7 ... -5, 0.05...0.05, 5.79...1e300]
      as [ClosedRange<Double>])
  func aRangeIsNeverLeft(range: ClosedRange<Double>) throws {
    let column = try size(TinyTrained.rowModel())
    let far =
      [Float](repeating: 0.125, count: 8) + [Float](repeating: 900, count: 8)
      + [Float](repeating: 1e-3, count: 8)
    for prediction in [Self.prediction, far] {
      try prediction.withUnsafeBufferPointer { prediction in
        for record in 0..<200 as Range<UInt32> {
          let drawn = try #require(
            column.drawNumber(prediction, row: 0, within: range, first: record, at: position))
          #expect(range.contains(drawn.number) && drawn.seen.isFinite)
          #expect(drawn.share >= 1e-12 && drawn.share <= 1)
        }
      }
    }
  }
}
