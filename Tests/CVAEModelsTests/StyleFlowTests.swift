import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEModels

/// A prior of the style that isn't a Gaussian.
@Suite struct StyleFlowTests {
  private static func model(
    latent: Int = 4, flow: Int = 5, _ change: (inout ModelConfiguration) -> Void = { _ in }
  ) throws -> ConditionalVAE {
    try Tiny.model(
      [Tiny.image, Tiny.label], given: ["label"],
      Tiny.configuration(latent: latent) {
        $0.prior.flow = flow
        change(&$0)
      })
  }

  private static func normal(_ label: String, _ count: Int, scale: Double = 1) -> [Double] {
    let position = RandomPosition(seed: 7, step: 0)
    return (0..<count).map {
      scale * position.normal(RandomPurpose(label), record: 0, column: $0)
    }
  }

  /// Couplings that do something.
  private static func parameters(_ model: ConditionalVAE) -> [String: [Double]] {
    model.store.parameters.reduce(into: [:]) { values, parameter in
      values[parameter.name] = normal(parameter.name, parameter.shape.count, scale: 0.6)
    }
  }

  /// ε of styles, or styles of ε.
  private static func map(
    _ rows: [Double], _ model: ConditionalVAE, toNoise: Bool
  ) throws -> [Double] {
    var batch = TinyBatch()
    batch.reals["u"] = rows
    let program = try model.flowProgram(
      batch: rows.count / model.configuration.latent, toNoise: toNoise)
    return try #require(
      batch.run(program, of: model, parameters: parameters(model))["flow"])
  }

  @Test(arguments: [2, 3, 4, 5]) func bothWaysUndoEachOther(latent: Int) throws {
    let model = try Self.model(latent: latent)
    let styles = Self.normal("styles", 6 * latent)
    let noise = try Self.map(styles, model, toNoise: true)
    #expect(zip(noise, styles).contains { abs($0 - $1) > 0.1 })
    let back = try Self.map(noise, model, toNoise: false)
    #expect(zip(back, styles).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  /// The gain is log N(ε) + log |dε/du| − log N(u), with the determinant from finite differences.
  @Test(arguments: [2, 3, 4]) func theGainIsThatOfTheDensity(latent: Int) throws {
    let model = try Self.model(latent: latent)
    let style = Self.normal("style", latent)
    var program = ProgramBuilder()
    let rows = program.input(.style, [1, latent])
    let flow = try #require(model.flow)
    program.output(.flowGain, try flow.noise(of: rows, in: &program.graph).gain)
    var batch = TinyBatch()
    batch.reals["u"] = style
    let gain = try #require(
      batch.run(program.program(), of: model, parameters: Self.parameters(model))["flowGain"]?[0])
    let noise = try Self.map(style, model, toNoise: true)
    let step = 1e-5
    var matrix: [[Double]] = []
    for column in 0..<latent {
      let ends = try [step, -step].map { distance in
        var moved = style
        moved[column] += distance
        return try Self.map(moved, model, toNoise: true)
      }
      matrix.append(zip(ends[0], ends[1]).map { ($0 - $1) / (2 * step) })
    }
    func half(_ values: [Double]) -> Double { 0.5 * values.reduce(0) { $0 + $1 * $1 } }
    let expected = log(abs(Self.determinant(matrix))) - half(noise) + half(style)
    #expect(abs(gain - expected) < 1e-6, "\(gain) against \(expected)")
  }

  private static func determinant(_ matrix: [[Double]]) -> Double {
    var (rows, result) = (matrix, 1.0)
    for pivot in rows.indices {
      let best = (pivot..<rows.count).max { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) } ?? pivot
      if best != pivot {
        rows.swapAt(best, pivot)
        result = -result
      }
      result *= rows[pivot][pivot]
      for row in rows.indices.dropFirst(pivot + 1) {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in rows.indices { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    return result
  }

  /// It begins as N(0, I).
  @Test func itBeginsAsNothing() throws {
    let model = try Self.model()
    let batch = Tiny.batch(of: model, count: 3, seed: 2)
    let outputs = try batch.run(model.evaluationProgram(batch: 3), of: model)
    #expect(outputs["flowGain"]?.allSatisfy { abs($0) < 1e-12 } == true)
    let none = try Self.model(flow: 0)
    #expect(!none.hasFlow && !none.store.parameters.contains { $0.name.contains("flow") })
  }

  /// The bound's divergence is less by the gain, and the gain is in importance weights.
  @Test func theBoundKnowsTheFlow() throws {
    let model = try Self.model()
    var batch = Tiny.batch(of: model, count: 2, seed: 2)
    let values = Self.parameters(model)
    let outputs = try batch.run(
      model.evaluationProgram(batch: 2), of: model, parameters: values)
    let recognised = try batch.run(
      model.recognitionProgram(batch: 2), of: model, parameters: values)
    for name in ["mean", "logVariance", "priorMean", "priorLogVariance"] {
      batch.reals[name] = recognised[name]
    }
    let (weighted, plain) = (
      try batch.run(model.importanceProgram(batch: 2), of: model, parameters: values),
      try batch.run(
        Self.model(flow: 0).importanceProgram(batch: 2), of: Self.model(flow: 0),
        parameters: values)
    )
    for record in 0..<2 {
      let gain = try #require(outputs["flowGain"]?[record])
      #expect(abs(gain) > 1e-3)
      let kl = outputs["kl"]?[4 * record..<4 * record + 4].reduce(0, +) ?? 0
      let score = outputs["logLikelihood"]?[record] ?? 0
      #expect(abs((outputs["elbo"]?[record] ?? 0) - (score - kl + gain)) < 1e-9)
      let own = try #require(weighted["flowGain"]?[record])
      let difference = (weighted["logWeight"]?[record] ?? 0) - (plain["logWeight"]?[record] ?? 0)
      #expect(abs(difference - own) < 1e-9)
    }
  }

  @Test(arguments: [1, 2] as [UInt64]) func gradientsMatchCentralDifferences(seed: UInt64) throws {
    let model = try Self.model()
    var batch = Tiny.batch(of: model, count: 3, seed: seed)
    batch.reals["klWeight"] = [0.7]
    let program = try model.trainingProgram(
      batch: 3, rule: AdamRule(), clipNorm: nil, hasFreeBits: false)
    let values = Self.parameters(model)
    #expect(
      try batch.wrongGradients(program, of: model, parameters: values, seed: seed) == [])
  }

  /// What is drawn is the flow's image of what would be drawn without it.
  @Test func drawnStylesGoThroughTheFlow() throws {
    let model = try Self.model()
    var batch = Tiny.batch(of: model, count: 2, seed: 2)
    let values = Self.parameters(model)
    batch.reals["temperature"] = [1]
    let drawn = try #require(
      batch.run(model.drawingProgram(batch: 2), of: model, parameters: values)["image"])
    let position = RandomPosition(seed: 5, step: 0)
    let noise = (batch.indices["records"] ?? []).flatMap { record in
      (0..<4).map { position.normal("style", record: UInt32(record), column: $0) }
    }
    batch.reals["u"] = try Self.map(noise, model, toNoise: false)
    var form = DrawingForm()
    form.drawsStyle = false
    let own = try #require(
      batch.run(model.drawingProgram(batch: 2, form), of: model, parameters: values)["image"])
    #expect(zip(own, drawn).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  /// A group's z has one gain, of which each target bears its share.
  @Test func aGroupHasOneGain() throws {
    let model = try Self.model { $0.group = "face" }
    let batch = Tiny.groupBatch(of: model, seed: 5)
    let outputs = try batch.run(
      model.groupEvaluationProgram(GroupTests.shape), of: model,
      parameters: Self.parameters(model))
    let gains = try #require(outputs["flowGain"])
    #expect(gains[0] == gains[1] && gains[2] == gains[3] && gains[0] != gains[2])
  }
}
