import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

@Suite struct NPZTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(_ arrays: [NPZArray]) throws -> DataSet {
    try NPZ.write(arrays, to: folder.file("data.npz"))
    return try DataSet.load(folder.file("data.npz"))
  }

  private func failure(_ arrays: [NPZArray]) -> String {
    sentence { _ = try load(arrays) }
      .replacingOccurrences(of: folder.file("data.npz"), with: "data.npz")
  }

  @Test func makesAFieldOfEachArray() throws {
    let data = try load([
      NPZArray(name: "picture", shape: [2, 1, 2], values: .uint8([0, 1, 254, 255])),
      NPZArray(name: "colour", shape: [2, 1, 1, 3], values: .uint8([1, 2, 3, 4, 5, 6])),
      NPZArray(name: "mask", shape: [2, 1, 1], values: .boolean([true, false])),
      NPZArray(name: "size", shape: [2], values: .int64([10, 9])),
      NPZArray(name: "small", shape: [2], values: .uint8([7, 7])),
      NPZArray(name: "new", shape: [2], values: .boolean([true, false])),
      NPZArray(name: "name", shape: [2], values: .text(["boot", ""])),
      NPZArray(name: "heel", shape: [2], values: .float64([1.5, .nan])),
      NPZArray(name: "place", shape: [2, 2], values: .float32([1, 2, 3, 4])),
    ])
    func image(_ height: Int, _ width: Int, _ channels: Int) -> FieldKind {
      .image(ImageSize(height: height, width: width, channels: channels))
    }
    #expect(
      data.schema.fields == [
        Field(name: "picture", kind: image(1, 2, 1)), Field(name: "colour", kind: image(1, 1, 3)),
        Field(name: "mask", kind: image(1, 1, 1)),
        Field(name: "size", kind: .category(levels: ["9", "10"])),
        Field(name: "small", kind: .category(levels: ["7"])),
        Field(name: "new", kind: .category(levels: ["false", "true"])),
        Field(name: "name", kind: .category(levels: ["boot"])),
        Field(name: "heel", kind: .number), Field(name: "place", kind: .vector(count: 2)),
      ])
    #expect(
      data.columns[..<7] == [
        .grey([0, 1, 254, 255], width: 2),
        .bytes([1, 2, 3, 4, 5, 6] as [UInt8], size: ImageSize(height: 1, width: 1, channels: 3)),

        .grey([255, 0], width: 1), .levels([1, 0]), .levels([0, 0]), .levels([1, 0]),
        .levels([0, nil]),
      ])
    #expect(data.columns[7] == .numbers([1.5, nil]))
    #expect(data.columns[8] == .numbers([1, 2, 3, 4], width: 2))
    #expect(data.ownTest == nil)
  }

  /// Two spellings of é are two levels, but no names of two fields.
  @Test func namesAndTextsAreComparedByTheirBytes() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    let data = try load([
      NPZArray(name: "a", shape: [3], values: .text([composed, decomposed, composed]))
    ])
    #expect(
      data.schema.fields[0].levels.map { Array($0.utf8) }
        == [decomposed, composed].map { Array($0.utf8) })
    #expect(data.columns == [.levels([1, 0, 1] as [Int32])])
    // NPZ.write refuses such names too, so a letter of the file is replaced.
    let path = folder.file("data.npz")
    try NPZ.write(
      ["x\u{E9}", "xq\u{301}"].map { NPZArray(name: $0, shape: [1], values: .float32([1])) },
      to: path)
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    for index in bytes.indices where bytes[index...].starts(with: Array("q\u{301}".utf8)) {
      bytes[index] = UInt8(ascii: "e")
    }
    try folder.put(bytes, "data.npz")
    #expect(
      sentence { _ = try DataSet.load(path) }.contains(
        "expected each name once, got two spellings of one name, 'x\u{E9}' (U+0078 U+00E9) and "
          + "'xe\u{301}' (U+0078 U+0065 U+0301)"))
  }

  @Test func readsAnArchiveOfAnotherName() throws {
    try NPZ.write(
      [NPZArray(name: "x", shape: [1], values: .float32([1]))], to: folder.file("data.bin"))
    #expect(try DataSet.load(folder.file("data.bin")).count == 1)
  }

  @Test func comparesCounts() {
    let text = failure([
      NPZArray(name: "a", shape: [2], values: .float32([1, 2])),
      NPZArray(name: "b", shape: [1, 2], values: .float32([1, 2])),
    ])
    #expect(
      text == "data.npz: expected arrays with an entry for each record, got 'a' of shape [2] and "
        + "'b' of [1, 2]; give all arrays the same first extent.")
  }

  @Test func saysWhatAnArrayCanBe() {
    let text = failure([NPZArray(name: "a", shape: [1, 1, 1], values: .float32([1]))])
    #expect(
      text == "data.npz: expected array 'a' to be images (uint8 [n, height, width] or "
        + "[n, height, width, channels]), a category (integers or texts [n]), numbers (float [n]) "
        + "or vectors (float [n, count]), got float32 of shape [1, 1, 1]; "
        + "convert it before saving, or leave it out.")
    for array in [
      NPZArray(name: "a", shape: [], values: .float32([1])),
      NPZArray(name: "a", shape: [1, 1, 1], values: .int64([1])),
      NPZArray(name: "a", shape: [1, 1], values: .uint8([1])),
    ] {
      #expect(failure([array]).hasPrefix("data.npz: expected array 'a' to be images"))
    }
    #expect(
      failure([NPZArray(name: "a", shape: [2], values: .text(["", ""]))])
        .contains("got empty texts of shape [2]; "))
  }

  @Test func needsValues() {
    #expect(
      failure([NPZArray(name: "a", shape: [0], values: .int64([]))])
        == "data.npz: expected values in array 'a', got an empty one of shape [0]; "
        + "leave it out or fill it.")
    #expect(
      failure([]) == "data.npz: expected an array for each field, got none; "
        + "write it with numpy.savez(path, image=images, label=labels).")
    #expect(
      failure([NPZArray(name: "a", shape: [2], values: .float64([0, .infinity]))])
        .hasSuffix(
          "expected finite numbers in field 'a', got inf in record 1; "
            + "correct the record."))
  }
}
