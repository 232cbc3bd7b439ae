import CVAEModels
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// The bound on log p(generated fields of a row | given ones).
@Suite struct RowBoundTests {
  /// Latent 1, no hidden layers, a number and a category of three levels.
  private func smallest() throws -> ConditionalVAE {
    try Tiny.model(
      [Tiny.number, Tiny.label], given: ["any"],
      Tiny.configuration(latent: 1, hidden: []) { $0.likelihood = ["size": .mixture] })
  }

  private static let parameters: [String: [Double]] = [
    "decoder.size.weight": (0..<24).map { 0.3 - Double($0 % 7) / 10 },
    "decoder.size.size.known.weight": [Double](repeating: 0.3, count: 24),
    "decoder.size.size.mask.weight": [Double](repeating: -0.2, count: 24),
    "decoder.size.label.known.weight": (0..<96).map { Double($0 % 5) / 10 - 0.2 },
    "decoder.size.bias": (0..<24).map { 0.1 * Double($0 % 3) - 0.1 },
    "decoder.label.weight": [0.6, -0.2, 0.1],
    "decoder.label.size.known.weight": [0.4, 0.1, -0.3],
    "decoder.label.size.mask.weight": [0.2, -0.1, 0.3],
    "decoder.label.label.known.weight": [Double](repeating: 0.1, count: 12),
    "decoder.label.bias": [0.1, 0.2, -0.3],
    "recognition.output.bias": [0.3, -0.5],
  ]

  /// The outputs, and the z that was drawn.
  private func run(
    size: (value: Double, mask: Double, target: Double), label: (target: Int32, known: Int32)
  ) throws -> (outputs: [String: [Double]], z: Double) {
    let model = try smallest()
    var batch = TinyBatch()
    batch.reals = ["size": [size.value], "size.mask": [size.mask], "size.target": [size.target]]
    batch.indices = ["label": [label.target], "label.known": [label.known], "records": [7]]
    let position = RandomPosition(seed: 3, step: 6)
    var parameters = Self.parameters
    for parameter in model.store.parameters
    where parameter.name.hasPrefix("recognition.output.") && parameter.name.hasSuffix("weight") {
      parameters[parameter.name] = [Double](repeating: 0, count: parameter.shape.count)
    }
    let outputs = try batch.run(
      model.evaluationProgram(batch: 1), of: model, parameters: parameters, at: position)
    let noise = position.normal(RandomPurpose("latent"), record: 7, column: 0)
    return (outputs, 0.3 + exp(-0.25) * noise)
  }

  @Test func aGeneratedNumberHasTheDecodersMixture() throws {
    let (outputs, z) = try run(size: (0.8, 0, 1), label: (3, 1))
    // The label is given as 'b': row 1 of its weights.
    let output: [Double] = (0..<24).map { place in
      let byLatent = (0.3 - Double(place % 7) / 10) * z
      let byLabel = Double((24 + place) % 5) / 10 - 0.2
      let bias = 0.1 * Double(place % 3) - 0.1
      return byLatent + byLabel + bias
    }
    var (density, shares) = (0.0, 0.0)
    for component in 0..<8 {
      let mean = output[8 + component] - 2 + 4 * Double(component) / 7
      let deviation = exp(output[16 + component] + log(0.5))
      let distance = (0.8 - mean) / deviation
      density +=
        exp(output[component]) * exp(-0.5 * distance * distance)
        / (deviation * (2 * Double.pi).squareRoot())
      shares += exp(output[component])
    }
    let found = outputs["logLikelihood"]?[0] ?? .nan
    #expect(abs(found - (log(density) - log(shares))) < 1e-12)
  }

  @Test func aGivenNumberCountsNowhereAndATargetLevelByItsProbability() throws {
    let (outputs, z) = try run(size: (0.8, 1, 0), label: (2, 3))
    let logits = [
      0.6 * z + 0.4 * 0.8 + 0.2 + 0.1 + 0.1, -0.2 * z + 0.1 * 0.8 - 0.1 + 0.1 + 0.2,
      0.1 * z - 0.3 * 0.8 + 0.3 + 0.1 - 0.3,
    ]
    let expected = logits[2] - log(logits.reduce(0) { $0 + exp($1) })
    #expect(abs((outputs["logLikelihood"]?[0] ?? .nan) - expected) < 1e-12)
  }

  @Test func aMissingCellAddsNothing() throws {
    let (outputs, _) = try run(size: (0, 0, 0), label: (3, 3))
    #expect(outputs["logLikelihood"]?[0] == 0)
  }
}
