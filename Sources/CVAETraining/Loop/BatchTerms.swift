import CVAEModels
import TensorGraph

extension TermSums {
  /// Adds the bound's terms of the first `count` rows of a program's last run, in order.
  mutating func add(_ program: CompiledModel, rows count: Int, levels: [DetailLevel]) {
    elbo += Self.sum(program, .elbo, first: count)
    logLikelihood += Self.sum(program, .logLikelihood, first: count)
    let batch = program.withOutput(.elbo) { $0.count }
    let latent = program.withOutput(.kl) { $0.count } / max(1, batch)
    let gain = program.model.gives(.flowGain) ? Self.sum(program, .flowGain, first: count) : 0
    let divergences =
      [Self.sum(program, .kl, first: count * latent) - gain]
      + levels.map { Self.sum(program, .klOfDetails($0), first: count) }
    kl += divergences.reduce(0, +)
    if !levels.isEmpty {
      klByLevel = zip(klByLevel ?? divergences.map { _ in 0 }, divergences).map(+)
    }
    records += count
  }

  static func sum(_ program: CompiledModel, _ output: OutputSlot, first count: Int) -> Double {
    program.withOutput(output) { values in
      var sum = 0.0
      for value in values.prefix(count) { sum += Double(value) }
      return sum
    }
  }
}
