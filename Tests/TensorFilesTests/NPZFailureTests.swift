import Foundation
import Testing

@testable import TensorFiles

/// Every way in which an `.npz` file can be broken, and what is said about it.
@Suite struct NPZFailureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The sentence about a file; its path is cut out.
  private func failure(_ bytes: [UInt8]) throws -> String {
    let path = try folder.put(bytes, "a.npz")
    return sentence { _ = try NPZ.read(path) }.replacingOccurrences(of: path, with: "a")
  }

  /// The sentence about an archive of one `.npy` file with this header and elements.
  private func failure(npy header: String, elements: [UInt8] = []) throws -> String {
    var npy = NPYFile.magic + [1, 0]
    npy.appendLittleEndian(UInt16(header.utf8.count))
    return try failure(archive(npy + Array(header.utf8) + elements))
  }

  private func archive(_ entry: [UInt8]) throws -> [UInt8] {
    try AtomicFile.write(to: folder.file("made")) { file in
      var archive = ZipArchive.Writer()
      try entry.withUnsafeBytes { try archive.append("x.npy", header: [], $0, to: &file) }
      try archive.finish(&file)
    }
    return try folder.bytes("made")
  }

  private func whole() throws -> [UInt8] {
    try NPZ.write(
      [NPZArray(name: "x", shape: [2], values: .uint8([1, 2]))], to: folder.file("made"))
    return try folder.bytes("made")
  }

  @Test func noArchive() throws {
    let wanted =
      "a: expected a zip archive, as .npz files are, got other or missing bytes; "
      + "copy or download it again, or write it with numpy.savez."
    #expect(try failure([]) == wanted)
    #expect(try failure(Array("label,image".utf8)) == wanted)
    let bytes = try whole()
    for count in [10, 60, bytes.count - 1] {
      #expect(try failure(Array(bytes.prefix(count))) == wanted)
    }
    for offset in [0, bytes.count - 22 - 51, bytes.count - 6] {
      var broken = bytes
      broken[offset] ^= 0xFF
      #expect(try failure(broken) == wanted, "byte \(offset)")
    }
  }

  @Test func wrongCheckSum() throws {
    var bytes = try whole()
    let last = try #require(bytes.lastIndex(of: 0x0A))
    bytes[last + 1] ^= 1
    #expect(
      try failure(bytes) == "a: expected 'x.npy' with the check sum in the archive, "
        + "got another one; copy or download the file again.")
  }

  @Test func entriesOfOtherKinds() throws {
    let bytes = try whole()
    let directory = bytes.count - 22 - 46 - 5
    var encrypted = bytes
    encrypted[directory + 8] |= 1
    #expect(
      try failure(encrypted) == "a: expected entries that are stored or deflated, "
        + "got an encrypted 'x.npy'; write it with numpy.savez or numpy.savez_compressed.")
    var other = bytes
    other[directory + 10] = 14
    #expect(try failure(other).contains("got method 14 in 'x.npy'; "))
    // Sizes that an extra field should hold, which isn't there; and a directory whose place another record should.
    for offset in [directory + 20, directory + 24, directory + 42, bytes.count - 6] {
      var wide = bytes
      for place in offset..<offset + 4 { wide[place] = 0xFF }
      #expect(try failure(wide).contains("expected a zip archive"))
    }
  }

  /// A deflated entry gets as many bytes as the directory states, and all together no more than the
  /// limit.
  @Test func entriesThatExpandFurtherThanTheyState() throws {
    // 36 bytes of text, made by Python's `zlib`.
    let deflated = Array(
      try #require(
        Data(base64Encoded: "y89LVUjLLM5QKCnPhzCKUlMgjKScUogcAA==")))
    var bytes = try archive(deflated)
    let directory = bytes.count - 22 - 46 - 5
    bytes[directory + 10] = 8
    bytes[directory + 24] = 35
    #expect(
      try failure(bytes) == "a: expected 'x.npy' of 35 bytes, as the archive states, got more; "
        + "copy or download the file again.")
    let path = try folder.put(bytes, "a.npz")
    _ = try ZipArchive.Reader(path) { _ in 35 }
    #expect(
      sentence { _ = try ZipArchive.Reader(path) { _ in 34 } }.hasPrefix(
        "\(path): expected data that expand to at most "))
  }

  @Test func elementTypes() throws {
    for type in [">f4", "<f2", "|O", "<c8", "<U0", "<U99999999999999999999", "<U70000"] {
      let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (2,), }\n"
      #expect(
        try failure(npy: header) == "a: expected array 'x' to have one of numpy's types u1, i4, "
          + "i8, f4, f8, bool and str, little-endian, got \(type); "
          + "convert it with astype before saving.")
    }
  }

  @Test func fortranOrder() throws {
    #expect(
      try failure(npy: "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }\n")
        == "a: expected array 'x' in row-major order, got Fortran order; "
        + "save numpy.ascontiguousarray(x) instead.")
  }

  @Test(arguments: [
    "(3,)", "(-2,)", "(4611686018427387904, 4)", "(2305843009213693952, 2)", "(2, 1, 2)",
  ])
  func shapesThatDoNotMatch(shape: String) throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }\n"
    let text = try failure(npy: header, elements: [UInt8](repeating: 0, count: 8))
    #expect(text.hasPrefix("a: expected array 'x' of shape ["))
    #expect(
      text.hasSuffix(
        " to have 4 bytes for each element, got 8 bytes in all; copy or download the file again."))
  }

  @Test func headers() throws {
    #expect(
      try failure(archive(Array("label,image,and so on".utf8)))
        == "a: expected array 'x' in numpy's .npy form, got other bytes; "
        + "write the file with numpy.savez.")
    #expect(
      try failure(archive(NPYFile.magic + [1, 0, 255, 255, 1, 1, 1, 1]))
        == "a: expected array 'x' with a whole header, got a cut one; "
        + "copy or download the file again.")
    #expect(
      try failure(npy: "{'descr': '<f4', 'fortran_order': False, 'shape': (two,), }")
        .hasPrefix("a: expected array 'x' with a shape, got "))
  }

  /// What could not be read again is not written.
  @Test(arguments: [[3], [-2, -1], [.max, 4]])
  func shapesThatDoNotMatchWhileWriting(shape: [Int]) throws {
    let path = folder.file("out.npz")
    let array = NPZArray(name: "x", shape: shape, values: .float32([1, 2]))
    #expect(
      sentence { try NPZ.write([array], to: path) }
        == "\(path): expected as many values in 'x' as its shape \(shape) says, got 2; change the "
        + "shape or the values.")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func arraysOfOneNameWhileWriting() throws {
    let path = folder.file("out.npz")
    let array = NPZArray(name: "x", shape: [1], values: .float32([1]))
    #expect(
      sentence { try NPZ.write([array, array], to: path) }
        == "\(path): expected a different name for each array, got two called 'x'; rename one of "
        + "them.")
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
