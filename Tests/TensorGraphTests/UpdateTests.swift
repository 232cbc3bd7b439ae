import TensorGraph
import Testing

/// Steps on the loss Σ p² + fault, whose gradient is 2p, against Python's arithmetic.
@Suite struct UpdateTests {
  private struct Fixture {
    let session: any ExecutionSession
    let program: any CompiledProgram
    let parameters: [Parameter]
    let fault: Port<Float>
    let factor: Port<Float>
    let loss: Port<Float>

    init(_ first: [[Float]], rule: AdamRule, clipNorm: Double? = nil) throws {
      var store = ParameterStore(seed: 1)
      parameters = first.enumerated().map { store.declare("p\($0)", [$1.count], .zeros) }
      var graph = Graph()
      let nodes = parameters.map { graph.read($0) }
      let factor = graph.input([])
      fault = graph.input([])
      self.factor = factor
      var loss = fault.node
      for node in nodes { loss = try graph.add(loss, graph.sum(graph.square(node))) }
      // A factor of 1 on the gradients alone.
      let gradients = try graph.gradients(of: loss, by: nodes).map {
        try graph.multiply($0, factor.node)
      }
      self.loss = graph.output(loss)
      session = try ReferenceExecutor().makeSession(for: store)
      program = try session.compile(
        Program(
          graph: graph,
          update: ParameterUpdate(
            rule: rule, gradients: zip(parameters, gradients).map { .init($0, $1) }, loss: loss,
            clipNorm: clipNorm)))
      program.set(factor, 1)
      for (parameter, values) in zip(parameters, first) {
        try session.setValue(values, of: parameter)
      }
    }

    func step(_ rate: Double = 0.1) throws -> UpdateOutcome? {
      try program.run(at: RandomPosition(seed: 1, step: 0), learningRate: rate)
    }

    func values() throws -> [Float] { try parameters.flatMap { try session.value(of: $0) } }

    func moments() throws -> (first: [Float], second: [Float]) {
      let all = try parameters.map { try session.moments(of: $0) }
      return (all.flatMap(\.first), all.flatMap(\.second))
    }
  }

  private func expectClose(
    _ values: [Float], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    for (value, wanted) in zip(values, expected) {
      #expect(
        abs(Double(value) - wanted) <= 2e-7 * max(1e-3, abs(wanted)),
        sourceLocation: sourceLocation)
    }
  }

  @Test func adamTakesTwoSteps() throws {
    let rule = AdamRule(beta1: 0.5, beta2: 0.75, epsilon: 1e-2)
    let fixture = try Fixture([[1.5, -0.5]], rule: rule)
    #expect(try fixture.step() == .applied)
    #expect(fixture.program.output(fixture.loss) == [2.5])
    expectClose(try fixture.values(), [1.4003322259136213, -0.400990099009901])
    expectClose(try fixture.moments().first, [1.5, -0.5])
    expectClose(try fixture.moments().second, [2.25, 0.25])
    #expect(try fixture.step() == .applied)
    expectClose(try fixture.values(), [1.3013906114642402, -0.30478693200565])
    expectClose(try fixture.moments().first, [2.1503322259136213, -0.650990099009901])
    expectClose(try fixture.moments().second, [3.648430342932197, 0.3482930595039702])
    #expect(fixture.session.updateCount == 2)
  }

  @Test func usualSettings() throws {
    let fixture = try Fixture([[1.5, -0.5]], rule: AdamRule())
    _ = try fixture.step()
    _ = try fixture.step()
    expectClose(try fixture.values(), [1.3002390622922801, -0.30118742165916684])
    expectClose(try fixture.moments().second, [0.016831000003733346, 0.0016390000032000015])
  }

  @Test func coupledDecayJoinsTheGradient() throws {
    let fixture = try Fixture([[1.5, -0.5]], rule: AdamRule(weightDecay: 0.1))
    _ = try fixture.step()
    _ = try fixture.step()
    expectClose(try fixture.values(), [1.3002390622600843, -0.3011874215605252])
    expectClose(try fixture.moments().first, [0.5775000000666666, -0.17850000019999995])
    expectClose(try fixture.moments().second, [0.01855617750392001, 0.0018069975033600015])
  }

  @Test func decoupledDecayActsBesideTheStep() throws {
    let rule = AdamRule(weightDecay: 0.1, decoupled: true)
    let fixture = try Fixture([[1.5, -0.5]], rule: rule)
    _ = try fixture.step()
    expectClose(try fixture.values(), [1.3850000003333334, -0.395000001])
    _ = try fixture.step()
    expectClose(try fixture.values(), [1.2714369973959583, -0.2923387042550786])
    expectClose(try fixture.moments().first, [0.5470000000666666, -0.16900000019999994])
  }

  @Test func gradientsAreClippedByTheirCommonNorm() throws {
    let fixture = try Fixture(
      [[1.5, -0.5], [2]], rule: AdamRule(epsilon: 1e-1), clipNorm: 1)
    _ = try fixture.step()
    expectClose(
      try fixture.values(), [1.414527526934529, -0.43377053396747006, 1.911306275765166])
    expectClose(
      try fixture.moments().first, [0.0588348405414552, -0.0196116135138184, 0.0784464540552736])
    _ = try fixture.step()
    expectClose(
      try fixture.values(), [1.329100165196158, -0.36871121629787773, 1.8225545822640767])
  }

  @Test func smallGradientsAreNotScaledUp() throws {
    let clipped = try Fixture([[1.5, -0.5]], rule: AdamRule(), clipNorm: 100)
    let free = try Fixture([[1.5, -0.5]], rule: AdamRule())
    _ = try clipped.step()
    _ = try free.step()
    #expect(try clipped.values() == free.values())
    #expect(try clipped.moments().first == free.moments().first)
  }

  @Test(arguments: [false, true], [Float.nan, .infinity])
  func whatIsNotFiniteIsRefused(isFactor: Bool, value: Float) throws {
    let fixture = try Fixture([[1.5, -0.5]], rule: AdamRule())
    let input = isFactor ? fixture.factor : fixture.fault
    #expect(try fixture.step() == .applied)
    let before = (try fixture.values(), try fixture.moments())
    fixture.program.set(input, value)
    #expect(try fixture.step() == .refused)
    // A finite loss begins the update; then only elements with finite gradients change: none here.
    #expect(fixture.session.updateCount == (isFactor ? 2 : 1))
    fixture.session.updateCount = 1
    #expect(try fixture.values() == before.0)
    #expect(try fixture.moments() == before.1)
    fixture.program.set(input, isFactor ? 1 : 0)
    #expect(try fixture.step() == .applied)
    expectClose(try fixture.values(), [1.3002390622922801, -0.30118742165916684])
  }

  @Test func stateIsTakenUpAgain() throws {
    let first = try Fixture([[1.5, -0.5]], rule: AdamRule())
    _ = try first.step()
    let second = try Fixture([try first.values()], rule: AdamRule())
    let moments = try first.moments()
    try second.session.setMoments(
      first: moments.first, second: moments.second, of: second.parameters[0])
    second.session.updateCount = first.session.updateCount
    _ = try second.step()
    expectClose(try second.values(), [1.3002390622922801, -0.30118742165916684])
  }

  @Test func programWithoutUpdateHasNoOutcome() throws {
    var graph = Graph()
    let one = graph.output(graph.constant(1))
    let session = try ReferenceExecutor().makeSession(for: ParameterStore(seed: 1))
    let program = try session.compile(Program(graph: graph))
    #expect(try program.run(at: RandomPosition(seed: 1, step: 0), learningRate: 0.1) == nil)
    #expect(program.output(one) == [1])
  }
}
