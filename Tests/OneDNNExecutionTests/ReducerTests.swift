import Foundation
import OneDNNExecution
import Synchronization
import TensorGraph
import TestSupport
import Testing

/// Updates between whose gradients and parameters a reducer stands.
@Suite struct ReducerTests {
  private static let precisions = Precision.allCases.filter(OneDNNExecutor.supports)

  /// Another machine that has the same records: the mean is what it was.
  private final class Echo: GradientReducer {
    let machines = 2
    private let seen = Mutex<[[Float]]>([])

    var buffers: [[Float]] { seen.withLock { $0 } }

    func average(_ numbers: UnsafeMutableBufferPointer<Float>) {
      seen.withLock { $0.append(Array(numbers)) }
    }
  }

  private func train(
    _ model: SmallModel, _ executor: OneDNNExecutor, steps: Int = 4
  ) throws -> (losses: [Float], values: [[Float]]) {
    let session = try executor.makeSession(for: model.store)
    return (try model.train(session, steps: steps), try model.values(session))
  }

  @Test(arguments: precisions, [nil, 3.0])
  func theMeanOfEqualGradientsChangesNothing(precision: Precision, clipNorm: Double?) throws {
    let model = try SmallModel(clipNorm: clipNorm)
    let echo = Echo()
    let alone = try train(model, OneDNNExecutor(precision: precision, threads: 2))
    let paired = try train(
      model, OneDNNExecutor(precision: precision, threads: 2, reducer: echo))
    #expect(paired.losses == alone.losses)
    let areEqual = paired.values == alone.values
    #expect(areEqual)
    #expect(echo.buffers.count == 4)
  }

  /// The loss, then room for every gradient; the rest of each 64 bytes is 0.
  @Test func theBufferHoldsLossAndGradients() throws {
    let model = try SmallModel()
    let echo = Echo()
    let losses = try train(model, OneDNNExecutor(threads: 2, reducer: echo), steps: 1).losses
    let buffer = try #require(echo.buffers.first)
    #expect(buffer.count % 16 == 0)
    #expect(buffer[0] == losses[0])
    #expect(buffer[1..<16].allSatisfy { $0 == 0 })
    let nonzero = buffer.dropFirst(16).count { $0 != 0 }
    #expect(nonzero > model.store.count / 2 && nonzero <= model.store.count)
    // The second parameter's gradient is the first table's, of 4 rows of 33 numbers: 132, and 12 zeros.
    let first = (model.store.parameters[0].shape.count + 15) / 16 * 16 + 16
    #expect(buffer[first + 132..<first + 144].allSatisfy { $0 == 0 })
    #expect(buffer[first..<first + 132].contains { $0 != 0 })
  }

  /// Two machines in one process, on a thread each. The condition guards what changes.
  private final class Pair: GradientReducer, @unchecked Sendable {
    let machines = 2
    private let condition = NSCondition()
    /// The numbers of the machine that came first, until the other has come.
    private var waiting: [Float]?
    private var means: [Float] = []
    private var round = 0

    func average(_ numbers: UnsafeMutableBufferPointer<Float>) throws {
      condition.lock()
      defer { condition.unlock() }
      if let other = waiting {
        means = zip(other, numbers).map { ($0 + $1) / 2 }
        waiting = nil
        round += 1
        condition.broadcast()
      } else {
        waiting = Array(numbers)
        let present = round
        while round == present {
          guard condition.wait(until: Date() + 60) else { throw Broken() }
        }
      }
      _ = numbers.update(fromContentsOf: means)
    }
  }

  /// Both halves of a batch on machines of their own do what one machine does with all of it.
  @Test func twoMachinesTrainAsOne() throws {
    let pair = Pair()
    let results = Mutex<[Int: Result<(losses: [Float], values: [[Float]]), any Error>]>([:])
    let done = DispatchSemaphore(value: 0)
    for machine in 0..<2 {
      Thread.detachNewThread {
        let result = Result {
          try self.train(
            SmallModel(numbers: 12 * machine..<12 * machine + 12),
            OneDNNExecutor(threads: 1, reducer: pair))
        }
        results.withLock { $0[machine] = result }
        done.signal()
      }
    }
    for _ in 0..<2 { done.wait() }
    let byMachine = results.withLock { $0 }
    let halves = try (0..<2).map { try #require(byMachine[$0]).get() }
    let areEqual = halves[0].values == halves[1].values
    #expect(areEqual)
    let model = try SmallModel()
    let executor = OneDNNExecutor(threads: 1)
    let whole = try train(model, executor)
    let off = try model.train(
      executor.makeSession(for: model.store), steps: 4,
      disturbance: Double(SmallModel.pixels) * RoundingBound.float32)
    let means = zip(halves[0].losses, halves[1].losses).map { ($0 + $1) / 2 }
    expectNear(means, whole.losses, asFarAs: off, RoundingBound.float32)
  }

  private struct Broken: Error {}

  private struct Unplugged: GradientReducer {
    let machines = 2
    func average(_ numbers: UnsafeMutableBufferPointer<Float>) throws { throw Broken() }
  }

  @Test func aReducerThatThrowsChangesNothing() throws {
    let model = try SmallModel()
    let session = try OneDNNExecutor(threads: 1, reducer: Unplugged()).makeSession(
      for: model.store)
    let before = try model.values(session)
    #expect(throws: Broken.self) { try model.train(session, steps: 1) }
    #expect(try model.values(session) == before)
    #expect(session.updateCount == 0)
  }

  /// A gradient that is a constant keeps its value for the next step, and one that is an output for the
  /// caller; one that two parameters share is averaged once.
  @Test func whatElseIsReadIsAveragedInACopy() throws {
    /// The other machine's gradients are 0.
    struct Halving: GradientReducer {
      let machines = 2
      func average(_ numbers: UnsafeMutableBufferPointer<Float>) {
        for index in numbers.indices { numbers[index] /= 2 }
      }
    }
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
        loss: loss))
    let session = try OneDNNExecutor(threads: 1, reducer: Halving()).makeSession(for: store)
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
