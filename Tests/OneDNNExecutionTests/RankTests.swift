import Foundation
import OneDNNExecution
import TensorGraph
import TestSupport
import Testing

/// Several ranks, each with its part of a batch, train as one process does with all of it.
@Suite struct RankTests {
  private static let precisions = Precision.allCases.filter(OneDNNExecutor.supports)

  private struct Result: Sendable {
    var losses: [Float] = []
    var values: [[Float]] = []
    var moments: [[Float]] = []
    var norm: Double?
    var updates = 0
  }

  /// How many of 24 records each rank has.
  private static func parts(_ ranks: Int) -> [Range<Int>] {
    let borders = (0...ranks).map { rank in 24 * rank * (rank + 2) / (ranks * (ranks + 2)) }
    return (0..<ranks).map { borders[$0]..<borders[$0 + 1] }
  }

  private static func train(
    _ communicator: ThreadCommunicator, _ precision: Precision = .float32,
    clipNorm: Double? = nil, steps: Int = 4, poisonedStep: Int? = nil
  ) throws -> Result {
    let parts = parts(communicator.ranks)
    let model = try SmallModel(
      numbers: parts[communicator.rank], clipNorm: clipNorm,
      shares: parts.map { Double($0.count) / 24 })
    let executor = OneDNNExecutor(
      precision: precision, threads: 1, communicator: communicator)
    return try train(
      model, executor.makeSession(for: model.store), steps: steps,
      poisonedStep: poisonedStep, isPoisoner: communicator.rank == 1)
  }

  private static func train(
    _ model: SmallModel, _ session: any ExecutionSession, steps: Int = 4,
    poisonedStep: Int? = nil, isPoisoner: Bool = true
  ) throws -> Result {
    var result = Result()
    result.losses = try model.train(
      session, steps: steps, poisonedStep: poisonedStep, isPoisoner: isPoisoner)
    result.values = try model.values(session)
    result.moments = try model.store.parameters.flatMap { parameter in
      let moments = try session.moments(of: parameter)
      return [moments.first, moments.second]
    }
    result.norm = session.gradientNorm
    result.updates = session.updateCount
    return result
  }

  /// On machines of their own, on one machine, whose memory they share, and on several on each.
  static let machines = [
    [0, 1], [0, 1, 2], [0, 1, 2, 3, 4], [0, 0], [0, 0, 0], [0, 1, 0], [0, 1, 0, 1, 1],
  ]

  @Test(arguments: machines, [nil, 3.0])
  func ranksOfUnequalPartsTrainAsOne(machines: [Int], clipNorm: Double?) throws {
    let ranks = machines.count
    let results = try ThreadCommunicator.run(machines: machines) {
      try Self.train($0, clipNorm: clipNorm)
    }
    for other in results.dropFirst() {
      #expect(other.values == results[0].values)
      #expect(other.moments == results[0].moments)
      #expect(other.norm == results[0].norm)
    }
    let model = try SmallModel(clipNorm: clipNorm)
    let executor = OneDNNExecutor(threads: 1)
    let whole = try Self.train(model, executor.makeSession(for: model.store))
    let disturbed = try model.train(
      executor.makeSession(for: model.store), steps: 4,
      disturbance: Double(SmallModel.pixels) * RoundingBound.float32)
    let shares = Self.parts(ranks).map { Float($0.count) / 24 }
    let means = whole.losses.indices.map { step in
      zip(shares, results).reduce(0) { $0 + $1.0 * $1.1.losses[step] }
    }
    expectNear(means, whole.losses, asFarAs: disturbed, RoundingBound.float32)
    #expect(results[0].updates == 4)
    for (own, other) in zip(results[0].moments, whole.moments) {
      let scale = other.map(abs).max() ?? 0
      for (left, right) in zip(own, other) { #expect(abs(left - right) <= 1e-3 * scale) }
    }
  }

  @Test(arguments: precisions) func equalRunsGiveEqualNumbers(precision: Precision) throws {
    let runs = try (0..<2).map { _ in
      try ThreadCommunicator.run(ranks: 3) { try Self.train($0, precision, clipNorm: 3) }
    }
    #expect(runs[0][0].values == runs[1][0].values)
    #expect(runs[0][2].values == runs[1][0].values)
  }

  @Test(arguments: precisions, [nil, 3.0])
  func sharedMemoryGivesTheNumbersOfMessages(precision: Precision, clipNorm: Double?) throws {
    let messages = try ThreadCommunicator.run(ranks: 3) {
      try Self.train($0, precision, clipNorm: clipNorm)
    }
    for machines in [[0, 0, 0], [0, 0, 1], [0, 1, 0]] {
      let memory = try ThreadCommunicator.run(machines: machines) {
        try Self.train($0, precision, clipNorm: clipNorm)
      }
      for (own, other) in zip(memory, messages) {
        #expect(own.values == other.values)
        #expect(own.moments == other.moments)
        #expect(own.losses == other.losses && own.norm == other.norm)
      }
    }
  }

  /// A network of two layers whose weights fill several buckets, of which ranks update parts; they are set anew amid
  /// training, by ranks that come late at random.
  private static func trainLarge(
    _ communicator: ThreadCommunicator?, _ precision: Precision, clipNorm: Double?
  ) throws -> [[Float]] {
    let ranks = communicator?.ranks ?? 1
    let own = 12 / ranks
    var graph = Graph()
    var store = ParameterStore(seed: 1)
    let sizes = [600, 700, 300]
    let weights = [0, 1].map { layer in
      store.declare(
        "\(layer)", [sizes[layer], sizes[layer + 1]], .uniform(fanIn: sizes[layer]))
    }
    let x = graph.input([own, sizes[0]])
    let hidden = try graph.relu(graph.matmul(x.node, graph.read(weights[0])))
    let result = try graph.matmul(hidden, graph.read(weights[1]))
    let loss = try graph.mean(graph.sum(graph.square(result), axes: [1]))
    let gradients = try graph.gradients(of: loss, by: weights.map { graph.read($0) })
    let program = Program(
      graph: graph,
      update: ParameterUpdate(
        rule: AdamRule(), gradients: zip(weights, gradients).map { .init($0, $1) }, loss: loss,
        clipNorm: clipNorm), shares: [Double](repeating: 1 / Double(ranks), count: ranks))
    let executor = OneDNNExecutor(
      precision: precision, threads: 1, communicator: communicator)
    let session = try executor.makeSession(for: store)
    let step = try session.compile(program)
    let rank = communicator?.rank ?? 0
    for number in 0..<6 as Range<UInt32> {
      if communicator != nil { usleep(.random(in: 0...3000)) }
      if number == 3 {
        let halves = try session.value(of: weights[0]).map { $0 / 2 }
        try session.setValue(halves, of: weights[0])
      }
      step.withInput(x) { buffer in
        for index in buffer.indices {
          let place = index + rank * buffer.count + Int(number)
          buffer[index] = Float(place * 37 % 101) / 100
        }
      }
      _ = try step.run(at: RandomPosition(seed: 1, step: number), learningRate: 0.001)
    }
    return try weights.map { try session.value(of: $0) }
  }

  @Test(arguments: precisions, [nil, 1.0])
  func partsOfSeveralBucketsAreUpdatedAsOne(precision: Precision, clipNorm: Double?) throws {
    let alone = try Self.trainLarge(nil, precision, clipNorm: clipNorm)
    let messages = try ThreadCommunicator.run(ranks: 3) {
      try Self.trainLarge($0, precision, clipNorm: clipNorm)
    }
    for machines in [[0, 0, 0], [0, 1, 0], [0, 0]] {
      let results = try ThreadCommunicator.run(machines: machines) {
        try Self.trainLarge($0, precision, clipNorm: clipNorm)
      }
      for result in results {
        #expect(result == results[0])
        if machines.count == 3 { #expect(result == messages[0]) }
      }
      let tolerance: Float = precision == .float32 ? 1e-5 : 1e-2
      for (own, other) in zip(results[0].joined(), alone.joined())
      where abs(own - other) > tolerance {
        Issue.record("\(own) instead of \(other)")
        break
      }
    }
  }

  /// Ranks found that they see each other's memory, but there is no room for what they need.
  @Test func memoryThatIsNotToBeHadIsTold() throws {
    let mismatch = #expect(throws: RankMismatch.self) {
      _ = try ThreadCommunicator.run(machines: [0, 0], mostShared: 1 << 20) {
        try Self.trainLarge($0, .float32, clipNorm: nil)
      }
    }
    #expect(mismatch?.subject == "memory that the ranks of a machine share")
  }

  /// A rank that is late still sees the old value.
  @Test func noRankSetsAValueThatOthersStillRead() throws {
    _ = try ThreadCommunicator.run(machines: [0, 0, 1]) { communicator in
      let model = try SmallModel(shares: [1, 0, 0])
      let executor = OneDNNExecutor(threads: 1, communicator: communicator)
      let session = try executor.makeSession(for: model.store)
      _ = try session.compile(model.program)
      let parameter = model.store.parameters[0]
      let old = try session.value(of: parameter)
      #expect(old == model.store.initialValues(of: parameter))
      for late in 0..<3 {
        if communicator.rank == late { usleep(20_000) }
        #expect(try session.value(of: parameter) == old.map { $0 + Float(late) })
        try session.setValue(old.map { $0 + Float(late + 1) }, of: parameter)
      }
      #expect(try session.value(of: parameter) == old.map { $0 + 3 })
    }
  }

  /// Parameters in another order would be summed into each other: here a product arranges them as it likes, on one rank.
  @Test func ranksOfOtherLayoutsAreTold() throws {
    let mismatch = #expect(throws: RankMismatch.self) {
      _ = try ThreadCommunicator.run(ranks: 2) { communicator in
        var graph = Graph()
        var store = ParameterStore(seed: 1)
        let weight = store.declare("weight", [96, 128], .constant(1))
        let node = graph.read(weight)
        let rows = graph.constant(1, [32, 96])
        let read = communicator.rank == 0 ? node : try graph.matmul(rows, node)
        let loss = try graph.sum(graph.square(read))
        let gradient = try graph.gradients(of: loss, by: [node])[0]
        let program = Program(
          graph: graph,
          update: ParameterUpdate(
            rule: AdamRule(), gradients: [.init(weight, gradient)], loss: loss),
          shares: [0.5, 0.5])
        let executor = OneDNNExecutor(threads: 1, communicator: communicator)
        _ = try executor.makeSession(for: store).compile(program)
      }
    }
    #expect(mismatch?.rank == 1 && mismatch?.host == "machine 1")
    #expect(mismatch?.description.contains("ONEDNN_MAX_CPU_ISA") == true)
  }

  /// A rank whose records don't count has any losses and gradients.
  @Test func aRankWithoutRecordsChangesNothing() throws {
    let results = try ThreadCommunicator.run(ranks: 2) { communicator in
      let model = try SmallModel(
        numbers: communicator.rank == 0 ? 0..<24 : 3..<4, shares: [1, 0])
      let executor = OneDNNExecutor(threads: 1, communicator: communicator)
      return try Self.train(model, executor.makeSession(for: model.store))
    }
    let model = try SmallModel()
    let executor = OneDNNExecutor(threads: 1)
    let alone = try Self.train(model, executor.makeSession(for: model.store))
    #expect(results[0].values == alone.values)
    #expect(results[1].values == alone.values)
  }

  @Test(arguments: [nil, 3.0], [[0, 1, 2], [0, 0, 0], [0, 0, 1]])
  func allRanksRefuseAStepAlike(clipNorm: Double?, machines: [Int]) throws {
    let results = try ThreadCommunicator.run(machines: machines) {
      try Self.train($0, clipNorm: clipNorm, poisonedStep: 2)
    }
    for result in results {
      #expect(result.updates == 3)
      #expect(result.values == results[0].values)
      let areFinite = result.values.allSatisfy { $0.allSatisfy(\.isFinite) }
      #expect(areFinite)
    }
  }

  /// What one number of ranks has learned goes on with another.
  @Test func momentsMoveToOtherNumbersOfRanks() throws {
    let before = try ThreadCommunicator.run(ranks: 3) { try Self.train($0) }[0]
    @Sendable func restore(_ session: any ExecutionSession, _ model: SmallModel) throws {
      for (place, parameter) in model.store.parameters.enumerated() {
        try session.setValue(before.values[place], of: parameter)
        try session.setMoments(
          first: before.moments[2 * place], second: before.moments[2 * place + 1], of: parameter)
      }
      session.updateCount = before.updates
    }
    let after = try [[0], [0, 1], [0, 1, 2], [0, 0], [0, 0, 1]].map { machines in
      try ThreadCommunicator.run(machines: machines) { communicator in
        let parts = Self.parts(machines.count)
        let model = try SmallModel(
          numbers: parts[communicator.rank], shares: parts.map { Double($0.count) / 24 })
        let executor = OneDNNExecutor(threads: 1, communicator: communicator)
        let session = try executor.makeSession(for: model.store)
        // The first program decides who keeps what.
        _ = try session.compile(model.program)
        try restore(session, model)
        return try Self.train(model, session, steps: 2).values
      }[0]
    }
    for other in after.dropFirst() {
      for (own, others) in zip(after[0].joined(), other.joined()) {
        #expect(abs(own - others) < 1e-4)
      }
    }
    #expect(after[0] != before.values)
  }

  /// A gradient that is a constant keeps its value for the next step, and one that is an output for the
  /// caller; one that two parameters share is summed once.
  @Test func whatElseIsReadIsSummedInACopy() throws {
    _ = try ThreadCommunicator.run(ranks: 2) { communicator in
      var graph = Graph()
      var store = ParameterStore(seed: 1)
      let parameters = ["a", "b", "c"].map { store.declare($0, [3], .constant(1)) }
      let nodes = parameters.map { graph.read($0) }
      let product = try graph.square(graph.add(nodes[0], nodes[1]))
      let loss = try graph.sum(graph.add(product, nodes[2]))
      let slopes = try graph.gradients(of: loss, by: nodes)
      #expect(slopes[0] == slopes[1])
      let slope = graph.output(slopes[0])
      let gradients = [slopes[0], slopes[1], graph.constant(1, [3])]
      let program = Program(
        graph: graph,
        update: ParameterUpdate(
          rule: AdamRule(beta1: 0), gradients: zip(parameters, gradients).map { .init($0, $1) },
          loss: loss), shares: [0.25, 0.25])
      let session = try OneDNNExecutor(threads: 1, communicator: communicator).makeSession(
        for: store)
      let step = try session.compile(program)
      for number in 0..<2 as Range<UInt32> {
        let wanted = try session.value(of: parameters[0])[0] * 2
        _ = try step.run(at: RandomPosition(seed: 1, step: number), learningRate: 0.01)
        // beta1 is 0, so the first moment is the gradient: half of 2 (a + b), and of 1.
        #expect(step.output(slope) == [2 * wanted, 2 * wanted, 2 * wanted])
        #expect(try session.moments(of: parameters[0]).first == [wanted, wanted, wanted])
        #expect(try session.moments(of: parameters[1]).first == [wanted, wanted, wanted])
        #expect(try session.moments(of: parameters[2]).first == [0.5, 0.5, 0.5])
      }
    }
  }

  /// Ranks 0, 1 and 2 have 1, 2 and 4 in their own parts, and a tenth, three tenths and six of the records.
  @Test func statisticsAreThoseOfTheWholeBatch() throws {
    let results = try ThreadCommunicator.run(ranks: 3) { communicator in
      var graph = Graph()
      let x = graph.input([2])
      let mean = graph.acrossRanks(.mean, x.node)
      let sum = graph.output(graph.acrossRanks(.sum, x.node))
      let square = graph.output(graph.square(mean))
      let slope = graph.output(
        try graph.gradients(of: graph.sum(graph.square(mean)), by: [x.node])[0])
      let session = try OneDNNExecutor(threads: 1, communicator: communicator).makeSession(
        for: ParameterStore(seed: 1))
      let program = try session.compile(Program(graph: graph, shares: [0.125, 0.25, 0.625]))
      let own = Float(1 << communicator.rank)
      program.withInput(x) { _ = $0.update(fromContentsOf: [own, -own]) }
      try program.run(at: RandomPosition(seed: 1, step: 0))
      return [program.output(sum), program.output(square), program.output(slope)]
    }
    for result in results { #expect(result == [[7, -7], [9.765625, 9.765625], [6.25, -6.25]]) }
  }
}
