import Foundation
import Testing

@testable import TensorFiles

/// Every way in which a model file can be broken, and what is said about it.
@Suite struct SafetensorsFailureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func failure(_ bytes: [UInt8]) throws -> String {
    let path = try folder.put(bytes, "m")
    return sentence { _ = try SafetensorsFile.read(path) }
      .replacingOccurrences(of: path, with: "m")
  }

  private func failure(header: String, data: Int = 0) throws -> String {
    try failure(safetensorsBytes(header, [UInt8](repeating: 0, count: data)))
  }

  @Test func tooShort() throws {
    #expect(
      try failure([1, 2, 3]) == "m: expected a safetensors file, which has 8 bytes or more, "
        + "got 3 bytes; copy the file again or train the model again.")
  }

  @Test(arguments: [3, 1_000_000_000, UInt64.max])
  func absurdHeaderLength(length: UInt64) throws {
    let bytes = withUnsafeBytes(of: length.littleEndian, Array.init) + [0x7B, 0x7D]
    #expect(
      try failure(bytes) == "m: expected a header of at most 2 bytes, got \(length); "
        + "check that it is a whole safetensors file, and copy it again.")
  }

  @Test(arguments: [
    ("{\"a\":", "bytes that aren't JSON"), ("[1]", "JSON of another kind"),
    ("{\"a\":3}", "another kind of JSON at 'a'"),
    ("{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}", "a tensor without 'data_offsets'"),
    ("{\"__metadata__\":{\"k\":1}}", "another kind of JSON at '__metadata__.k'"),
  ])
  func headerOfAnotherKind(header: String, actual: String) throws {
    #expect(
      try failure(header: header) == "m: expected a safetensors header in JSON, got \(actual); "
        + "check that it is a safetensors file, and copy it again.")
  }

  @Test func unsupportedType() throws {
    #expect(
      try failure(header: #"{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}"#, data: 2)
        == "m: expected tensor 'a' to have one of the types F32, I32, I64, U8, got BF16; "
        + "convert that tensor to F32.")
  }

  @Test(arguments: ["[-1]", "[4611686018427387904,4]"])
  func impossibleShape(shape: String) throws {
    let text = try failure(header: #"{"a":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,4]}}"#)
    #expect(text.hasPrefix("m: expected tensor 'a' to have a possible shape, got "))
  }

  @Test(arguments: ["[0,4]", "[8,0]", "[-8,0]", "[0]", "[0,8,8]"])
  func offsetsThatDoNotMatchTheShape(offsets: String) throws {
    let text = try failure(
      header: #"{"a":{"dtype":"F32","shape":[2],"data_offsets":\#(offsets)}}"#, data: 8)
    #expect(
      text.hasPrefix("m: expected tensor 'a' of shape [2] to span 8 bytes, got the offsets ["))
  }

  @Test(arguments: [(0, "0, an overlap"), (8, "8, a gap")])
  func tensorsThatDoNotFollowEachOther(begin: Int, actual: String) throws {
    let text = try failure(
      header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"F32","shape":[1],"data_offsets":[\#(begin),\#(begin + 4)]}}"#, data: 12)
    #expect(text.hasPrefix("m: expected tensor 'b' to begin at byte 4 of the data, got \(actual);"))
  }

  @Test(arguments: [3, 5])
  func dataThatDoNotCoverTheFile(count: Int) throws {
    #expect(
      try failure(header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: count)
        == "m: expected 4 bytes of tensors, got \(count); "
        + "copy the file again or train the model again.")
  }

  @Test(arguments: [(Float.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")])
  func numberThatIsNotFinite(value: Float, word: String) throws {
    let values = [Float](repeating: 1, count: 100) + [value] + [2, 3]
    let header = #"{"w":{"dtype":"F32","shape":[103],"data_offsets":[0,412]}}"#
    #expect(
      try failure(safetensorsBytes(header, values.withUnsafeBytes(Array.init)))
        == "m: expected finite numbers, got \(word) in tensor 'w' at index 100; "
        + "train the model again, or take an older copy.")
  }

  @Test func integerThatFloat32DoesNotHold() throws {
    let header = #"{"n":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}"#
    #expect(
      try failure(safetensorsBytes(header, [1, 0, 0, 0, 1, 0, 0, 1]))
        == "m: expected integers that float32 holds exactly, got 16777217 in tensor 'n' at "
        + "index 1; store that tensor's numbers as F32.")
  }

  @Test func missingFileAndFolder() throws {
    let missing = folder.file("none")
    #expect(
      sentence { _ = try SafetensorsFile.read(missing) }
        == "Can't open '\(missing)': No such file or directory; check the path.")
    #expect(
      sentence { _ = try SafetensorsFile.read(folder.path) }
        == "Can't read '\(folder.path)': Is a directory; name a file, not a folder.")
  }

  /// What could not be read again is not written.
  @Test func tensorsThatCannotBeRead() throws {
    let path = folder.file("out.safetensors")
    for (name, shape, advice) in [
      ("w", [3], "change the shape or the values"),
      ("w", [-2, -1], "change the shape or the values"),
      ("__metadata__", [2], "rename it"),
    ] {
      let file = SafetensorsFile(
        metadata: [:], tensors: [name: StoredTensor(shape: shape, values: [1, 2])])
      #expect(
        sentence { try file.write(to: path) }
          == "\(path): expected named tensors with as many values as their shape has, got 2 "
          + "values of shape \(shape) in tensor '\(name)'; \(advice).")
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
