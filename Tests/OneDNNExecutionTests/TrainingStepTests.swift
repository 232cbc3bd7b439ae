import OneDNNExecution
import TensorGraph
import TestSupport
import Testing

/// A small conditional VAE, written out, with its update.
private struct SmallModel {
  var store = ParameterStore(seed: 5)
  let program: Program
  let image: Port<Float>
  let label: Port<Int32>
  let records: Port<Int32>
  let loss: Port<Float>
  static let batch = 24
  static let pixels = 70

  init(clipNorm: Double? = nil, rule: AdamRule = AdamRule()) throws {
    var graph = Graph()
    let image = graph.input([Self.batch, Self.pixels])
    let label = graph.indexInput([Self.batch])
    let records = graph.indexInput([Self.batch])
    (self.image, self.label, self.records) = (image, label, records)
    var store = self.store
    func layer(_ name: String, _ rows: Node, out: Int) throws -> Node {
      let inputs = graph.shape(of: rows).columns
      let weight = store.declare("\(name).weight", [inputs, out], .uniform(fanIn: inputs))
      let table = store.declare("\(name).label", [4, out], .uniform(fanIn: inputs))
      let bias = store.declare("\(name).bias", [out], .zeros)
      let given = try graph.gather(graph.read(table), label.node)
      let sum = try graph.add(given, graph.matmul(rows, graph.read(weight)))
      return try graph.addRow(sum, graph.read(bias))
    }
    let hidden = graph.relu(try layer("recognition", image.node, out: 33))
    let parts = try graph.split(try layer("head", hidden, out: 12), axis: 1, into: 2)
    let noise = graph.normal("latent", records: records.node, columns: 6)
    let deviation = graph.exp(graph.scale(parts[1], by: 0.5))
    let latent = try graph.add(parts[0], graph.multiply(deviation, noise))
    let decoded = graph.relu(try layer("decoder", latent, out: 33))
    let logits = try layer("image", decoded, out: Self.pixels)
    let likelihood = try graph.bernoulliLogLikelihood(logits: logits, targets: image.node)
    let zero = graph.constant(0, graph.shape(of: latent))
    let divergence = try graph.gaussianDivergence(
      meanQ: parts[0], logVarianceQ: parts[1], meanP: zero, logVarianceP: zero)
    let elbo = try graph.subtract(likelihood, graph.sum(divergence, axes: [1]))
    let loss = graph.negate(try graph.mean(elbo))
    let gradients = try graph.gradients(of: loss, by: store.parameters.map { graph.read($0) })
    self.store = store
    self.loss = graph.output(loss)
    program = Program(
      graph: graph,
      update: ParameterUpdate(
        rule: rule,
        gradients: zip(store.parameters, gradients).map { .init($0, $1) }, loss: loss,
        clipNorm: clipNorm))
  }

  /// Compiles, fills the inputs, trains, and returns the losses. Each step is computed with weights that are off by
  /// the share `disturbance` up or down, of which nothing is kept but what it does to the updates.
  func train(
    _ session: any ExecutionSession, steps: Int, poisonedStep: Int? = nil,
    disturbance: Double = 0
  ) throws -> [Float] {
    let step = try session.compile(program)
    step.withInput(label) { for index in $0.indices { $0[index] = Int32(index % 4) } }
    step.withInput(records) { for index in $0.indices { $0[index] = Int32(index) } }
    return try (0..<steps).map { number in
      step.withInput(image) { buffer in
        for index in buffer.indices {
          buffer[index] = Float((index * 7 + number * 13) % 11) / 10
        }
        if number == poisonedStep { buffer[0] = .nan }
      }
      let before = disturbance == 0 ? [] : try values(session)
      let off = before.map { Self.disturbed($0, by: disturbance, step: number) }
      for (parameter, values) in zip(store.parameters, off) {
        try session.setValue(values, of: parameter)
      }
      let outcome = try step.run(
        at: RandomPosition(seed: 9, step: UInt32(number)), learningRate: 0.01)
      #expect(outcome == (number == poisonedStep ? .refused : .applied))
      for (place, parameter) in store.parameters.enumerated() where !off.isEmpty {
        let moved = try session.value(of: parameter)
        let kept = moved.indices.map { moved[$0] - (off[place][$0] - before[place][$0]) }
        try session.setValue(kept, of: parameter)
      }
      return step.output(self.loss)[0]
    }
  }

  private static func disturbed(_ values: [Float], by share: Double, step: Int) -> [Float] {
    let random = RandomPosition(seed: 3, step: UInt32(step))
    return values.enumerated().map { index, value in
      let up =
        random.uniform(RandomPurpose("disturbance"), record: UInt32(values.count), column: index)
        < 0.5
      return value * Float(1 + (up ? share : -share))
    }
  }

  func values(_ session: any ExecutionSession) throws -> [[Float]] {
    try store.parameters.map { try session.value(of: $0) }
  }
}

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

  /// Numbers lie as near as what a disturbance of the size of the roundings did, by the margin of
  /// ``RoundingBound``: one disturbance is one draw of many.
  private func expectNear(
    _ got: [Float], _ wanted: [Float], asFarAs disturbed: [Float], _ unit: Double,
    at location: SourceLocation = #_sourceLocation
  ) {
    let spread = zip(disturbed, wanted).map { abs(Double($0) - Double($1)) }.max() ?? 0
    for (index, (got, wanted)) in zip(got, wanted).enumerated() {
      let difference = abs(Double(got) - Double(wanted))
      let bound = RoundingBound.confidence * (spread + unit * abs(Double(wanted)))
      #expect(
        difference <= bound, "index \(index): \(got) instead of \(wanted)", sourceLocation: location
      )
    }
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
