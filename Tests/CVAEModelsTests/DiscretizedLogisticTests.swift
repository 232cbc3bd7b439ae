import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEModels

/// The discretised logistic likelihood of coloured pictures, one pixel at a time.
@Suite struct DiscretizedLogisticTests {
  private static let size = ImageSize(height: 1, width: 1, channels: 3)

  private static func likelihood(
    leaning: Bool = true, leastScale: Double = 0
  ) -> DiscretizedLogisticLikelihood {
    var configuration = LogisticConfiguration()
    configuration.leaning = leaning
    configuration.leastScale = leastScale
    return DiscretizedLogisticLikelihood(configuration, size: size)
  }

  private enum Result { case scores, prediction }

  /// Log-likelihoods of the targets under one output, or what is predicted from it.
  private static func evaluate(
    _ likelihood: DiscretizedLogisticLikelihood, output: [Double], targets: [[Double]],
    _ result: Result = .scores
  ) throws -> [Double] {
    var builder = ProgramBuilder()
    let rows = builder.input(.state, [targets.count, likelihood.outputs])
    let seen = builder.input(.seen, [targets.count, 3])
    let node =
      switch result {
      case .scores:
        try likelihood.score(
          rows, target: seen, weights: nil, use: .evaluation, in: &builder.graph
        ).logLikelihood
      case .prediction: try likelihood.prediction(rows, in: &builder.graph)
      }
    let program = builder.program()
    return try ReferenceEvaluator.evaluate(
      program.program.graph, nodes: [node],
      inputs: [
        program.port(InputSlot.state): Tensor(
          [targets.count, likelihood.outputs], targets.flatMap { _ in output }),
        program.port(.seen): Tensor([targets.count, 3], targets.flatMap { $0 }),
      ], indexInputs: [:], parameters: [:])[0].values
  }

  /// log of what a logistic distribution gives to the bin of a grey value.
  private static func logBin(_ x: Double, mean: Double, scale: Double) -> Double {
    func share(_ edge: Double) -> Double { 1 / (1 + exp(-(edge - mean) / scale)) }
    let upper = x > 0.999 ? 1 : share(x + 0.5 / 255)
    let lower = x < 0.001 ? 0 : share(x - 0.5 / 255)
    return log(upper - lower)
  }

  // Means less ½, log scales plus 3, then the slopes of green on red, blue on red, blue on green.
  private static let output = [0.1, -0.2, 0.05, 0.3, 0.5, -0.1, 0.7, -0.4, 0.9]
  private static let pixel = [200.0 / 255, 31.0 / 255, 120.0 / 255]

  @Test func channelsLeanOnThoseBefore() throws {
    let (r, g, b) = (Self.pixel[0], Self.pixel[1], Self.pixel[2])
    let expected =
      Self.logBin(r, mean: 0.6, scale: exp(-2.7))
      + Self.logBin(g, mean: 0.3 + 0.7 * (r - 0.5), scale: exp(-2.5))
      + Self.logBin(b, mean: 0.55 - 0.4 * (r - 0.5) + 0.9 * (g - 0.5), scale: exp(-3.1))
    let actual = try Self.evaluate(
      Self.likelihood(), output: Self.output, targets: [Self.pixel, Self.pixel])
    #expect(actual.count == 2 && actual.allSatisfy { abs($0 - expected) < 1e-9 })
    let apart = try Self.evaluate(
      Self.likelihood(leaning: false), output: Array(Self.output.prefix(6)), targets: [Self.pixel])
    let alone =
      Self.logBin(r, mean: 0.6, scale: exp(-2.7)) + Self.logBin(g, mean: 0.3, scale: exp(-2.5))
      + Self.logBin(b, mean: 0.55, scale: exp(-3.1))
    #expect(abs(apart[0] - alone) < 1e-9)
  }

  /// Over all values of a channel, the others fixed, the distribution of those behind sums to 1.
  @Test func theBlueValuesSumToOne() throws {
    let targets = (0..<256).map { [Self.pixel[0], Self.pixel[1], Double($0) / 255] }
    let scores = try Self.evaluate(Self.likelihood(), output: Self.output, targets: targets)
    let others =
      Self.logBin(Self.pixel[0], mean: 0.6, scale: exp(-2.7))
      + Self.logBin(
        Self.pixel[1], mean: 0.3 + 0.7 * (Self.pixel[0] - 0.5), scale: exp(-2.5))
    #expect(abs(scores.reduce(0) { $0 + exp($1 - others) } - 1) < 1e-9)
  }

  @Test func scalesAreAtLeastAsLarge() throws {
    let least = 20.0
    var output = Self.output
    output[3] = -2
    let actual = try Self.evaluate(
      Self.likelihood(leaning: false, leastScale: least), output: Array(output.prefix(6)),
      targets: [Self.pixel])
    let (r, g, b) = (Self.pixel[0], Self.pixel[1], Self.pixel[2])
    let expected =
      Self.logBin(r, mean: 0.6, scale: least / 255)
      + Self.logBin(g, mean: 0.3, scale: exp(-2.5))
      + Self.logBin(b, mean: 0.55, scale: least / 255)
    try #require(exp(-2.5) > least / 255 && exp(-3.1) < least / 255)
    #expect(abs(actual[0] - expected) < 1e-9)
  }

  /// What is predicted follows from what is predicted of the channels before, within [0, 1].
  @Test func whatIsPredictedLeansOnWhatIsPredicted() throws {
    var output = Self.output
    output[0] = 0.9
    let actual = try Self.evaluate(
      Self.likelihood(), output: output, targets: [Self.pixel], .prediction)
    let green = 0.3 + 0.7 * 0.5
    let expected = [1, green, 0.55 - 0.4 * 0.5 + 0.9 * (green - 0.5)]
    #expect(zip(actual, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(actual)")
  }

  /// Drawn numbers are distributed as they are scored: the share below an edge is the logistic's; a colour leans on what was
  /// drawn before it.
  @Test func drawnNumbersFollowTheDistribution() throws {
    let count = 4000
    let likelihood = Self.likelihood()
    var builder = ProgramBuilder()
    let rows = builder.input(.state, [count, likelihood.outputs])
    let records = builder.indexInput(.records(.own), [count])
    let drawn = try likelihood.sample(
      rows, purpose: "drawn", records: records, in: &builder.graph)
    let program = builder.program()
    // Wide of the edges, where nothing is cut off.
    let output = [0.1, -0.1, 0.05, -1, -0.8, -1.2, 0.5, -0.4, 0.6]
    let values = try ReferenceEvaluator.evaluate(
      program.program.graph, nodes: [drawn],
      inputs: [
        program.port(InputSlot.state): Tensor(
          [count, likelihood.outputs], (0..<count).flatMap { _ in output })
      ],
      indexInputs: [program.indexPort(.records(.own)): (0..<Int32(count)).map { $0 }],
      parameters: [:], at: RandomPosition(seed: 1, step: 0))[0].values
    var ranks: [[Double]] = [[], [], []]
    for pixel in 0..<count {
      let own = Array(values[3 * pixel..<3 * pixel + 3])
      let known = own.map { $0 - 0.5 }
      let means = [
        0.6, 0.4 + 0.5 * known[0], 0.55 - 0.4 * known[0] + 0.6 * known[1],
      ]
      for channel in 0..<3 {
        let scale = exp(output[3 + channel] - 3)
        ranks[channel].append(1 / (1 + exp(-(own[channel] - means[channel]) / scale)))
      }
    }
    for channel in 0..<3 {
      for share in [0.1, 0.3, 0.5, 0.8] {
        let found = Double(ranks[channel].count { $0 < share }) / Double(count)
        let error = (share * (1 - share) / Double(count)).squareRoot()
        #expect(abs(found - share) < 4 * error, "channel \(channel), \(share): \(found)")
      }
    }
    #expect(values.allSatisfy { (0...1).contains($0) })
  }
}
