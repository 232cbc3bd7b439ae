internal import CPJRT

/// A tensor on one device.
final class DeviceBuffer {
  let handle: OpaquePointer
  private let client: XLAClient

  init(_ handle: OpaquePointer, _ client: XLAClient) {
    self.handle = handle
    self.client = client
    client.note(buffers: 1)
  }

  deinit {
    var arguments = pjrt_buffer_destroy_args()
    arguments.buffer = handle
    client.exclusively { client.library.destroy(PJRT_BUFFER_DESTROY, arguments) }
    client.note(buffers: -1)
  }

  /// A copy of row-major numbers of 32 bits on a device.
  init(
    _ numbers: UnsafeRawPointer, _ extents: [Int], _ type: pjrt_element_type, on device: Int,
    _ client: XLAClient
  ) throws {
    self.client = client
    handle = try client.exclusively {
      try extents.map { Int64($0) }.withUnsafeBufferPointer { extents in
        var arguments = pjrt_buffer_from_host_args()
        arguments.client = client.handle
        arguments.data = numbers
        arguments.type = type
        arguments.dims = extents.baseAddress
        arguments.num_dims = extents.count
        arguments.device = client.devices[device]
        try client.library.call(
          PJRT_CLIENT_BUFFER_FROM_HOST_BUFFER, &arguments, "copy numbers to a device")
        try client.library.await(arguments.done_with_host_buffer, "copy numbers to a device")
        guard let buffer = arguments.buffer else {
          throw PluginFailure.refused(
            path: client.path, action: "copy numbers to a device", code: 13,
            message: "it returned no buffer")
        }
        return buffer
      }
    }
    client.note(buffers: 1)
  }

  /// A copy to the host that has begun; its target must stay until it has ended.
  struct Copy {
    fileprivate let event: OpaquePointer?
    fileprivate let client: XLAClient

    /// Waits for its end.
    func end() throws {
      try client.exclusively {
        try client.library.await(event, "copy numbers from a device")
      }
    }
  }

  /// Begins to copy the numbers, row-major, to `target`, which has room for as many as `extents` say.
  func beginCopy(to target: UnsafeMutableRawPointer, _ extents: [Int]) throws -> Copy {
    // The axes from the innermost outwards: dense and row-major, also where a device keeps them otherwise.
    let order = extents.indices.reversed().map { Int64($0) }
    return try client.exclusively {
      try order.withUnsafeBufferPointer { order in
        var layout = pjrt_layout()
        layout.struct_size = MemoryLayout<pjrt_layout>.size
        layout.tiled_struct_size = 56
        layout.minor_to_major = order.baseAddress
        layout.minor_to_major_size = order.count
        return try withUnsafePointer(to: layout) { layout in
          var arguments = pjrt_buffer_to_host_args()
          arguments.source = handle
          arguments.host_layout = layout
          arguments.target = target
          arguments.target_size = extents.reduce(4, *)
          try client.library.call(
            PJRT_BUFFER_TO_HOST_BUFFER, &arguments, "copy numbers from a device")
          return Copy(event: arguments.event, client: client)
        }
      }
    }
  }

  /// Copies the numbers likewise, to the end.
  func copy(to target: UnsafeMutableRawPointer, _ extents: [Int]) throws {
    try beginCopy(to: target, extents).end()
  }
}
