/// What programs compute on, by the names that commands use: `cpu`, `xla:cpu`, `xla:cuda`, `xla:tpu`, or the path of a
/// PJRT plugin.
public enum ComputingDevice: Hashable, Sendable {
  /// The processor, by oneDNN.
  case processor
  /// Devices of a kind, by XLA; see ``PluginSearch`` for where its plugin is looked for.
  case accelerator(DeviceKind)
  /// The devices of a plugin, by XLA.
  case plugin(String)

  /// The device of a name; nil where it is none.
  public init?(_ name: String) {
    if name == "cpu" {
      self = .processor
    } else if name.hasPrefix("xla:"), let kind = DeviceKind(rawValue: String(name.dropFirst(4))) {
      self = .accelerator(kind)
    } else if name.hasSuffix(".so") || name.contains(".so.") {
      // Without a slash a dynamic linker would look elsewhere than in the present folder.
      self = .plugin(name.contains("/") ? name : "./" + name)
    } else {
      return nil
    }
  }

  /// Opens devices, of which a process should have each once.
  ///
  /// - Parameter count: How many share the work.
  /// - Throws: ``PluginFailure``.
  public func open(count: Int = 1) throws -> OpenDevice {
    switch self {
    case .processor: return .processor
    case .plugin(let path):
      return OpenDevice(client: try XLAClient(plugin: path, devices: count), count: count)
    case .accelerator(let kind):
      let search = PluginSearch()
      let first = try search.plugin(for: kind)
      var failure: (any Error)?
      for path in search.plugins(for: kind) {
        do {
          let client = try XLAClient(plugin: path, devices: count)
          guard client.platform == kind.rawValue else {
            throw PluginFailure.otherPlatform(
              path: path, wanted: kind.rawValue, found: client.platform)
          }
          return OpenDevice(client: client, count: count)
        } catch {
          failure = failure ?? error
        }
      }
      throw failure ?? PluginFailure.notLoaded(path: first, reason: "unknown reason")
    }
  }
}

/// Devices that are ready.
public struct OpenDevice: Sendable {
  /// The processor, by oneDNN.
  public static let processor = OpenDevice(client: nil, count: 1)

  /// Nil for the processor by oneDNN.
  public let client: XLAClient?
  /// How many of them share the work.
  public let count: Int

  /// An executor on them.
  ///
  /// - Parameters:
  ///   - precision: Of products.
  ///   - threads: Of the processor by oneDNN; see ``ExecutorName/executor(precision:threads:communicator:)``. XLA decides
  ///     itself.
  ///   - communicator: The other processes that train the same model, by oneDNN; nil for none.
  /// - Throws: ``PluginFailure``.
  public func executor(
    precision: Precision = .float32, threads: Int? = nil, communicator: (any Communicator)? = nil
  ) throws -> any Executor {
    guard let client else {
      return ExecutorName.oneDNN.executor(
        precision: precision, threads: threads, communicator: communicator)
    }
    return try XLAExecutor(client: client, devices: count, precision: precision)
  }
}
