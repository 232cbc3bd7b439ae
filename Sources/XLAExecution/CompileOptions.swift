/// XLA's `CompileOptionsProto`, as far as it is needed, in protobuf's wire form: for each field a varint
/// (number · 8 + kind), where kind 0 is followed by a varint and kind 2 by a length and that many bytes.
///
/// - Source: openxla/xla, `compile_options.proto` and `xla_data.proto`.
enum CompileOptions {
  /// One program over `devices`, which share the arguments as the text says.
  static func encoded(devices: [Int]) -> [UInt8] {
    // DeviceAssignmentProto: replica_count 1, computation_count 2, computation_devices 3, each with
    // replica_device_ids 1.
    var assignment = number(1, 1) + number(2, devices.count)
    for device in devices { assignment += bytes(3, number(1, device)) }
    // ExecutableBuildOptionsProto: num_replicas 4, num_partitions 5, use_spmd_partitioning 6,
    // device_assignment 9.
    var build = number(4, 1) + number(5, devices.count)
    if devices.count > 1 { build += number(6, 1) }
    build += bytes(9, assignment)
    // CompileOptionsProto: executable_build_options 3.
    return bytes(3, build)
  }

  private static func number(_ field: Int, _ value: Int) -> [UInt8] {
    varint(field << 3) + varint(value)
  }

  private static func bytes(_ field: Int, _ content: [UInt8]) -> [UInt8] {
    varint(field << 3 | 2) + varint(content.count) + content
  }

  /// Seven bits to a byte, the lowest first; all bytes but the last have their top bit set.
  private static func varint(_ value: Int) -> [UInt8] {
    var rest = UInt64(value)
    var result: [UInt8] = []
    repeat {
      let low = UInt8(rest & 0x7F)
      rest >>= 7
      result.append(rest == 0 ? low : low | 0x80)
    } while rest != 0
    return result
  }
}
