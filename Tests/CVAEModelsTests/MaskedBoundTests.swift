import CVAEModels
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// The bound on log p(unknown pixels | known pixels, y).
@Suite struct MaskedBoundTests {
  /// Latent 1, no hidden layers, an image of 2 × 2.
  private func smallest(
    _ change: (inout ModelConfiguration) -> Void = { _ in }
  ) throws -> ConditionalVAE {
    try Tiny.model([Tiny.image], given: ["any"], Tiny.configuration(latent: 1, hidden: [], change))
  }

  private static let image = [0.9, 0.2, 0.6, 0.1]
  private static let mask = [1.0, 0, 0, 1]

  private static let parameters: [String: [Double]] = [
    "recognition.output.image.weight": [0.5, -0.3, 0.2, 0.1, -0.4, 0.3, 0.6, -0.2],
    "recognition.output.image.mask.weight": [0.2, 0.1, -0.1, 0.4, 0.3, -0.5, 0.7, 0.2],
    "recognition.output.bias": [0.05, -0.1],
    "prior.output.image.known.weight": [0.3, -0.2, 0.7, 0.1, -0.6, 0.2, 0.4, 0.5],
    "prior.output.image.mask.weight": [-0.3, 0.2, 0.1, 0.6, 0.2, -0.1, 0.3, -0.4],
    "prior.output.bias": [-0.15, 0.25],
    "decoder.image.weight": [1.3, -0.7, 0.4, 0.9],
    "decoder.image.image.known.weight": (0..<16).map { Double($0 % 5) / 4 - 0.4 },
    "decoder.image.image.mask.weight": (0..<16).map { 0.3 - Double($0 % 7) / 8 },
    "decoder.image.bias": [0.2, -0.1, 0.3, 0.5],
  ]

  private func batch(image: [Double] = image, mask: [Double] = mask) -> TinyBatch {
    var batch = TinyBatch()
    batch.reals = ["image": image, "image.mask": mask]
    batch.indices = ["records": [7]]
    return batch
  }

  /// `rows · weight` of a row-major weight.
  private func product(_ row: [Double], _ name: String, _ column: Int, of columns: Int) -> Double {
    let weight = Self.parameters[name] ?? []
    return row.indices.reduce(0) { $0 + row[$1] * weight[$1 * columns + column] }
  }

  @Test func everyTermIsItsFormula() throws {
    let model = try smallest()
    let position = RandomPosition(seed: 3, step: 6)
    let outputs = try batch().run(
      model.evaluationProgram(batch: 1), of: model, parameters: Self.parameters, at: position)
    let (x, mask) = (Self.image, Self.mask)
    let known = zip(x, mask).map { $0 * $1 }
    let posterior = (0..<2).map { column in
      product(x, "recognition.output.image.weight", column, of: 2)
        + product(mask, "recognition.output.image.mask.weight", column, of: 2)
        + [0.05, -0.1][column]
    }
    let prior = (0..<2).map { column in
      product(known, "prior.output.image.known.weight", column, of: 2)
        + product(mask, "prior.output.image.mask.weight", column, of: 2) + [-0.15, 0.25][column]
    }
    let noise = position.normal(RandomPurpose("latent"), record: 7, column: 0)
    let z = posterior[0] + exp(posterior[1] / 2) * noise
    let logLikelihood = [1, 2].reduce(0.0) { sum, pixel in
      let logit =
        [1.3, -0.7, 0.4, 0.9][pixel] * z
        + product(known, "decoder.image.image.known.weight", pixel, of: 4)
        + product(mask, "decoder.image.image.mask.weight", pixel, of: 4)
        + [0.2, -0.1, 0.3, 0.5][pixel]
      return sum + x[pixel] * logit - log(1 + exp(logit))
    }
    let distance = posterior[0] - prior[0]
    let divergence =
      0.5
      * (prior[1] - posterior[1]
        + (exp(posterior[1]) + distance * distance) / exp(prior[1]) - 1)
    #expect(abs((outputs["logLikelihood"]?[0] ?? .nan) - logLikelihood) < 1e-12)
    #expect(abs((outputs["kl"]?[0] ?? .nan) - divergence) < 1e-12)
    #expect(abs((outputs["elbo"]?[0] ?? .nan) - (logLikelihood - divergence)) < 1e-12)
  }

  /// −½ Σ ((x − mean)/σ)² − targets · (log σ + ½ log 2π), over the unknown pixels.
  @Test func gaussianTermsCountUnknownPixelsAlone() throws {
    let model = try smallest {
      $0.likelihood = ["image": .gaussian]
      $0.gaussianDeviation = .learned
    }
    let outputs = try batch().run(
      model.evaluationProgram(batch: 1), of: model,
      parameters: [
        "decoder.image.weight": [0, 0, 0, 0], "decoder.image.bias": [5, 0.3, 0.4, 5],
        "decoder.image.image.known.weight": [Double](repeating: 0, count: 16),
        "decoder.image.image.mask.weight": [Double](repeating: 0, count: 16),
        "decoder.image.logDeviation": [-0.7],
      ])
    let squares = 0.1 * 0.1 + 0.2 * 0.2
    #expect(abs((outputs["squaredError.image"]?[0] ?? .nan) - squares) < 1e-12)
    #expect(outputs["targets.image"] == [2])
    let expected = -0.5 * squares * exp(1.4) - 2 * (-0.7 + 0.5 * log(2 * Double.pi))
    #expect(abs((outputs["logLikelihood"]?[0] ?? .nan) - expected) < 1e-12)
  }

  /// Prior and decoder see nothing of a pixel to fill; recognition does.
  @Test func unknownPixelsAreUnseen() throws {
    let model = try smallest()
    let program = try model.recognitionProgram(batch: 1)
    var other = Self.image
    other[1] = 0.8
    let seen = try batch().run(program, of: model)
    let changed = try batch(image: other).run(program, of: model)
    #expect(seen["priorMean"] == changed["priorMean"])
    #expect(seen["mean"] != changed["mean"])
    other = Self.image
    other[0] = 0.4
    #expect(try batch(image: other).run(program, of: model)["priorMean"] != seen["priorMean"])

    let generation = try model.drawingProgram(batch: 1)
    var (first, second) = (batch(), batch(image: [0.9, 0.5, 1, 0.1]))
    first.reals["temperature"] = [1]
    second.reals["temperature"] = [1]
    #expect(
      try first.run(generation, of: model)["image"] == second.run(generation, of: model)["image"])
    second.reals["image.mask"] = [1, 1, 0, 1]
    #expect(
      try first.run(generation, of: model)["image"] != second.run(generation, of: model)["image"])
  }

  /// A mask that gives nothing leaves the whole likelihood; pixels that are given cost nothing,
  /// whatever their logits.
  @Test func givenPixelsCostNothing() throws {
    let model = try smallest()
    let program = try model.evaluationProgram(batch: 1)
    var parameters = Self.parameters
    parameters["decoder.image.weight"] = [0, 0, 0, 0]
    parameters["decoder.image.image.known.weight"] = [Double](repeating: 0, count: 16)
    parameters["decoder.image.image.mask.weight"] = [Double](repeating: 0, count: 16)
    parameters["decoder.image.bias"] = [900, -900, 2, -3]
    func score(_ mask: [Double]) throws -> Double {
      try #require(
        batch(mask: mask).run(program, of: model, parameters: parameters)["logLikelihood"]?[0])
    }
    let terms = zip(Self.image, [900.0, -900, 2, -3]).map { x, logit in
      x * logit - (logit > 100 ? logit : log1p(exp(logit)))
    }
    #expect(abs(try score([0, 0, 0, 0]) - terms.reduce(0, +)) < 1e-9)
    for pixel in 0..<4 {
      let mask = (0..<4).map { $0 == pixel ? 0.0 : 1 }
      #expect(abs(try score(mask) - terms[pixel]) < 1e-12)
    }
  }

  /// With a decoder that doesn't read z, every importance weight's likelihood is log p(x_T | x_G)
  /// itself, and posterior equal to the prior makes the bound exact.
  @Test func theBoundIsExactWhereTheLatentSaysNothing() throws {
    let model = try smallest { $0.prior.kind = .standard }
    var parameters = Self.parameters
    parameters["decoder.image.weight"] = [0, 0, 0, 0]
    parameters["recognition.output.image.weight"] = [Double](repeating: 0, count: 8)
    parameters["recognition.output.image.mask.weight"] = [Double](repeating: 0, count: 8)
    parameters["recognition.output.bias"] = [0, 0]
    let mask = [1.0, 1, 0, 1]
    let outputs = try batch(mask: mask).run(
      model.evaluationProgram(batch: 1), of: model, parameters: parameters)
    let known = zip(Self.image, mask).map { $0 * $1 }
    let logit =
      product(known, "decoder.image.image.known.weight", 2, of: 4)
      + product(mask, "decoder.image.image.mask.weight", 2, of: 4) + 0.3
    let exact = 0.6 * logit - log(1 + exp(logit))
    #expect(abs((outputs["elbo"]?[0] ?? .nan) - exact) < 1e-12)
  }

  /// The unknown condition of control hides the label alone: known pixels stay known.
  @Test func controlKeepsKnownPixels() throws {
    let model = try Tiny.model(
      [Tiny.image, Tiny.label], given: ["any"], Tiny.configuration(latent: 1),
      acceptsMissing: true)
    var inputs = batch()
    inputs.indices["label"] = [1]
    inputs.reals["temperature"] = [1]
    let plain = try inputs.run(model.drawingProgram(batch: 1), of: model)
    inputs.indices["unknown.label"] = [3]
    inputs.reals["control"] = [1]
    var form = DrawingForm()
    form.isControlled = true
    let program = try model.drawingProgram(batch: 1, form)
    let followed = try inputs.run(program, of: model)
    inputs.reals["control"] = [2]
    let stronger = try inputs.run(program, of: model)
    for (one, other) in zip(plain["image"] ?? [], followed["image"] ?? []) {
      #expect(abs(one - other) < 1e-12)
    }
    #expect(plain["image"]?.count == 4 && stronger["image"] != followed["image"])
  }

  /// A coloured pixel is known in all of its channels.
  @Test func aMaskCoversAllChannels() throws {
    let model = try Tiny.model(
      [Tiny.color], given: ["any"], Tiny.configuration(latent: 1, hidden: []))
    var batch = TinyBatch()
    batch.reals = ["color": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], "color.mask": [1, 0]]
    batch.indices = ["records": [1]]
    let zeros = Dictionary(
      uniqueKeysWithValues: model.store.parameters.filter { $0.name.hasPrefix("decoder") }
        .map { ($0.name, [Double](repeating: 0, count: $0.shape.count)) })
    let outputs = try batch.run(
      model.evaluationProgram(batch: 1), of: model, parameters: zeros)
    #expect(abs((outputs["logLikelihood"]?[0] ?? .nan) + 3 * log(2)) < 1e-12)
    let program = try model.recognitionProgram(batch: 1)
    let seen = try batch.run(program, of: model)["priorMean"]
    batch.reals["color"] = [0.1, 0.2, 0.3, 0.9, 0.9, 0.9]
    #expect(try batch.run(program, of: model)["priorMean"] == seen)
    batch.reals["color"] = [0.1, 0.2, 0.9, 0.9, 0.9, 0.9]
    #expect(try batch.run(program, of: model)["priorMean"] != seen)
  }

  @Test func fieldsCalledLikeMasksAreKeptApart() throws {
    let schema = try RecordSchema(fields: [
      Tiny.image, Field(name: "image.mask", kind: .vector(count: 4)),
      Field(name: "image.known", kind: .number),
    ])
    let model = try ConditionalVAE(
      schema: schema, roles: Roles.any(schema: schema), configuration: Tiny.configuration(),
      acceptsMissing: false, seed: 1)
    #expect(model.inputs.map(\.name) == ["image", "image.mask", "image.known"])
    let slots = (model.inputs + model.maskedInputs.flatMap { [$0.mask, $0.known] })
      .map { InputSlot.field($0, .own) }
    #expect(Set(slots).count == slots.count)
    #expect(Set(model.store.parameters.map(\.name)).count == model.store.parameters.count)
    let outputs = try Tiny.batch(of: model, count: 2, seed: 1)
      .run(model.evaluationProgram(batch: 2), of: model)
    #expect(outputs["elbo"]?.allSatisfy(\.isFinite) == true)
  }
}
