internal import CPJRT
import TensorGraph

/// An executable with its inputs and outputs in the host's memory.
final class CompiledXLAProgram: CompiledProgram {
  let program: Program
  private let session: XLASession
  private let executable: Executable
  private let text: StepText
  /// The inputs as the caller wrote them; nil on devices where they changed since the last run.
  private let inputs: [HostMemory]
  private var deviceInputs: [[DeviceBuffer]?]
  private let outputs: [HostMemory]
  /// The outputs on the first device that weren't copied yet.
  private var deviceOutputs: [DeviceBuffer?]
  private let position = HostMemory(count: 3)
  private let settings = HostMemory(count: Emission.Setting.allCases.count)
  private let report = HostMemory(count: 2)

  /// Outputs up to this many numbers are copied by the run itself.
  private static let fewNumbers = 16_384

  init(_ program: Program, in session: XLASession) throws {
    self.program = program
    self.session = session
    let graph = program.graph
    text = StepText(program, precision: session.precision, devices: session.devices)
    try session.prepareMoments(text.changed)
    let results = 3 * text.changed.count + (program.update == nil ? 0 : 1) + graph.outputs.count
    executable = try Executable(
      text.text, client: session.client, devices: session.devices,
      arguments: text.arguments.count, results: results)
    inputs = graph.inputs.map { HostMemory(count: graph.shape(of: $0).count) }
    outputs = graph.outputs.map { HostMemory(count: graph.shape(of: $0).count) }
    deviceInputs = inputs.map { _ in nil }
    deviceOutputs = outputs.map { _ in nil }
    session.counters.primitivesCreated += 1
    session.counters.buffersAllocated +=
      inputs.count + outputs.count + 3 + session.devices * (text.arguments.count + results)
  }

  func withInput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeMutableBufferPointer<Element>) throws -> R
  ) rethrows -> R {
    let place = program.graph.place(ofInput: port)
    deviceInputs[place] = nil
    return try body(inputs[place].numbers())
  }

  /// A large output is copied here; a device that fails then, after a run that it finished, ends the program.
  func withOutput<Element: PortElement, R>(
    _ port: Port<Element>, _ body: (UnsafeBufferPointer<Element>) throws -> R
  ) rethrows -> R {
    let place = program.graph.place(ofOutput: port)
    do {
      try copyOutput(place)
    } catch {
      preconditionFailure("An output could not be read. \(error)")
    }
    return try body(UnsafeBufferPointer(outputs[place].numbers(of: Element.self)))
  }

  private func copyOutput(_ place: Int) throws {
    guard let buffer = deviceOutputs[place] else { return }
    try buffer.copy(to: outputs[place].start, outputExtents(place))
    deviceOutputs[place] = nil
  }

  private func outputExtents(_ place: Int) -> [Int] {
    program.graph.shape(of: program.graph.outputs[place]).dimensions
  }

  func run(at position: RandomPosition, learningRate: Double?) throws -> UpdateOutcome? {
    if let failure = session.failure { throw failure }
    let words: UnsafeMutableBufferPointer<UInt32> = self.position.numbers()
    words[0] = UInt32(truncatingIfNeeded: position.seed)
    words[1] = UInt32(truncatingIfNeeded: position.seed >> 32)
    words[2] = position.step
    if let update = program.update {
      guard let learningRate else {
        preconditionFailure("A program with an update needs a learning rate.")
      }
      set(update.rule, learningRate)
    }
    let arguments = try text.arguments.indices.map(deviceArgument)
    let results: [[DeviceBuffer]]
    do {
      results = try executable.run(arguments)
    } catch let failure as PluginFailure {
      if !text.changed.isEmpty { session.failure = failure }
      throw failure
    }
    return try take(results)
  }

  private func set(_ rule: AdamRule, _ learningRate: Double) {
    let numbers: UnsafeMutableBufferPointer<Float> = settings.numbers()
    let count = session.updateCount + 1
    for setting in Emission.Setting.allCases {
      let value: Double =
        switch setting {
        case .learningRate: learningRate
        case .firstCorrection: Self.correction(rule.beta1, count)
        case .secondCorrection: Self.correction(rule.beta2, count)
        case .largestNorm: session.largestNorm ?? .infinity
        }
      numbers[setting.rawValue] = Float(value)
    }
  }

  /// 1 / (1 − βᵗ).
  private static func correction(_ beta: Double, _ count: Int) -> Double {
    var (power, base, exponent) = (1.0, beta, count)
    while exponent > 0 {
      if exponent & 1 == 1 { power *= base }
      base *= base
      exponent >>= 1
    }
    return 1 / (1 - power)
  }

  /// An argument on each device.
  private func deviceArgument(_ index: Int) throws -> [DeviceBuffer] {
    switch text.arguments[index] {
    case .changed(let name), .parameter(let name): return session.slot(name).value
    case .firstMoment(let name): return session.slot(name).first
    case .secondMoment(let name): return session.slot(name).second
    case .position: return try upload(position, [3], PJRT_U32, isSharded: false)
    case .settings:
      return try upload(
        settings, [Emission.Setting.allCases.count], PJRT_F32, isSharded: false)
    case .input(let place):
      if let known = deviceInputs[place] { return known }
      let entry = program.graph[program.graph.inputs[place]]
      let buffers = try upload(
        inputs[place], entry.shape.dimensions, entry.elementType == .index ? PJRT_S32 : PJRT_F32,
        isSharded: text.isSharded[index])
      deviceInputs[place] = buffers
      return buffers
    }
  }

  /// Copies numbers to each device: all of them, or its part of the first axis.
  private func upload(
    _ memory: HostMemory, _ extents: [Int], _ type: pjrt_element_type, isSharded: Bool
  ) throws -> [DeviceBuffer] {
    var part = extents
    if isSharded { part[0] /= session.devices }
    let bytes = isSharded ? part.reduce(4, *) : 0
    return try (0..<session.devices).map { device in
      try DeviceBuffer(memory.start + device * bytes, part, type, on: device, session.client)
    }
  }

  /// Puts results where they belong, and reads the report.
  private func take(_ results: [[DeviceBuffer]]) throws -> UpdateOutcome? {
    let names = text.changed
    for (place, name) in names.enumerated() {
      session.slots[name]?.value = results[place]
      session.slots[name]?.first = results[names.count + place]
      session.slots[name]?.second = results[2 * names.count + place]
    }
    let hasUpdate = program.update != nil
    let first = 3 * names.count + (hasUpdate ? 1 : 0)
    var copies: [DeviceBuffer.Copy] = []
    if hasUpdate { copies.append(try results[first - 1][0].beginCopy(to: report.start, [2])) }
    for place in outputs.indices {
      let buffer = results[first + place][0]
      guard outputs[place].count <= Self.fewNumbers else {
        deviceOutputs[place] = buffer
        continue
      }
      deviceOutputs[place] = nil
      copies.append(try buffer.beginCopy(to: outputs[place].start, outputExtents(place)))
    }
    for copy in copies { try copy.end() }
    guard let update = program.update else { return nil }
    let numbers: UnsafeMutableBufferPointer<Float> = report.numbers()
    let outcome = Emission.Outcome(rawValue: Int(numbers[1])) ?? .refused
    let norm = update.clipNorm == nil ? nil : Double(numbers[0])
    return note(outcome, norm)
  }

  private func note(_ outcome: Emission.Outcome, _ norm: Double?) -> UpdateOutcome {
    switch outcome {
    case .applied, .refusedInPart: session.updateCount += 1
    case .outlier, .refused: break
    }
    if let norm, outcome != .refused { session.gradientNorm = norm }
    switch outcome {
    case .applied: return .applied
    case .outlier: return .outlier
    case .refused, .refusedInPart: return .refused
    }
  }
}
