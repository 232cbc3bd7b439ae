import TensorGraph
import TestSupport
import Testing

/// The comparison itself: that it accepts an equal executor, and sees a fault in one number.
@Suite struct ExecutorAgreementTests {
  @Test func referenceAgreesWithItself() throws {
    let opCase = try #require(OpCatalogue.named("network with silu"))
    let report = try ExecutorAgreement(ReferenceExecutor()).compare(opCase)
    #expect(report.worstShareOfBound <= 1, "\(report)")
  }

  /// Small faults that a tolerance of 1e-5 of the largest element, or of 0.03 in bfloat16, would let pass.
  @Test(arguments: [
    ("x times x", 16, RoundingBound.float32),
    ("multiply equal [4, 33] [4, 33]", 16, RoundingBound.float32),
    ("tanh and its operand", 64, RoundingBound.float32),
    ("matmul [4, 33] [33, 17] parameter", 128, RoundingBound.float32),
  ])
  func aFewRoundingsTooManyAreFound(name: String, roundings: Double, unit: Double) throws {
    let opCase = try #require(OpCatalogue.named(name))
    let faulty = FaultyExecutor(output: 0) { $0 * Float(1 + roundings * unit) }
    let report = try ExecutorAgreement(faulty).compare(opCase)
    #expect(report.worstShareOfBound > 1, "\(report)")
  }

  @Test func faultIsFoundAndNamed() throws {
    let opCase = try #require(OpCatalogue.named("x times x"))
    let faulty = FaultyExecutor(output: 1) { $0 * 1.5 }
    let report = try ExecutorAgreement(faulty, seed: 9).compare(opCase)
    #expect(report.worstShareOfBound > 1)
    #expect(report.description.hasPrefix("x times x, seed 9, gradient 0, index 0: got "))
  }

  @Test func notANumberIsInfinitelyFar() throws {
    let opCase = try #require(OpCatalogue.named("x times x"))
    let faulty = FaultyExecutor(output: 0) { _ in .nan }
    let report = try ExecutorAgreement(faulty).compare(opCase)
    #expect(report.worstShareOfBound == .infinity)
    #expect(
      try ExecutorAgreement(faulty).extremes(opCase)
        == ["x times x, seed 1, result, index 0 is nan at the extremes"])
  }

  @Test func overflowIsFoundAtTheExtremes() throws {
    let opCase = try #require(OpCatalogue.named("x times x"))
    let faulty = FaultyExecutor(output: 1) { _ in -.infinity }
    #expect(
      try ExecutorAgreement(faulty).extremes(opCase)
        == ["x times x, seed 1, gradient 0, index 0 is -inf at the extremes"])
  }

  @Test func valuesAreRoundedToBfloat16() {
    #expect(OpValues.Rounding.bfloat16(1 + 0x1p-8) == 1)
    #expect(OpValues.Rounding.bfloat16(1 + 0x1.8p-8) == 1 + 0x1p-7)
    #expect(OpValues.Rounding.bfloat16(-3.140625) == -3.140625)
    #expect(OpValues.Rounding.float32(0.1) == Double(0.1 as Float))
    #expect(OpValues.Rounding.double(0.1) == 0.1)
  }
}

/// The reference, with one output's first number changed.
private struct FaultyExecutor: Executor {
  /// Its place: 0 is the result, and 1 the first gradient.
  let output: Int
  let change: @Sendable (Float) -> Float

  init(output: Int, change: @escaping @Sendable (Float) -> Float) {
    self.output = output
    self.change = change
  }

  var threads: Int { 1 }
  func with(threads: Int) -> any Executor { self }

  func makeSession(for store: ParameterStore) throws -> any ExecutionSession {
    FaultySession(try ReferenceExecutor().makeSession(for: store), self)
  }
}

private final class FaultySession: ExecutionSession {
  private let session: any ExecutionSession
  private let fault: FaultyExecutor

  init(_ session: any ExecutionSession, _ fault: FaultyExecutor) {
    self.session = session
    self.fault = fault
  }

  func compile(_ program: Program) throws -> any CompiledProgram {
    FaultyProgram(try session.compile(program), fault)
  }
  func value(of parameter: Parameter) throws -> [Float] { try session.value(of: parameter) }
  func setValue(_ values: [Float], of parameter: Parameter) throws {
    try session.setValue(values, of: parameter)
  }
  func moments(of parameter: Parameter) throws -> (first: [Float], second: [Float]) {
    try session.moments(of: parameter)
  }
  func setMoments(first: [Float], second: [Float], of parameter: Parameter) throws {
    try session.setMoments(first: first, second: second, of: parameter)
  }
  var largestNorm: Double? {
    get { session.largestNorm }
    set { session.largestNorm = newValue }
  }
  var gradientNorm: Double? { session.gradientNorm }
  var updateCount: Int {
    get { session.updateCount }
    set { session.updateCount = newValue }
  }
  var counters: ExecutionCounters { session.counters }
}

private final class FaultyProgram: CompiledProgram {
  private let base: any CompiledProgram
  private let fault: FaultyExecutor

  init(_ base: any CompiledProgram, _ fault: FaultyExecutor) {
    self.base = base
    self.fault = fault
  }

  var program: Program { base.program }
  func withInput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeMutableBufferPointer<Element>) throws -> R
  ) rethrows -> R { try base.withInput(port, body) }
  func run(at position: RandomPosition, learningRate: Double?) throws -> UpdateOutcome? {
    try base.run(at: position, learningRate: learningRate)
  }
  func withOutput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeBufferPointer<Element>) throws -> R
  ) rethrows -> R {
    var values = base.output(port)
    if program.graph.place(ofOutput: port) == fault.output, let first = values[0] as? Float,
      let changed = fault.change(first) as? Element
    {
      values[0] = changed
    }
    return try values.withUnsafeBufferPointer { try body($0) }
  }
}
