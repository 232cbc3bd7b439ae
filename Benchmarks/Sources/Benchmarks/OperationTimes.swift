import OneDNNExecution
import TensorGraph

/// Median seconds of a program's instructions, conversions of their operands included.
struct OperationTimes {
  /// By label; instructions of one label share their time equally.
  let seconds: [String: Double]

  /// Runs once for nothing, then until `repetitions` or half a second, but twice at least.
  init(
    _ built: OperationGraph, _ program: Program, _ executor: OneDNNExecutor, repetitions: Int = 5
  ) throws {
    let compiled = try executor.makeSession(for: built.store).compile(program)
    guard let compiled = compiled as? any OneDNNProgram else {
      preconditionFailure("OneDNNExecutor compiles to another type than OneDNNProgram.")
    }
    Self.fill(compiled, built)
    try compiled.run(at: RandomPosition(seed: 1, step: 0), learningRate: nil)
    var runs: [String: [Double]] = [:]
    let start = ContinuousClock.now
    for round in 0..<repetitions where round < 2 || .now - start < .milliseconds(500) {
      let profile = try compiled.profile(
        at: RandomPosition(seed: 1, step: 0), learningRate: nil)
      let sums = Dictionary(profile.map { ($0.label, $0.seconds) }, uniquingKeysWith: +)
      for (label, seconds) in sums { runs[label, default: []].append(seconds) }
    }
    let labels = Plan(program).instructions.map { Self.label(of: $0, in: program.graph) }
    let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
    seconds = Dictionary(
      uniqueKeysWithValues: counts.compactMap { label, count in
        runs[label].map { (label, Statistics.median($0) / Double(count)) }
      })
  }

  /// What a profile calls an instruction.
  static func label(of instruction: Plan.Instruction, in graph: Graph) -> String {
    "\(instruction.kernel) \(instruction.results.map { graph.shape(of: $0) })"
  }

  private static func fill(_ compiled: any OneDNNProgram, _ built: OperationGraph) {
    for port in built.reals {
      compiled.withInput(port) { values in
        for place in values.indices {
          values[place] = 0.1 + 0.8 * Float((place &* 40_503) & 0xFFFF) * 0x1p-16
        }
      }
    }
    for (port, limit) in built.levels {
      compiled.withInput(port) { values in
        for place in values.indices { values[place] = Int32(place % limit) }
      }
    }
  }
}
