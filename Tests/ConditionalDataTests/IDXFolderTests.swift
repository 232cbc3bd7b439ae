import Foundation
import RecordTypes
import Testing

@testable import ConditionalData

@Suite struct IDXFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The sentence about the folder; its path is cut out.
  private func failure(_ location: SourceLocation = #_sourceLocation) -> String {
    sentence(location) { _ = try DataSet.load(folder.path) }
      .replacingOccurrences(of: folder.path + "/", with: "")
      .replacingOccurrences(of: folder.path, with: "folder")
  }

  @Test func putsTrainingBeforeTest() throws {
    try IDX.put(into: folder)
    let data = try DataSet.load(folder.path)
    #expect(data.count == 6)
    #expect(data.ownTest == 4..<6)
    #expect(data.source == folder.path)
    #expect(
      try data.schema
        == RecordSchema(fields: [
          Field(name: "image", kind: .image(ImageSize(height: 2, width: 3, channels: 1))),
          Field(name: "label", kind: .category(levels: (0...9).map(String.init))),
        ]))
    #expect(data.columns[0] == .grey(Array(0..<24) + Array(100..<112), width: 6))
    #expect(data.columns[1] == .levels([3, 1, 4, 1, 5, 9]))
  }

  @Test func needsNoTestFiles() throws {
    try IDX.put(into: folder, withTest: false)
    let data = try DataSet.load(folder.path)
    #expect(data.count == 4)
    #expect(data.ownTest == nil)
  }

  @Test func hasMoreThanTenLevelsWhereTheLabelsDo() throws {
    try IDX.put(into: folder)
    try folder.put(IDX.labels([0, 25]), IDX.testLabels)
    #expect(try DataSet.load(folder.path).schema.field("label").levels.count == 26)
  }

  @Test func compressedFilesAreTheSame() throws {
    try IDX.put(into: folder)
    let plain = try DataSet.load(folder.path)
    for name in [IDX.trainImages, IDX.trainLabels, IDX.testImages, IDX.testLabels] {
      let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
      try folder.put(IDX.gzip(bytes), name + ".gz")
      try FileManager.default.removeItem(atPath: folder.file(name))
    }
    let compressed = try DataSet.load(folder.path)
    #expect(compressed.columns == plain.columns)
    #expect(compressed.schema == plain.schema)
    #expect(compressed.fingerprint == plain.fingerprint)
  }

  @Test(arguments: [IDX.trainImages, IDX.trainLabels, IDX.testImages, IDX.testLabels])
  func namesAMissingFile(name: String) throws {
    try IDX.put(into: folder)
    try FileManager.default.removeItem(atPath: folder.file(name))
    #expect(
      failure() == "folder: expected a file \(name) or \(name).gz, got neither; "
        + "put it there, or check its name.")
  }

  @Test func tellsSwappedFiles() throws {
    try IDX.put(into: folder)
    try folder.put(IDX.labels([1, 2]), IDX.trainImages)
    #expect(
      failure() == "train-images-idx3-ubyte: expected an image file (magic number 2051), "
        + "got a label file (2049); check that the files aren't swapped.")
    try IDX.put(into: folder)
    try folder.put(IDX.images(count: 1), IDX.testLabels)
    #expect(
      failure() == "t10k-labels-idx1-ubyte: expected a label file (magic number 2049), "
        + "got an image file (2051); check that the files aren't swapped.")
  }

  @Test func tellsOtherFiles() throws {
    try IDX.put(into: folder)
    try folder.put("<html>", IDX.trainImages)
    #expect(
      failure() == "train-images-idx3-ubyte: expected an image file (magic number 2051), "
        + "got 1013478509, which is not an IDX file of bytes; download it again.")
    try folder.put([0, 0], IDX.trainImages)
    #expect(failure().contains("got a file of fewer than 4 bytes; download it again."))
  }

  @Test func countsBytes() throws {
    try IDX.put(into: folder)
    let whole = IDX.images(count: 4)
    try folder.put(whole.dropLast(), IDX.trainImages)
    #expect(
      failure()
        == "train-images-idx3-ubyte: expected 40 bytes for 4 images of 2 × 3, got 39 bytes; "
        + "the file is cut short, so copy it again.")
    try folder.put(whole + [0], IDX.trainImages)
    #expect(
      failure()
        == "train-images-idx3-ubyte: expected 40 bytes for 4 images of 2 × 3, got 41 bytes; "
        + "copy the file again.")
    try folder.put(Array(whole.prefix(10)), IDX.trainImages)
    #expect(
      failure() == "train-images-idx3-ubyte: expected a header of 16 bytes, got 10 bytes; "
        + "the file is cut short, so copy it again.")
    try folder.put([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12), IDX.trainImages)
    #expect(
      failure() == "train-images-idx3-ubyte: expected \(Int.max / 2 + 16) bytes for 4294967295 "
        + "images of 4294967295 × 4294967295, got 16 bytes; "
        + "the file is cut short, so copy it again.")
    try folder.put(IDX.images(count: 0), IDX.trainImages)
    #expect(
      failure()
        == "train-images-idx3-ubyte: expected at least one item of one byte or more, got 0 images of 2 × 3; "
        + "check how the file was made.")
  }

  @Test func comparesImagesAndLabels() throws {
    try IDX.put(into: folder)
    try folder.put(IDX.labels([1, 2, 3]), IDX.trainLabels)
    #expect(
      failure() == "train-labels-idx1-ubyte: expected 4 labels, one for each image in "
        + "train-images-idx3-ubyte, got 3; take both files from the same data set.")
  }

  @Test func comparesTrainingAndTest() throws {
    try IDX.put(into: folder)
    try folder.put(IDX.images(count: 2, height: 3, width: 2), IDX.testImages)
    #expect(
      failure() == "t10k-images-idx3-ubyte: expected images of 2 × 3 as in "
        + "train-images-idx3-ubyte, got 3 × 2; take both files from the same data set.")
  }

  @Test func tellsBrokenCompression() throws {
    try IDX.put(into: folder, withTest: false)
    try FileManager.default.removeItem(atPath: folder.file(IDX.trainImages))
    var bytes = IDX.gzip(IDX.images(count: 4))
    try folder.put(bytes.dropLast(20), IDX.trainImages + ".gz")
    #expect(
      failure() == "train-images-idx3-ubyte.gz: expected whole gzip data, "
        + "got \(bytes.count - 20) bytes that end too early; copy or download it again.")
    bytes[40] ^= 1
    try folder.put(bytes, IDX.trainImages + ".gz")
    #expect(
      failure() == "train-images-idx3-ubyte.gz: expected gzip data, got damaged ones; "
        + "copy or download it again.")
  }
}
