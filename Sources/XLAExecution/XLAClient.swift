internal import CPJRT
import Foundation

/// Devices that a plugin offers. Make one for each plugin and process: a second one may hang or find no memory.
///
/// Calls of one client come one after the other, also from several threads: not every plugin is safe otherwise, and
/// programs on several devices that meet in another order wait for each other for ever.
public final class XLAClient: @unchecked Sendable {
  /// The plugin's file.
  public let path: String
  /// PJRT's API that it speaks, such as `0.106`.
  public let apiVersion: String
  /// For example `cpu`, `cuda` or `tpu`.
  public let platform: String
  /// What the plugin says of its version.
  public let platformVersion: String
  /// What each device is, for example `NVIDIA H200`.
  public let deviceKinds: [String]

  let library: PluginLibrary
  let handle: OpaquePointer
  let devices: [OpaquePointer]
  /// What a device assignment calls them.
  let deviceIDs: [Int]
  private let lock = NSRecursiveLock()
  /// Buffers on devices that are not yet freed; under the lock.
  private(set) var liveBuffers = 0

  /// Loads a plugin and opens its devices.
  ///
  /// - Parameters:
  ///   - path: The plugin's file.
  ///   - devices: How many devices to ask for; only a plugin for processors makes as many as are wanted.
  /// - Throws: ``PluginFailure``.
  public init(plugin path: String, devices count: Int = 1) throws {
    let library = try PluginLibrary(path: path)
    let handle = try Self.create(library, devices: count)
    let facts: Facts
    do {
      facts = try Facts(library, handle, wanted: count)
    } catch {
      Self.close(library, handle)
      throw error
    }
    self.library = library
    self.handle = handle
    self.path = path
    apiVersion = "0.\(library.minorVersion)"
    platform = facts.platform
    platformVersion = facts.platformVersion
    devices = facts.devices.map(\.handle)
    deviceKinds = facts.devices.map(\.kind)
    deviceIDs = facts.devices.map(\.id)
  }

  deinit { Self.close(library, handle) }

  /// Runs `body` while no other thread calls the plugin.
  func exclusively<R>(_ body: () throws -> R) rethrows -> R {
    lock.lock()
    defer { lock.unlock() }
    return try body()
  }

  func note(buffers change: Int) { exclusively { liveBuffers += change } }

  private static func close(_ library: PluginLibrary, _ handle: OpaquePointer) {
    var arguments = pjrt_client_destroy_args()
    arguments.client = handle
    library.destroy(PJRT_CLIENT_DESTROY, arguments)
  }

  /// Settings are refused by plugins that don't know them, so a plugin's kind is read off its file's name: one for
  /// processors takes the number of devices (without it, it shows four), one for graphics
  /// processors whether it takes most of their memory at once.
  private static func create(_ library: PluginLibrary, devices: Int) throws -> OpaquePointer {
    let file = URL(fileURLWithPath: library.path).resolvingSymlinksInPath()
      .lastPathComponent.lowercased()
    var option = pjrt_named_value()
    option.struct_size = MemoryLayout<pjrt_named_value>.size
    option.value_size = 1
    var name = ""
    if file.contains("cpu") {
      name = "cpu_device_count"
      option.type = 1
      option.int64_value = Int64(devices)
    } else if file.contains("cuda") || file.contains("rocm") {
      name = "preallocate"
      option.type = 4
      option.bool_value = false
    }
    return try name.withCString { characters in
      option.name = characters
      option.name_size = name.utf8.count
      return try withUnsafePointer(to: option) { options in
        var arguments = pjrt_client_create_args()
        arguments.create_options = options
        arguments.num_options = name.isEmpty ? 0 : 1
        try library.call(PJRT_CLIENT_CREATE, &arguments, "open its devices")
        guard let client = arguments.client else {
          throw PluginFailure.tooFewDevices(path: library.path, wanted: devices, found: 0)
        }
        return client
      }
    }
  }
}

/// What a client says of itself.
private struct Facts {
  var devices: [(handle: OpaquePointer, kind: String, id: Int)] = []
  let platform: String
  let platformVersion: String

  init(_ library: PluginLibrary, _ client: OpaquePointer, wanted: Int) throws {
    func text(_ function: pjrt_function) throws -> String {
      var arguments = pjrt_client_text_args()
      arguments.client = client
      try library.call(function, &arguments, "name its platform")
      return PluginLibrary.string(arguments.text, arguments.text_size)
    }
    platform = try text(PJRT_CLIENT_PLATFORM_NAME)
    platformVersion = try text(PJRT_CLIENT_PLATFORM_VERSION)
    var arguments = pjrt_client_addressable_devices_args()
    arguments.client = client
    try library.call(PJRT_CLIENT_ADDRESSABLE_DEVICES, &arguments, "list its devices")
    for device in UnsafeBufferPointer(start: arguments.devices, count: arguments.num_devices) {
      guard let device else { continue }
      let (kind, id) = try Self.description(library, device)
      devices.append((device, kind, id))
    }
    guard wanted >= 1, devices.count >= wanted else {
      throw PluginFailure.tooFewDevices(
        path: library.path, wanted: wanted, found: devices.count)
    }
  }

  private static func description(
    _ library: PluginLibrary, _ device: OpaquePointer
  ) throws -> (kind: String, id: Int) {
    var finding = pjrt_device_get_description_args()
    finding.device = device
    try library.call(PJRT_DEVICE_GET_DESCRIPTION, &finding, "describe a device")
    var text = pjrt_device_description_text_args()
    text.description = finding.description
    try library.call(PJRT_DEVICE_DESCRIPTION_KIND, &text, "describe a device")
    var number = pjrt_device_description_id_args()
    number.description = finding.description
    try library.call(PJRT_DEVICE_DESCRIPTION_ID, &number, "number a device")
    return (PluginLibrary.string(text.text, text.text_size), Int(number.id))
  }
}
