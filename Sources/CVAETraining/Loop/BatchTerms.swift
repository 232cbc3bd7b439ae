import CVAEModels
import TensorGraph

extension TermSums {
  /// Adds the bound's terms of the first `count` rows of a program's last run, in order.
  mutating func add(_ program: CompiledModel, rows count: Int) {
    elbo += Self.sum(program, .elbo, rows: count)
    logLikelihood += Self.sum(program, .logLikelihood, rows: count)
    program.withOutput(.kl) { kl in
      let latent = kl.count / max(1, batch(of: program))
      var sum = 0.0
      for value in kl.prefix(count * latent) { sum += Double(value) }
      self.kl += sum
    }
    records += count
  }

  private func batch(of program: CompiledModel) -> Int {
    program.withOutput(.elbo) { $0.count }
  }

  static func sum(_ program: CompiledModel, _ output: OutputSlot, rows count: Int) -> Double {
    program.withOutput(output) { values in
      var sum = 0.0
      for value in values.prefix(count) { sum += Double(value) }
      return sum
    }
  }
}
