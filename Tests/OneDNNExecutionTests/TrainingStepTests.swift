import OneDNNExecution
import TensorGraph
import TestSupport
import Testing

@Suite struct TrainingStepTests {
  @Test(arguments: [
    AdamRule(), AdamRule(weightDecay: 0.1), AdamRule(weightDecay: 0.1, decoupled: true),
  ])
  func lossesAgreeWithTheReference(rule: AdamRule) throws {
    let model = try SmallModel(clipNorm: 3, rule: rule)
    let fast = try OneDNNExecutor(threads: 2).makeSession(for: model.store)
    let slow = try ReferenceExecutor().makeSession(for: model.store)
    // As much as the longest sum may be off by where every term rounds the same way.
    let off = try ReferenceExecutor().makeSession(for: model.store)
    let roundings = Double(SmallModel.pixels) * RoundingBound.float32
    let fastLosses = try model.train(fast, steps: 12)
    let slowLosses = try model.train(slow, steps: 12)
    let offLosses = try model.train(off, steps: 12, disturbance: roundings)
    expectNear(fastLosses, slowLosses, asFarAs: offLosses, RoundingBound.float32)
    #expect(fastLosses[11] < fastLosses[0] - 1)
    let parameters = (try model.values(fast), try model.values(slow), try model.values(off))
    expectNear(
      parameters.0.flatMap { $0 }, parameters.1.flatMap { $0 },
      asFarAs: parameters.2.flatMap { $0 }, RoundingBound.float32)
  }

  @Test(.enabledForBfloat16("training"))
  func bfloat16FollowsFloat32() throws {
    let model = try SmallModel()
    let wide = try OneDNNExecutor(precision: .float32, threads: 2).makeSession(for: model.store)
    let off = try OneDNNExecutor(precision: .float32, threads: 2).makeSession(for: model.store)
    let narrow = try OneDNNExecutor(precision: .bfloat16, threads: 2).makeSession(for: model.store)
    let wideLosses = try model.train(wide, steps: 20)
    let offLosses = try model.train(off, steps: 20, disturbance: RoundingBound.bfloat16)
    let narrowLosses = try model.train(narrow, steps: 20)
    expectNear(narrowLosses, wideLosses, asFarAs: offLosses, RoundingBound.bfloat16)
  }

  @Test(arguments: Precision.allCases.filter(OneDNNExecutor.supports))
  func aRunCreatesAndAllocatesNothing(precision: Precision) throws {
    let model = try SmallModel()
    let session = try OneDNNExecutor(precision: precision, threads: 2).makeSession(
      for: model.store)
    let step = try session.compile(model.program)
    try step.run(at: RandomPosition(seed: 1, step: 0), learningRate: 0.001)
    let before = session.counters
    #expect(before.primitivesCreated > 10)
    #expect(before.buffersAllocated > 10)
    for number in 1..<5 {
      try step.run(at: RandomPosition(seed: 1, step: UInt32(number)), learningRate: 0.001)
    }
    #expect(session.counters == before)
  }

  @Test(arguments: Precision.allCases.filter(OneDNNExecutor.supports))
  func equalRunsGiveEqualBits(precision: Precision) throws {
    let model = try SmallModel()
    let runs = try (0..<2).map { _ in
      let session = try OneDNNExecutor(precision: precision, threads: 2).makeSession(
        for: model.store)
      _ = try model.train(session, steps: 5)
      return try model.values(session)
    }
    #expect(runs[0] == runs[1])
  }

  @Test func anotherThreadCountGivesTheSameLossesToRounding() throws {
    let model = try SmallModel()
    let losses = try [1, 2].map { threads in
      try model.train(OneDNNExecutor(threads: threads).makeSession(for: model.store), steps: 20)
    }
    let off = try model.train(
      OneDNNExecutor(threads: 1).makeSession(for: model.store), steps: 20,
      disturbance: RoundingBound.float32)
    expectNear(losses[1], losses[0], asFarAs: off, RoundingBound.float32)
  }

  /// No count of threads traps; those out of range are brought into it.
  @Test(arguments: [(Int.min, 1), (0, 1), (9999, OneDNNExecutor.mostThreads)])
  func threadCountsOutOfRangeWork(count: Int, threads: Int) throws {
    let executor = OneDNNExecutor(threads: count)
    #expect(executor.threads == threads)
    #expect(OneDNNExecutor(threads: 2).with(threads: count).threads == threads)
    let model = try SmallModel()
    let losses = try model.train(executor.makeSession(for: model.store), steps: 3)
    let one = OneDNNExecutor(threads: 1)
    let wanted = try model.train(one.makeSession(for: model.store), steps: 3)
    let off = try model.train(
      one.makeSession(for: model.store), steps: 3, disturbance: RoundingBound.float32)
    expectNear(losses, wanted, asFarAs: off, RoundingBound.float32)
  }

  /// Values and moments that leave one session and enter another continue the run to the bit,
  /// whether they enter before or after the program is compiled.
  @Test(arguments: Precision.allCases.filter(OneDNNExecutor.supports))
  func aCopiedSessionGoesOnToTheBit(precision: Precision) throws {
    let model = try SmallModel()
    let executor = OneDNNExecutor(precision: precision, threads: 2)
    let first = try executor.makeSession(for: model.store)
    _ = try model.train(first, steps: 3)
    for compilesFirst in [false, true] {
      let second = try executor.makeSession(for: model.store)
      if compilesFirst { _ = try second.compile(model.program) }
      for parameter in model.store.parameters {
        try second.setValue(first.value(of: parameter), of: parameter)
        let moments = try first.moments(of: parameter)
        try second.setMoments(first: moments.first, second: moments.second, of: parameter)
      }
      second.updateCount = first.updateCount
      let third = try executor.makeSession(for: model.store)
      _ = try model.train(third, steps: 3)
      _ = try model.train(third, steps: 2)
      _ = try model.train(second, steps: 2)
      #expect(try model.values(second) == model.values(third))
    }
  }

  @Test func aStepThatIsNotFiniteChangesNothing() throws {
    let model = try SmallModel()
    let session = try OneDNNExecutor(threads: 2).makeSession(for: model.store)
    _ = try model.train(session, steps: 1)
    let before = try model.values(session)
    let losses = try model.train(session, steps: 1, poisonedStep: 0)
    #expect(losses[0].isNaN)
    #expect(try model.values(session) == before)
    #expect(session.updateCount == 1)
  }

  /// A gradient far larger than the session allows changes nothing, in both executors; its norm is known.
  @Test func anOutlierIsLeftOut() throws {
    var graph = Graph()
    var store = ParameterStore(seed: 1)
    let weights = store.declare("weights", [2], .constant(1))
    let slope = graph.input([2])
    let loss = try graph.sum(graph.multiply(graph.read(weights), slope.node))
    let gradient = try graph.gradients(of: loss, by: [graph.read(weights)])
    let program = Program(
      graph: graph,
      update: ParameterUpdate(
        rule: AdamRule(), gradients: [.init(weights, gradient[0])], loss: loss, clipNorm: 1))
    for executor in [OneDNNExecutor(threads: 1), ReferenceExecutor()] as [any Executor] {
      let session = try executor.makeSession(for: store)
      let step = try session.compile(program)
      func run(_ values: [Float]) throws -> UpdateOutcome? {
        step.withInput(slope) { _ = $0.update(fromContentsOf: values) }
        return try step.run(at: RandomPosition(seed: 1, step: 0), learningRate: 0.1)
      }
      #expect(try run([3, 4]) == .applied)
      #expect(abs(try #require(session.gradientNorm) - 5) < 1e-5)
      session.largestNorm = 20
      let before = (try session.value(of: weights), try session.moments(of: weights).first)
      #expect(try run([30, 40]) == .outlier)
      #expect(try session.value(of: weights) == before.0)
      #expect(try session.moments(of: weights).first == before.1)
      #expect(session.updateCount == 1)
      #expect(try run([12, 16]) == .applied)
      #expect(try session.value(of: weights) != before.0)
    }
  }

  /// The loss is finite, one weight's gradient is not: that weight stays, the others move, in both
  /// executors.
  @Test func anElementWhoseGradientIsNotFiniteStays() throws {
    var graph = Graph()
    var store = ParameterStore(seed: 1)
    let weights = store.declare("weights", [3], .constant(1))
    let slope = graph.input([3])
    let product = try graph.multiply(graph.read(weights), slope.node)
    let finite = try graph.sum(graph.square(graph.read(weights)))
    let gradient = try graph.gradients(of: graph.sum(product), by: [graph.read(weights)])
    let program = Program(
      graph: graph,
      update: ParameterUpdate(
        rule: AdamRule(), gradients: [.init(weights, gradient[0])], loss: finite))
    for executor in [OneDNNExecutor(threads: 1), ReferenceExecutor()] as [any Executor] {
      let session = try executor.makeSession(for: store)
      let step = try session.compile(program)
      step.withInput(slope) { _ = $0.update(fromContentsOf: [1, .infinity, -1]) }
      let outcome = try step.run(at: RandomPosition(seed: 1, step: 0), learningRate: 0.1)
      #expect(outcome == .refused)
      let values = try session.value(of: weights)
      #expect(abs(values[0] - 0.9) < 1e-6 && values[1] == 1 && abs(values[2] - 1.1) < 1e-6)
    }
  }
}
