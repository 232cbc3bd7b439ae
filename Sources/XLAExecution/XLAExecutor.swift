public import TensorGraph

/// Runs programs by XLA, on the devices of a PJRT plugin: processors, graphics processors, TPUs.
///
/// ```swift
/// let client = try XLAClient(plugin: "/opt/pjrt/libpjrt_cpu.so")
/// let executor = try XLAExecutor(client: client, precision: .float32)
/// let session = try executor.makeSession(for: model.store)
/// let step = try session.compile(program)
/// ```
///
/// A program is compiled into one executable, the optimiser's step included, so that a training step is one call.
/// Several devices of one host share the records of a batch; each has all parameters.
public struct XLAExecutor: Executor {
  /// The plugin's devices.
  public let client: XLAClient
  /// How many of them share the work.
  public let devices: Int
  /// The precision of products.
  public let precision: Precision

  /// An executor on the first `devices` of a client.
  ///
  /// - Throws: ``PluginFailure`` when the client has fewer.
  public init(
    client: XLAClient, devices: Int = 1, precision: Precision = .float32
  ) throws {
    guard devices >= 1, devices <= client.devices.count else {
      throw PluginFailure.tooFewDevices(
        path: client.path, wanted: devices, found: client.devices.count)
    }
    self.client = client
    self.devices = devices
    self.precision = precision
  }

  /// One: a device has threads of its own, of which XLA decides.
  public var threads: Int { 1 }

  /// The same.
  public func with(threads: Int) -> any Executor { self }

  /// Takes over the parameters with their first values.
  ///
  /// - Throws: ``PluginFailure``, for example where a device has too little memory.
  public func makeSession(for store: ParameterStore) throws -> any ExecutionSession {
    try XLASession(store, self)
  }
}
