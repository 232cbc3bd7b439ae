import CVAEModels
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// The adversary that reads the condition from the style.
@Suite struct AdversaryTests {
  private func model(weight: Double, acceptsMissing: Bool = false) throws -> ConditionalVAE {
    try Tiny.model(
      [Tiny.image, Tiny.label, Tiny.number], given: ["label", "size"],
      Tiny.configuration { configuration in
        configuration.adversary.weight = weight
        configuration.adversary.hidden = [4]
      }, acceptsMissing: acceptsMissing)
  }

  private func program(_ model: ConditionalVAE) throws -> ModelProgram {
    try model.trainingProgram(batch: 6, rule: AdamRule(), clipNorm: nil, hasFreeBits: false)
  }

  private func batch(_ model: ConditionalVAE) -> TinyBatch {
    var batch = Tiny.batch(of: model, count: 6, seed: 4)
    batch.reals["klWeight"] = [1]
    return batch
  }

  /// Mean bound and what the adversary adds to the loss, with one weight of a parameter moved.
  private func terms(
    _ model: ConditionalVAE, _ program: ModelProgram, _ parameter: Parameter, _ index: Int,
    by step: Double
  ) throws -> (elbo: Double, penalty: Double) {
    var values = model.store.initialValues(of: parameter).map(Double.init)
    values[index] += step
    let outputs = try batch(model).run(
      program, of: model, parameters: [parameter.name: values])
    let elbo = try #require(outputs["elbo"]).reduce(0, +) / 6
    return (elbo, try #require(outputs["loss"])[0] + elbo)
  }

  @Test(arguments: [false, true])
  func itsOwnGradientFallsAndTheOthersIsReversed(acceptsMissing: Bool) throws {
    let weight = 1.7
    let model = try model(weight: weight, acceptsMissing: acceptsMissing)
    let program = try program(model)
    let gradients = try #require(program.program.update).gradients
    let found = try batch(model).evaluate(program, gradients.map(\.node), of: model)
    var checked = Set<String>()
    for (entry, gradient) in zip(gradients, found) {
      let parameter = entry.parameter
      for index in Set([0, gradient.values.count / 2]) {
        let step = 1e-5
        let above = try terms(model, program, parameter, index, by: step)
        let below = try terms(model, program, parameter, index, by: -step)
        let bound = (above.elbo - below.elbo) / (2 * step)
        let penalty = (above.penalty - below.penalty) / (2 * step)
        let isOwn = parameter.name.hasPrefix("adversary.")
        let expected = isOwn ? penalty : -bound - weight * penalty
        #expect(
          abs(gradient.values[index] - expected) < 1e-6,
          "\(parameter.name)[\(index)]: \(gradient.values[index]), expected \(expected)")
        if abs(penalty) > 1e-4 { checked.insert(String(parameter.name.prefix { $0 != "." })) }
      }
    }
    #expect(checked == ["adversary", "prior", "recognition"])
  }

  @Test func itCostsTheLogLikelihoodOfTheCondition() throws {
    let model = try model(weight: 1)
    let program = try program(model)
    // Without weights in its last layer it says that every level is as likely, and every number 0.
    var silent: [String: [Double]] = [:]
    for parameter in model.store.parameters where parameter.name.hasPrefix("adversary.output") {
      silent[parameter.name] = [Double](repeating: 0, count: parameter.shape.count)
    }
    let outputs = try batch(model).run(program, of: model, parameters: silent)
    let elbo = try #require(outputs["elbo"]).reduce(0, +) / 6
    let sizes = try #require(batch(model).reals["size"])
    let expected = log(3) + sizes.reduce(0) { $0 + $1 * $1 } / 12
    #expect(abs(try #require(outputs["loss"])[0] + elbo - expected) < 1e-9)
  }

  @Test func withoutWeightThereIsNone() throws {
    let names = try model(weight: 0).store.parameters.map(\.name)
    #expect(!names.contains { $0.hasPrefix("adversary") })
    #expect(try model(weight: 1).store.parameters.map(\.name).starts(with: names))
  }

  @Test func itsSettingsAreChecked() throws {
    func refused(_ fields: [Field], _ given: [String], _ change: (inout ModelConfiguration) -> Void)
      -> String
    {
      do {
        _ = try Tiny.model(fields, given: given, Tiny.configuration { change(&$0) })
        return "accepted"
      } catch { return "\(error)" }
    }
    let fields = [Tiny.image, Tiny.label]
    #expect(
      refused(fields, ["label"]) { $0.adversary.weight = -1 }.contains(
        "model.adversary.weight: expected a number of at least 0, got -1.0"))
    #expect(
      refused([Tiny.image, Tiny.vector], ["image"]) { $0.adversary.weight = 1 }.contains(
        "expected a given field that is no image"))
    #expect(
      refused(fields, ["label"]) {
        $0.adversary.weight = 1
        $0.adversary.hidden = [0]
      }.contains("model.adversary.hidden: expected widths of at least 1"))
  }
}
