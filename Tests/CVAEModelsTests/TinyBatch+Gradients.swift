import CVAEModels
import TensorGraph

extension TinyBatch {
  /// Compares the gradient of a training program's loss by every parameter with central differences, along one random
  /// direction for each.
  ///
  /// - Returns: A sentence for each that differs by more than a millionth.
  func wrongGradients(
    _ program: ModelProgram, of model: ConditionalVAE, parameters values: [String: [Double]],
    seed: UInt64
  ) throws -> [String] {
    guard let update = program.program.update else { return ["The program has no update."] }
    let gradients = try evaluate(
      program, update.gradients.map(\.node), of: model, parameters: values)
    let (step, position) = (1e-5, RandomPosition(seed: seed, step: 3))
    var mistakes: [String] = []
    for (target, gradient) in zip(update.gradients, gradients) {
      let name = target.parameter.name
      let direction = (0..<target.parameter.shape.count).map {
        position.normal(RandomPurpose("direction" + name), record: 0, column: $0)
      }
      let slope = zip(gradient.values, direction).reduce(0.0) { $0 + $1.0 * $1.1 }
      let ends: [Double] = try [step, -step].map { distance in
        var moved = values
        moved[name] = zip(values[name] ?? [], direction).map { $0 + distance * $1 }
        return try evaluate(program, [update.loss], of: model, parameters: moved)[0].values[0]
      }
      let difference = (ends[0] - ends[1]) / (2 * step)
      if !(abs(slope - difference) < 1e-6 * max(1, abs(slope))) {
        mistakes.append("\(name), seed \(seed): \(slope) against \(difference)")
      }
    }
    return mistakes
  }
}
