internal import CPJRT
import TensorGraph

/// Parameters and moments on devices, and the programs that use them.
final class XLASession: ExecutionSession {
  /// A parameter's tensors, one for each device.
  struct Slot {
    let parameter: Parameter
    var value: [DeviceBuffer]
    var first: [DeviceBuffer] = []
    var second: [DeviceBuffer] = []
  }

  let client: XLAClient
  let devices: Int
  let precision: Precision
  var slots: [String: Slot] = [:]
  var updateCount = 0
  var largestNorm: Double?
  var gradientNorm: Double?
  /// Counts executables, and places for tensors; what stands in a place on a device changes with each run.
  var counters = ExecutionCounters()
  /// Set when a run failed after it gave parameters away.
  var failure: PluginFailure?

  init(_ store: ParameterStore, _ executor: XLAExecutor) throws {
    client = executor.client
    devices = executor.devices
    precision = executor.precision
    for parameter in store.parameters {
      let values = store.initialValues(of: parameter)
      slots[parameter.name] = Slot(
        parameter: parameter, value: try upload(values, parameter.shape))
      counters.buffersAllocated += devices
    }
  }

  func compile(_ program: Program) throws -> any CompiledProgram {
    try CompiledXLAProgram(program, in: self)
  }

  func value(of parameter: Parameter) throws -> [Float] {
    try download(slot(parameter.name).value[0], parameter.shape)
  }

  func setValue(_ values: [Float], of parameter: Parameter) throws {
    check(values, parameter)
    slots[parameter.name]?.value = try upload(values, parameter.shape)
  }

  func moments(of parameter: Parameter) throws -> (first: [Float], second: [Float]) {
    try prepareMoments([parameter.name])
    let slot = slot(parameter.name)
    return (
      try download(slot.first[0], parameter.shape), try download(slot.second[0], parameter.shape)
    )
  }

  func setMoments(first: [Float], second: [Float], of parameter: Parameter) throws {
    check(first, parameter)
    check(second, parameter)
    if slot(parameter.name).first.isEmpty { counters.buffersAllocated += 2 * devices }
    slots[parameter.name]?.first = try upload(first, parameter.shape)
    slots[parameter.name]?.second = try upload(second, parameter.shape)
  }

  /// Zeros, for parameters that have no moments yet.
  func prepareMoments(_ names: [String]) throws {
    for name in names where slot(name).first.isEmpty {
      let parameter = slot(name).parameter
      let zeros = [Float](repeating: 0, count: parameter.shape.count)
      try setMoments(first: zeros, second: zeros, of: parameter)
    }
  }

  func slot(_ name: String) -> Slot {
    guard let slot = slots[name] else {
      preconditionFailure("The session has no parameter \(name).")
    }
    return slot
  }

  private func check(_ values: [Float], _ parameter: Parameter) {
    precondition(
      values.count == slot(parameter.name).parameter.shape.count,
      "\(parameter.name) takes \(parameter.shape.count) numbers, not \(values.count).")
  }

  private func upload(_ values: [Float], _ shape: Shape) throws -> [DeviceBuffer] {
    try values.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else {
        preconditionFailure("A parameter has at least one number.")
      }
      return try (0..<devices).map {
        try DeviceBuffer(start, shape.dimensions, PJRT_F32, on: $0, client)
      }
    }
  }

  private func download(_ buffer: DeviceBuffer, _ shape: Shape) throws -> [Float] {
    if let failure { throw failure }
    return try [Float](unsafeUninitializedCapacity: shape.count) { numbers, count in
      guard let start = numbers.baseAddress else { return }
      try buffer.copy(to: UnsafeMutableRawPointer(start), shape.dimensions)
      count = shape.count
    }
  }
}
