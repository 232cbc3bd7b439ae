import CVAEModels
import Foundation
import TensorGraph

/// Running means of the parameters over steps, which are what is validated and kept as the model: they lie amid the points
/// between which training moves.
///
/// They are updated every eighth step, with the decay of eight; the first steps count for less than they would, so that
/// where training began is soon forgotten.
///
/// - Source: Polyak and Juditsky, *Acceleration of Stochastic Approximation by Averaging*, 1992; Child, *Very Deep VAEs*,
///   2021.
struct ParameterAverages {
  /// Steps from one update to the next.
  static let interval = 8

  private let decay: Double
  /// By parameter, row-major; empty before the first update.
  private(set) var values: [String: [Float]]

  /// - Parameters:
  ///   - decay: What a step leaves of the mean before it.
  ///   - values: Those of a checkpoint; none at the start.
  init(decay: Double, values: [String: [Float]] = [:]) {
    self.decay = decay
    self.values = values
  }

  /// Takes the parameters in after a step, `step` being the number of steps until now.
  mutating func update(
    after step: Int, _ parameters: [Parameter], _ session: any ExecutionSession
  ) throws {
    guard step % Self.interval == 0 else { return }
    let own = min(decay, Double(1 + step) / Double(10 + step))
    let share = Float(1 - pow(own, Double(Self.interval)))
    for parameter in parameters {
      let now = try session.value(of: parameter)
      guard var mean = values[parameter.name] else {
        values[parameter.name] = now
        continue
      }
      values[parameter.name] = nil
      for index in mean.indices { mean[index] += share * (now[index] - mean[index]) }
      values[parameter.name] = mean
    }
  }

  /// Runs `body` while a session has the means in the place of its parameters.
  func replacing<Result>(
    _ parameters: [Parameter], in session: any ExecutionSession, _ body: () throws -> Result
  ) throws -> Result {
    guard !values.isEmpty else { return try body() }
    var own: [(parameter: Parameter, values: [Float])] = []
    for parameter in parameters {
      guard let mean = values[parameter.name] else { continue }
      own.append((parameter, try session.value(of: parameter)))
      try session.setValue(mean, of: parameter)
    }
    let result = try body()
    for (parameter, values) in own { try session.setValue(values, of: parameter) }
    return result
  }
}
