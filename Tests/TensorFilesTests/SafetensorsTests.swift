import Foundation
import Testing

@testable import TensorFiles

@Suite struct SafetensorsTests {
  private let folder: TemporaryFolder
  private let example = SafetensorsFile(
    metadata: [
      "schema": "{\"fields\":[\"\\\\\"]}", "text": "été 🥾\u{0}\u{1}\u{7F}\u{2028}\n\t\"end\"",
      "": "empty key",
    ],
    tensors: [
      "decoder.weight": StoredTensor(
        shape: [2, 3], values: [1, -2, 0.5, .leastNonzeroMagnitude, .pi, -0.0]),
      "decoder.bias": StoredTensor(shape: [3], values: [7, 8, 9]),
      "scale \"é\"": StoredTensor(shape: [], values: [42]),
      "none": StoredTensor(shape: [0, 4], values: []),
      "Upper": StoredTensor(shape: [1], values: [.greatestFiniteMagnitude]),
    ])

  init() throws { folder = try TemporaryFolder() }

  @Test func roundTripsToTheBit() throws {
    try example.write(to: folder.file("m"))
    let back = try SafetensorsFile.read(folder.file("m"))
    #expect(back == example)
    #expect(back.tensors["decoder.weight"]?.values.last?.sign == .minus)
  }

  @Test func roundTripsAnEmptyFile() throws {
    try SafetensorsFile().write(to: folder.file("m"))
    #expect(try SafetensorsFile.read(folder.file("m")) == SafetensorsFile())
  }

  @Test func equalContentGivesEqualBytes() throws {
    try example.write(to: folder.file("a"))
    var other = SafetensorsFile()
    for key in example.tensors.keys.sorted().reversed() {
      other.tensors[key] = example.tensors[key]
    }
    for key in example.metadata.keys.sorted().reversed() {
      other.metadata[key] = example.metadata[key]
    }
    try other.write(to: folder.file("b"))
    #expect(try folder.bytes("a") == folder.bytes("b"))
  }

  @Test func writesThePublishedLayout() throws {
    let file = SafetensorsFile(
      metadata: ["b": "2", "a": "1"],
      tensors: [
        "y": StoredTensor(shape: [1], values: [2]), "x": StoredTensor(shape: [1], values: [1]),
      ])
    try file.write(to: folder.file("m"))
    let json =
      #"{"__metadata__":{"a":"1","b":"2"},"x":{"data_offsets":[0,4],"dtype":"F32","shape":[1]},"#
      + #""y":{"data_offsets":[4,8],"dtype":"F32","shape":[1]}}"#
    let padded = json + String(repeating: " ", count: (8 - json.utf8.count % 8) % 8)
    let expected =
      [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8)
      + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
    #expect(try folder.bytes("m") == expected)
  }

  @Test func readsIntegersThatFloat32Holds() throws {
    let path = try folder.put(
      safetensorsBytes(
        #"{"a":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},"#
          + #""b":{"dtype":"U8","shape":[2],"data_offsets":[16,18]},"#
          + #""c":{"dtype":"I32","shape":[],"data_offsets":[18,22]}}"#,
        [
          255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 0, 0, 0, 0, 0, 0, 0, 255, 254, 255, 255,
          255,
        ]
      ), "m")
    let tensors = try SafetensorsFile.read(path).tensors
    #expect(tensors["a"] == StoredTensor(shape: [2], values: [-1, 256]))
    #expect(tensors["b"] == StoredTensor(shape: [2], values: [0, 255]))
    #expect(tensors["c"] == StoredTensor(shape: [], values: [-2]))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func refusesToWriteWhatItCouldNotRead(value: Float) throws {
    let path = folder.file("m")
    let file = SafetensorsFile(tensors: ["w": StoredTensor(shape: [2], values: [0, value])])
    #expect(
      sentence { try file.write(to: path) }
        == "\(path): expected finite numbers to write, got \(value) in tensor 'w' at index 1; "
        + "train with a lower learning rate or with gradient clipping.")
    #expect(try folder.names().isEmpty)
  }

  @Test(.enabled(if: Python.hasSafetensors, "needs Python with safetensors; set CVAE_TEST_PYTHON"))
  func agreesWithTheReferenceReader() throws {
    try example.write(to: folder.file("m"))
    let script = """
      import json, sys
      from safetensors import safe_open
      with safe_open(sys.argv[1], "numpy") as file:
          print(json.dumps(file.metadata(), sort_keys=True))
          for key in sorted(file.keys()):
              tensor = file.get_tensor(key)
              print(json.dumps(key), tensor.dtype, list(tensor.shape), tensor.sum())
      """
    let lines = try Python.run(script, folder.file("m")).split(separator: "\n").map(String.init)
    let metadata = try JSONDecoder().decode([String: String].self, from: Data(lines[0].utf8))
    #expect(metadata == example.metadata)
    #expect(lines.count == 6)
    #expect(lines.contains("\"decoder.bias\" float32 [3] 24.0"))
    #expect(lines.contains("\"none\" float32 [0, 4] 0.0"))
    #expect(lines.contains("\"scale \\\"\\u00e9\\\"\" float32 [] 42.0"))
  }

  @Test(.enabled(if: Python.hasSafetensors, "needs Python with safetensors; set CVAE_TEST_PYTHON"))
  func readsWhatTheReferenceWrites() throws {
    let script = """
      import numpy, sys
      from safetensors.numpy import save_file
      save_file({"w": numpy.arange(6, dtype="float32").reshape(2, 3),
                 "n": numpy.array([5], dtype="int64")}, sys.argv[1], {"key": "été"})
      """
    try Python.run(script, folder.file("m"))
    let file = try SafetensorsFile.read(folder.file("m"))
    #expect(file.metadata == ["key": "été"])
    #expect(file.tensors["w"] == StoredTensor(shape: [2, 3], values: [0, 1, 2, 3, 4, 5]))
    #expect(file.tensors["n"] == StoredTensor(shape: [1], values: [5]))
  }
}

/// A file with this header and these data.
func safetensorsBytes(_ json: String, _ data: [UInt8]) -> [UInt8] {
  withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian, Array.init) + Array(json.utf8) + data
}
