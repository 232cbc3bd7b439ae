internal import CPJRT

/// A compiled program on some devices.
final class Executable {
  private let client: XLAClient
  private let handle: OpaquePointer
  private let devices: Int
  private let argumentCount: Int
  private let resultCount: Int
  /// Room for what a call hands over and gets, device by device.
  private let arguments: UnsafeMutablePointer<OpaquePointer?>
  private let results: UnsafeMutablePointer<OpaquePointer?>
  private let argumentLists: UnsafeMutablePointer<UnsafePointer<OpaquePointer?>>
  private let resultLists: UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>>
  private let events: UnsafeMutablePointer<OpaquePointer?>

  /// Compiles a module of StableHLO's text.
  init(
    _ text: String, client: XLAClient, devices: Int, arguments: Int, results: Int
  ) throws {
    handle = try Self.compile(text, client, devices)
    self.client = client
    self.devices = devices
    argumentCount = arguments
    resultCount = results
    self.arguments = Self.room(max(1, devices * arguments))
    self.results = Self.room(max(1, devices * results))
    events = Self.room(devices)
    argumentLists = .allocate(capacity: devices)
    resultLists = .allocate(capacity: devices)
    for device in 0..<devices {
      (argumentLists + device).initialize(to: UnsafePointer(self.arguments + device * arguments))
      (resultLists + device).initialize(to: self.results + device * results)
    }
  }

  deinit {
    var destruction = pjrt_executable_destroy_args()
    destruction.executable = handle
    client.exclusively { client.library.destroy(PJRT_LOADED_EXECUTABLE_DESTROY, destruction) }
    arguments.deallocate()
    results.deallocate()
    events.deallocate()
    argumentLists.deallocate()
    resultLists.deallocate()
  }

  private static func room(_ count: Int) -> UnsafeMutablePointer<OpaquePointer?> {
    let room = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: count)
    room.initialize(repeating: nil, count: count)
    return room
  }

  private static func compile(
    _ text: String, _ client: XLAClient, _ devices: Int
  ) throws -> OpaquePointer {
    let options = CompileOptions.encoded(devices: Array(client.deviceIDs.prefix(devices)))
    let format = "mlir"
    return try client.exclusively {
      try text.withCString { code in
        try format.withCString { name in
          try options.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { options in
            var module = pjrt_program()
            module.struct_size = MemoryLayout<pjrt_program>.size
            module.code = code
            module.code_size = text.utf8.count
            module.format = name
            module.format_size = format.utf8.count
            return try withUnsafePointer(to: module) { module in
              var arguments = pjrt_client_compile_args()
              arguments.client = client.handle
              arguments.program = module
              arguments.compile_options = options.baseAddress
              arguments.compile_options_size = options.count
              try client.library.call(PJRT_CLIENT_COMPILE, &arguments, "compile a program")
              guard let executable = arguments.executable else {
                throw PluginFailure.refused(
                  path: client.path, action: "compile a program", code: 13,
                  message: "it returned no executable")
              }
              return executable
            }
          }
        }
      }
    }
  }

  /// Runs once and waits for the end; for each argument and each result one buffer on each device.
  func run(_ given: [[DeviceBuffer]]) throws -> [[DeviceBuffer]] {
    precondition(given.count == argumentCount, "The program takes \(argumentCount) arguments.")
    for (place, buffers) in given.enumerated() {
      for device in 0..<devices {
        arguments[device * argumentCount + place] = buffers[device].handle
      }
    }
    results.update(repeating: nil, count: devices * resultCount)
    do {
      try client.exclusively { try execute() }
    } catch {
      // What there is already is freed.
      for place in 0..<devices * resultCount {
        if let buffer = results[place] { _ = DeviceBuffer(buffer, client) }
      }
      throw error
    }
    return try (0..<resultCount).map { place in
      try (0..<devices).map { device in
        guard let buffer = results[device * resultCount + place] else {
          throw PluginFailure.refused(
            path: client.path, action: "run a program", code: 13,
            message: "result \(place) is missing")
        }
        return DeviceBuffer(buffer, client)
      }
    }
  }

  private func execute() throws {
    var options = pjrt_execute_options()
    options.struct_size = MemoryLayout<pjrt_execute_options>.size
    events.update(repeating: nil, count: devices)
    try withUnsafeMutablePointer(to: &options) { options in
      var call = pjrt_execute_args()
      call.executable = handle
      call.options = options
      call.argument_lists = UnsafePointer(
        UnsafeRawPointer(argumentLists).assumingMemoryBound(
          to: UnsafePointer<OpaquePointer?>.self))
      call.num_devices = devices
      call.num_arguments = argumentCount
      call.output_lists = UnsafePointer(resultLists)
      call.device_complete_events = events
      try client.library.call(PJRT_LOADED_EXECUTABLE_EXECUTE, &call, "run a program")
    }
    var failure: (any Error)?
    for device in 0..<devices {
      do {
        try client.library.await(events[device], "run a program")
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }
}
