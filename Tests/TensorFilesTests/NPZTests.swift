import Foundation
import Testing

@testable import TensorFiles

@Suite struct NPZTests {
  private let folder: TemporaryFolder
  private let arrays = [
    NPZArray(name: "z0", shape: [2, 2], values: .float32([1, .nan, -0.5, .infinity])),
    NPZArray(name: "label", shape: [3], values: .int64([.min, 0, 7])),
    NPZArray(name: "image", shape: [1, 2, 2, 1], values: .uint8([0, 1, 254, 255])),
    NPZArray(name: "größe", shape: [], values: .float64([.pi])),
    NPZArray(name: "known", shape: [2], values: .boolean([true, false])),
    NPZArray(name: "names", shape: [3], values: .text(["boot", "été 🥾", ""])),
    NPZArray(name: "none", shape: [0, 3], values: .float32([])),
  ]

  init() throws { folder = try TemporaryFolder() }

  /// Arrays of bytes are mapped where they lie; the others, and compressed ones, are read.
  @Test func mapsUncompressedBytes() throws {
    let path = folder.file("a.npz")
    try NPZ.write(arrays, to: path)
    let members = try NPZ.members(path, mappingFrom: 1)
    var mapped: [String] = []
    for (member, array) in zip(members, arrays) {
      switch member {
      case .array(let other): #expect(other.name == array.name && other.shape == array.shape)
      case .bytes(let name, let shape, let bytes):
        mapped.append(name)
        #expect(shape == array.shape && array.values == .uint8(Array(bytes)))
      }
    }
    #expect(mapped == ["image"])
    let none = try NPZ.members(path, mappingFrom: 10_000)
    #expect(none.allSatisfy { if case .array = $0 { true } else { false } })
  }

  /// A changed byte of a mapped array is found by the archive's sum.
  @Test func damagedMappedBytesAreRefused() throws {
    let path = folder.file("a.npz")
    let pixels = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    try NPZ.write([NPZArray(name: "image", shape: [2, 50, 50], values: .uint8(pixels))], to: path)
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    bytes[3000] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: DataFileFailure.self) {
      try NPZ.members(path, mappingFrom: 1)
    }
    #expect(error?.description.contains("check sum") == true)
  }

  /// Python's writer, made to think that everything is too large for 32 bits.
  @Test(
    .enabled(if: Python.hasNumPy, "needs Python with numpy; set CVAE_TEST_PYTHON"),
    arguments: ["savez", "savez_compressed"])
  func archivesBeyondFourGibibytesAreRead(function: String) throws {
    let path = folder.file("a.npz")
    try Python.run(
      """
      import sys, zipfile, numpy
      zipfile.ZIP64_LIMIT = 10
      zipfile.ZIP_FILECOUNT_LIMIT = 1
      pixels = numpy.arange(5000, dtype=numpy.uint8).reshape(2, 50, 50)
      numpy.\(function)(sys.argv[1], image=pixels, label=numpy.array([3, 4]))
      """, path)
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    // Python leaves the numbers that would fit.
    for place in bytes.count - 14..<bytes.count - 2 { bytes[place] = 0xFF }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let members = try NPZ.members(path, mappingFrom: function == "savez" ? 1000 : .max)
    let pixels = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
    switch members[0] {
    case .array(let array):
      #expect(array.shape == [2, 50, 50] && array.values == .uint8(pixels))
    case .bytes(let name, let shape, let mapped):
      #expect(name == "image" && shape == [2, 50, 50] && Array(mapped) == pixels)
    }
    guard case .array(let label) = members[1] else {
      Issue.record("label is mapped.")
      return
    }
    #expect(label.values == .int64([3, 4]))
    // Cut anywhere, it is refused.
    for count in stride(from: 0, to: bytes.count, by: 97) {
      let part = try folder.put(Array(bytes.prefix(count)), "part.npz")
      #expect(throws: DataFileFailure.self) { try NPZ.read(part) }
    }
  }

  @Test func roundTripsInOrder() throws {
    try NPZ.write(arrays, to: folder.file("a.npz"))
    let back = try NPZ.read(folder.file("a.npz"))
    #expect(back.map(\.name) == arrays.map(\.name))
    #expect(back.dropFirst() == arrays.dropFirst())
    // NaN differs from itself, so its bits are compared.
    guard case .float32(let values) = back[0].values else {
      Issue.record("z0 came back as \(back[0].values).")
      return
    }
    #expect(values.map(\.bitPattern) == [1, Float.nan, -0.5, .infinity].map(\.bitPattern))
    #expect(back[0].shape == [2, 2])
  }

  @Test func equalArraysGiveEqualBytes() throws {
    try NPZ.write(arrays, to: folder.file("a.npz"))
    try NPZ.write(arrays, to: folder.file("b.npz"))
    #expect(try folder.bytes("a.npz") == folder.bytes("b.npz"))
  }

  @Test func refusesFourGigabytes() throws {
    let path = folder.file("a.npz")
    let text = sentence { try NPZ.write(arrays, to: path, limit: 500) }
    #expect(text.hasPrefix("\(path): expected an .npz of less than 4 GiB and at most 65535 arrays"))
    #expect(text.hasSuffix("bytes in 7 arrays; write fewer records."))
    try NPZ.write(arrays, to: path)
    let size = try folder.bytes("a.npz").count
    #expect(throws: DataFileFailure.self) { try NPZ.write(arrays, to: path, limit: size) }
    try NPZ.write(arrays, to: path, limit: size + 1)
  }

  @Test func readsCompressedEntriesOfNumpy() throws {
    // Made by numpy 2.4's savez_compressed.
    let base64 =
      "UEsDBC0AAAAIAAAAIQAuYUj7//////////8JABQAbGFiZWwubnB5AQAQAIwAAAAAAAAATQAAAAAAAACb7BfqGxDJ"
      + "yFDGUK2eklqcXKRupaBuk2mirqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOpo6CrUKFAAuZgYGBkYg"
      + "ZgFiAFBLAwQtAAAACAAAACEAiD8iv///////////CAAUAG5hbWUubnB5AQAQALAAAAAAAAAAUgAAAAAAAACb7Bfq"
      + "GxDJyFDGUK2eklqcXKRupaBuE2qirqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOpo6CrUKFACuJAYG"
      + "hnwoLgHil0g0NgAAUEsDBC0AAAAIAAAAIQDdHQr5//////////8JABQAdmFsdWUubnB5AQAQAJAAAAAAAAAATQAA"
      + "AAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2ahrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqGOgpG"
      + "mjoKtQpkAy4GMPhhD6XrAVBLAwQtAAAACAAAACEA7hm7Xf//////////CAAUAGJpdHMubnB5AQAQAIIAAAAAAAAA"
      + "RgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBek2SorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpG"
      + "Opo6CrUKFAAuRgYAUEsBAi0DLQAAAAgAAAAhAC5hSPtNAAAAjAAAAAkAAAAAAAAAAAAAAIABAAAAAGxhYmVsLm5w"
      + "eVBLAQItAy0AAAAIAAAAIQCIPyK/UgAAALAAAAAIAAAAAAAAAAAAAACAAYgAAABuYW1lLm5weVBLAQItAy0AAAAI"
      + "AAAAIQDdHQr5TQAAAJAAAAAJAAAAAAAAAAAAAACAARQBAAB2YWx1ZS5ucHlQSwECLQMtAAAACAAAACEA7hm7XUYA"
      + "AACCAAAACAAAAAAAAAAAAAAAgAGcAQAAYml0cy5ucHlQSwUGAAAAAAQABADaAAAAHAIAAAAA"
    let path = try folder.put(Array(try #require(Data(base64Encoded: base64))), "a.npz")
    let back = try NPZ.read(path)
    #expect(back.map(\.name) == ["label", "name", "value", "bits"])
    #expect(back[0] == NPZArray(name: "label", shape: [3], values: .int64([3, 1, 4])))
    #expect(back[1] == NPZArray(name: "name", shape: [3], values: .text(["boot", "été", ""])))
    #expect(back[2].shape == [1, 2])
    #expect(back[3] == NPZArray(name: "bits", shape: [2], values: .boolean([true, false])))
  }

  @Test(.enabled(if: Python.hasNumPy, "needs Python with numpy; set CVAE_TEST_PYTHON"))
  func numpyReadsIt() throws {
    try NPZ.write(arrays, to: folder.file("a.npz"))
    let script = """
      import numpy, sys, zipfile
      assert zipfile.ZipFile(sys.argv[1]).testzip() is None
      for key, array in numpy.load(sys.argv[1], allow_pickle=False).items():
          print(key.encode("ascii", "backslashreplace").decode(), array.dtype, array.shape,
                ascii(array.tolist()))
      """
    let output = try Python.run(script, folder.file("a.npz"))
    #expect(
      output == """
        z0 float32 (2, 2) [[1.0, nan], [-0.5, inf]]
        label int64 (3,) [-9223372036854775808, 0, 7]
        image uint8 (1, 2, 2, 1) [[[[0], [1]], [[254], [255]]]]
        gr\\xf6\\xdfe float64 () 3.141592653589793
        known bool (2,) [True, False]
        names <U5 (3,) ['boot', '\\xe9t\\xe9 \\U0001f97e', '']
        none float32 (0, 3) []
        """)
  }

  @Test(.enabled(if: Python.hasNumPy, "needs Python with numpy; set CVAE_TEST_PYTHON"))
  func readsWhatNumpyWrites() throws {
    let script = """
      import numpy, sys
      numpy.savez(sys.argv[1], a=numpy.array([[1, 2]], dtype="float32"),
                  b=numpy.array([-5], dtype="int32"), c=numpy.array("x"))
      """
    try Python.run(script, folder.file("a.npz"))
    #expect(
      try NPZ.read(folder.file("a.npz")) == [
        NPZArray(name: "a", shape: [1, 2], values: .float32([1, 2])),
        NPZArray(name: "b", shape: [1], values: .int64([-5])),
        NPZArray(name: "c", shape: [], values: .text(["x"])),
      ])
  }
}
