import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEGeneration

/// How one column's values are drawn from what the decoder says of it.
@Suite struct RowColumnTests {
  private static let count = 20_000
  private let position = RandomPosition(seed: 5, step: 0)

  /// What a model's program draws of a column in `count` rows of which nothing is known.
  private func drawn<Value>(
    _ model: TrainedModel, _ name: String, count: Int, allowsMissing: Bool = false,
    _ read: (CompiledModel, FieldInput) -> Value
  ) throws -> Value {
    let program = try model.makeSession(OneDNNExecutor(threads: 1)).compile(
      model.model.drawingProgram(batch: count))
    let filler = try RecordFiller(
      program.model, model: model.model,
      records: Conditions([:], count: count, model: model).records,
      preprocessing: model.preprocessing, meaning: .requested)
    (0..<Int32(count)).map { $0 }.withUnsafeBufferPointer {
      filler.fill(program, records: $0, at: position)
    }
    program.set(.temperature, 1)
    program.set(.complete, allowsMissing ? 0 : 1)
    try program.run(at: position)
    return read(program, try model.variable(name))
  }

  /// Levels of the column "label", of which the decoder says the same in each row.
  private func levels(
    _ weights: [Float], mayBeMissing: Bool = false, allowsMissing: Bool = false
  ) throws -> [Int32] {
    let model = try TinyTrained.rowModel(labelsMayBeMissing: mayBeMissing)
      .saying(["label": weights.map { log(max($0, 1e-30)) }])
    return try drawn(model, "label", count: Self.count, allowsMissing: allowsMissing) {
      program, label in program.withIndexOutput(.value(label)) { Array($0) }
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
    compare(try levels(weights), weights.map(Double.init))
  }

  @Test func levelsAreThoseOfTheirOwnRow() throws {
    let model = try TinyTrained.rowModel()
    let column = RowColumn(try model.variable("label"), model: model)
    let wanted: [Int32] = [2, 0, 1, 1, 2]
    let weights = wanted.flatMap { level in (0..<3).map { $0 == level ? 1 : 0 as Float } }
    weights.withUnsafeBufferPointer { weights in
      for (row, level) in wanted.enumerated() {
        let drawn = column.drawLevel(weights, row: row, within: [0, 1, 2], first: 0, at: position)
        #expect(drawn.level == level && drawn.share == 1)
      }
      let drawn = column.drawLevel(weights, row: 3, within: [0, 1], first: 0, at: position)
      #expect(drawn.level == 1 && drawn.share == 1)
    }
  }

  /// The last level, which stands for none, is left out, and the others keep their proportions.
  @Test func someLevelsAreDrawnInProportion() throws {
    let weights: [Float] = [0.1, 0.2, 0.1, 0.6]
    compare(try levels(weights, mayBeMissing: true), [0.25, 0.5, 0.25, 0])
    compare(
      try levels(weights, mayBeMissing: true, allowsMissing: true), weights.map(Double.init))
  }

  @Test func levelsOfASetAreDrawnInProportion() throws {
    let model = try TinyTrained.rowModel(labelsMayBeMissing: true)
    let column = RowColumn(try model.variable("label"), model: model)
    let weights = [[Float]](repeating: [0.4, 0.1, 0.2, 0.3], count: Self.count).flatMap { $0 }
    let drawn = weights.withUnsafeBufferPointer { weights in
      (0..<Self.count).map {
        column.drawLevel(weights, row: $0, within: [3, 1], first: 0, at: position)
      }
    }
    compare(drawn.map(\.level), [0, 0.25, 0, 0.75])
    #expect(!drawn.isEmpty && drawn.allSatisfy { abs($0.share - 0.4) < 1e-6 })
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
      #expect(RowColumn.place(share, in: weights) == place)
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
    RowColumn(try model.variable("size"), model: model)
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

  /// What the decoder says where it means the mixture.
  private static let outputs =
    mixture.map { Float(log(max($0.share, 1e-30))) }
    + mixture.enumerated().map { Float($1.mean + 2 - 4 * Double($0) / 7) }
    + mixture.map { Float(log($0.deviation / 0.5)) }

  /// What networks see of numbers that the program draws, each by random words of its own.
  private func seen(_ model: TrainedModel, _ outputs: [Float]) throws -> [Double] {
    try drawn(model.saying(["size": outputs]), "size", count: 5 * Self.count) { program, size in
      program.output(.value(size)).map(Double.init)
    }
  }

  @Test func numbersAreDrawnFromTheMixture() throws {
    compare(try seen(TinyTrained.rowModel(), Self.outputs)) { cumulative($0, Self.mixture) }
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

  @Test func rowsAreDrawnFromTheirOwnPrediction() throws {
    let column = try size(TinyTrained.rowModel(sizes: .gaussian))
    try ([-9, 9, -9] as [Float]).withUnsafeBufferPointer { prediction in
      let drawn = try (0..<3).map { row in
        try #require(
          column.drawNumber(prediction, row: row, within: 0...5.8, first: 0, at: position)
        ).number
      }
      #expect(drawn[0] < 1 && drawn[1] > 5 && drawn[2] < 1, "\(drawn)")
    }
  }

  /// Numbers far outside of what training records have are the least and the greatest of them.
  @Test func numbersFarOutsideAreTheLeastAndTheGreatest() throws {
    let model = try TinyTrained.rowModel(sizes: .gaussian)
    let field = try model.schema.field("size")
    let values = [-9, 9, -9].withUnsafeBufferPointer {
      field.codec.decode($0, field, model.preprocessing)
    }
    #expect(values == .numbers([0, 5.8, 0]))
  }

  /// Numbers of a table lie on its grid and within the range of its training records.
  @Test func numbersAreThoseThatARecordCouldHave() throws {
    let model = try TinyTrained.rowModel().saying(["size": Self.outputs])
    var request = DrawRequest(try Conditions([:], count: 500, model: model), seed: 5)
    request.allowsMissing = false
    let records = try Generator(model, executor: OneDNNExecutor(threads: 1)).draw(request)[0]
    let draws = try #require(records.records["size"]).numbers
    #expect(draws.count == 500 && Set(draws).count > 30)
    #expect(
      !draws.isEmpty && draws.allSatisfy { $0 >= 0 && $0 <= 5.8 && $0 == ($0 * 10).rounded() / 10 })
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
    #expect(
      !drawn.isEmpty
        && drawn.allSatisfy { range.contains($0.number) && abs($0.share - mass) < 1e-6 })
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
