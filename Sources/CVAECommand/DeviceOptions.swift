import ArgumentParser
import CVAE
import ConditionalData

/// The options that say which devices compute.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "cpu, the default; or by XLA xla:cpu, xla:cuda, xla:tpu, or the file of a PJRT plugin ending in .so. 'cvae doctor' lists "
        + "what is found.", valueName: "device"),
    completion: .list(["cpu"] + DeviceKind.allCases.map { "xla:\($0.rawValue)" }),
    transform: Self.device)
  var device: ComputingDevice?

  @Option(help: "How many devices of XLA share each batch; 1 by default.")
  var devices: Int?

  /// No machine has more.
  private static let mostDevices = 1024

  func validate() throws {
    try NumberCheck.count("--devices", devices, to: Self.mostDevices)
    if let devices, devices > 1, device == nil || device == .processor {
      throw ValidationError(
        "--devices \(devices) needs a --device of XLA, such as xla:cpu; for cpu choose --threads.")
    }
  }

  /// `2 devices of xla:cpu`; nil for the processor by oneDNN.
  var summary: String? {
    let name: String
    switch device ?? .processor {
    case .processor: return nil
    case .accelerator(let kind): name = "xla:\(kind.rawValue)"
    case .plugin(let path): name = path
    }
    return "\(NameList.count(devices ?? 1, "device")) of \(name)"
  }

  /// Opens the devices.
  ///
  /// - Throws: ``PluginFailure``.
  func open() throws -> OpenDevice { try (device ?? .processor).open(count: devices ?? 1) }

  @Sendable private static func device(_ name: String) throws -> ComputingDevice {
    guard let device = ComputingDevice(name) else {
      throw ValidationError(
        "expected cpu, xla:cpu, xla:cuda, xla:tpu or the file of a plugin ending in .so, got '\(name)'."
      )
    }
    return device
  }
}
