import OneDNNExecution
import TensorGraph
import TestSupport
import Testing

@testable import XLAExecution

@Suite(.enabledForXLA) struct TrainingStepTests {
  private static let rules = [
    AdamRule(), AdamRule(weightDecay: 0.1), AdamRule(weightDecay: 0.1, decoupled: true),
  ]

  @Test(arguments: rules, TestPlugin.deviceCounts)
  func lossesAgreeWithTheReference(rule: AdamRule, devices: Int) throws {
    let model = try SmallModel(clipNorm: 3, rule: rule)
    let fast = try TestPlugin.executor(devices: devices).makeSession(for: model.store)
    let slow = try ReferenceExecutor().makeSession(for: model.store)
    let off = try ReferenceExecutor().makeSession(for: model.store)
    let roundings = Double(SmallModel.pixels) * RoundingBound.float32
    let losses = try model.train(fast, steps: 12)
    let wanted = try model.train(slow, steps: 12)
    let disturbed = try model.train(off, steps: 12, disturbance: roundings)
    #expect(farNumbers(losses, wanted, asFarAs: disturbed, RoundingBound.float32).isEmpty)
    #expect(losses[11] < losses[0] - 1)
    let parameters = try [fast, slow, off].map { try model.values($0).flatMap { $0 } }
    let far = farNumbers(
      parameters[0], parameters[1], asFarAs: parameters[2], RoundingBound.float32)
    #expect(far.isEmpty, "\(far.prefix(5))")
    #expect(fast.updateCount == 12)
    let norms = (fast.gradientNorm, slow.gradientNorm)
    #expect(abs(try #require(norms.0) / #require(norms.1) - 1) < 1e-4)
  }

  /// The first ten losses, as the reference computes them in `Double`.
  private static let pinnedLosses: [Double] = [
    49.615110, 49.275178, 48.947777, 49.000591, 48.835324, 48.768019, 48.844506, 48.600213,
    48.713144, 48.704198,
  ]

  @Test(arguments: TestPlugin.deviceCounts)
  func tenLossesStayWhatTheyAre(devices: Int) throws {
    let model = try SmallModel()
    let executors: [any Executor] = [
      try TestPlugin.executor(devices: devices), OneDNNExecutor(threads: 1), ReferenceExecutor(),
    ]
    for executor in executors {
      let losses = try model.train(executor.makeSession(for: model.store), steps: 10)
      for (loss, pinned) in zip(losses, Self.pinnedLosses) {
        #expect(abs(Double(loss) / pinned - 1) < 1e-5, "\(executor)")
      }
      #expect(Self.pinnedLosses.count == losses.count, "\(losses)")
    }
  }

  @Test func bfloat16FollowsFloat32() throws {
    let model = try SmallModel()
    let wide = try TestPlugin.executor().makeSession(for: model.store)
    let off = try TestPlugin.executor().makeSession(for: model.store)
    let narrow = try TestPlugin.executor(precision: .bfloat16).makeSession(for: model.store)
    let wanted = try model.train(wide, steps: 20)
    let disturbed = try model.train(off, steps: 20, disturbance: RoundingBound.bfloat16)
    let losses = try model.train(narrow, steps: 20)
    let far = farNumbers(losses, wanted, asFarAs: disturbed, RoundingBound.bfloat16)
    #expect(far.isEmpty, "\(far)")
    #expect(losses != wanted)
  }

  @Test(arguments: TestPlugin.deviceCounts)
  func aRunCreatesAndKeepsNothing(devices: Int) throws {
    let model = try SmallModel()
    let executor = try TestPlugin.executor(devices: devices)
    let session = try executor.makeSession(for: model.store)
    let step = try session.compile(model.program)
    func run(_ number: Int) throws {
      try step.run(at: RandomPosition(seed: 1, step: UInt32(number)), learningRate: 0.001)
    }
    for number in 0..<100 { try run(number) }
    let (counters, buffers) = (session.counters, executor.client.liveBuffers)
    let memory = try ResidentMemory.bytes()
    #expect(counters.primitivesCreated == 1 && counters.buffersAllocated > 10)
    for number in 100..<1100 { try run(number) }
    #expect(session.counters == counters)
    #expect(executor.client.liveBuffers == buffers)
    let growth = try ResidentMemory.bytes() - memory
    // A step that kept its parameters would add their size, 48 kB, a thousand times.
    #expect(growth < 8_000_000, "\(growth) bytes in 1,000 steps")
  }

  @Test func equalRunsGiveEqualBits() throws {
    let model = try SmallModel()
    let runs = try (0..<2).map { _ in
      let session = try TestPlugin.executor().makeSession(for: model.store)
      _ = try model.train(session, steps: 5)
      return try model.values(session)
    }
    #expect(runs[0] == runs[1])
  }

  @Test func aCopiedSessionGoesOnToTheBit() throws {
    let model = try SmallModel()
    let executor = try TestPlugin.executor()
    let first = try executor.makeSession(for: model.store)
    _ = try model.train(first, steps: 3)
    let second = try executor.makeSession(for: model.store)
    for parameter in model.store.parameters {
      try second.setValue(first.value(of: parameter), of: parameter)
      let moments = try first.moments(of: parameter)
      try second.setMoments(first: moments.first, second: moments.second, of: parameter)
    }
    second.updateCount = first.updateCount
    _ = try model.train(first, steps: 2)
    _ = try model.train(second, steps: 2)
    #expect(try model.values(first) == model.values(second))
  }

  @Test func aStepThatIsNotFiniteChangesNothing() throws {
    let model = try SmallModel()
    let session = try TestPlugin.executor(devices: TestPlugin.deviceCounts.last ?? 1).makeSession(
      for: model.store)
    _ = try model.train(session, steps: 1)
    let before = try model.values(session)
    let losses = try model.train(session, steps: 1, poisonedStep: 0)
    #expect(losses[0].isNaN)
    #expect(try model.values(session) == before)
    #expect(session.updateCount == 1)
  }

  /// A sum of weights times a slope that the caller chooses.
  private struct Sloped {
    let weights: Parameter
    let slope: Port<Float>
    let program: Program
    let store: ParameterStore

    init(_ count: Int, clipNorm: Double?, hasOtherLoss: Bool = false) throws {
      var graph = Graph()
      var store = ParameterStore(seed: 1)
      weights = store.declare("weights", Shape([count]), .constant(1))
      slope = graph.input(Shape([count]))
      let product = try graph.multiply(graph.read(weights), slope.node)
      let sum = try graph.sum(product)
      let gradient = try graph.gradients(of: sum, by: [graph.read(weights)])
      let loss = hasOtherLoss ? try graph.sum(graph.square(graph.read(weights))) : sum
      program = Program(
        graph: graph,
        update: ParameterUpdate(
          rule: AdamRule(), gradients: [.init(weights, gradient[0])], loss: loss,
          clipNorm: clipNorm))
      self.store = store
    }

    func run(
      _ step: any CompiledProgram, _ values: [Float]
    ) throws -> UpdateOutcome? {
      step.withInput(slope) { _ = $0.update(fromContentsOf: values) }
      return try step.run(at: RandomPosition(seed: 1, step: 0), learningRate: 0.1)
    }
  }

  /// Clipped, too large, not finite, and so large that the sum of squares overflows: as in the reference.
  @Test func outcomesAreThoseOfTheReference() throws {
    let model = try Sloped(2, clipNorm: 1)
    let sessions = try [TestPlugin.executor(), ReferenceExecutor()].map {
      (executor: any Executor) in try executor.makeSession(for: model.store)
    }
    let steps = try sessions.map { try $0.compile(model.program) }
    let slopes: [[Float]] = [
      [3, 4], [0.1, 0.2], [30, 40], [12, 16], [.infinity, 1], [0, .nan], [0, 0], [3e25, -4e25],
    ]
    for session in sessions { session.largestNorm = 20 }
    for slope in slopes {
      if slope[0] > 1e20 { for session in sessions { session.largestNorm = nil } }
      let outcomes = try steps.map { try model.run($0, slope) }
      #expect(outcomes[0] == outcomes[1], "\(slope)")
      #expect(sessions[0].updateCount == sessions[1].updateCount)
      let values = try sessions.map { try $0.value(of: model.weights) }
      for (got, wanted) in zip(values[0], values[1]) { #expect(abs(got - wanted) < 1e-5) }
      let norms = sessions.map { $0.gradientNorm ?? -1 }
      #expect(abs(norms[0] - norms[1]) <= 1e-5 * norms[1], "\(slope): \(norms)")
    }
  }

  @Test func anElementWhoseGradientIsNotFiniteStays() throws {
    let model = try Sloped(3, clipNorm: nil, hasOtherLoss: true)
    let session = try TestPlugin.executor().makeSession(for: model.store)
    let step = try session.compile(model.program)
    #expect(try model.run(step, [1, .infinity, -1]) == .refused)
    let values = try session.value(of: model.weights)
    #expect(abs(values[0] - 0.9) < 1e-6 && values[1] == 1 && abs(values[2] - 1.1) < 1e-6)
    #expect(session.updateCount == 1)
  }
}
