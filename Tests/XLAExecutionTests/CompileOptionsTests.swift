import Testing

@testable import XLAExecution

@Suite struct CompileOptionsTests {
  /// Byte for byte, as `protoc --encode` writes the two messages.
  @Test func theirBytesAreThoseOfProtobuf() {
    #expect(
      CompileOptions.encoded(devices: [0]) == [
        0x1A, 14, 0x20, 1, 0x28, 1, 0x4A, 8, 0x08, 1, 0x10, 1, 0x1A, 2, 0x08, 0,
      ])
    #expect(
      CompileOptions.encoded(devices: [2, 300]) == [
        0x1A, 21, 0x20, 1, 0x28, 2, 0x30, 1, 0x4A, 13, 0x08, 1, 0x10, 2, 0x1A, 2, 0x08, 2, 0x1A, 3,
        0x08, 0xAC, 0x02,
      ])
  }
}
