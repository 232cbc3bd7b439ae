import Foundation
import RecordTypes
import Testing

@testable import ConditionalData
@testable import PictureData

/// Class folders that lie in folders for training, validation and testing.
@Suite struct SplitFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Pictures whose grey values are their positions in the list.
  private func put(_ names: [String]) throws {
    for (index, name) in names.enumerated() {
      let path = (folder.file(name) as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try folder.put(PictureBytes.flat(UInt8(index)), name)
    }
  }

  private func load() throws -> DataSet { try DataSet.load(folder.path, pictures: nil) }

  private func labels(_ data: DataSet) throws -> [String?] {
    let levels = try data.schema.field("label").levels
    return (0..<data.count).map { data.columns[1].level($0).map { levels[Int($0)] } }
  }

  private func notes(_ data: DataSet) -> [String] {
    data.notes.map { $0.replacingOccurrences(of: folder.path, with: "…") }
  }

  private func greys(_ data: DataSet) throws -> [UInt8] {
    let bytes = try #require(data.columns[0].bytes)
    return (0..<data.count).map { bytes[$0 * data.columns[0].width] }
  }

  @Test func testPicturesAreTheTestSplit() throws {
    try put([
      "Train/cat/1.png", "Train/dog/deep/1.png", "test/cat/1.png", "test/dog/1.png",
      "test/dog/2.png", "valid/cat/1.png", "valid/cat.png",
    ])
    let data = try load()
    #expect(try greys(data) == [0, 1, 5, 2, 3, 4])
    #expect(try labels(data) == ["cat", "dog", "cat", "cat", "dog", "dog"])
    #expect(data.ownTest == 3..<6)
    #expect(
      notes(data) == [
        "…: 'Train', 'test' and 'valid' are read as splits, not as classes: the pictures in 'Train' "
          + "and 'valid' are divided into training and validation splits; the 3 pictures in 'test' "
          + "are the test split.",
        "…: 1 picture outside of the class folders left out: valid/cat.png.",
      ])
  }

  @Test func withoutTestPicturesASplitIsTaken() throws {
    try put(["train/cat/1.png", "train/dog/1.png", "val/cat/1.png"])
    let data = try load()
    #expect(try labels(data) == ["cat", "dog", "cat"])
    #expect(data.ownTest == nil)
    #expect(
      notes(data) == [
        "…: 'train' and 'val' are read as splits, not as classes: the pictures in 'train' and 'val' "
          + "are divided into training, validation and test splits."
      ])
  }

  /// Contests publish test pictures without their classes.
  @Test func unlabelledTestPicturesAreLeftOut() throws {
    try put(["train/cat/1.png", "train/dog/1.png", "test/1.png", "test/2.png"])
    let data = try load()
    #expect(try labels(data) == ["cat", "dog"])
    #expect(
      notes(data).last
        == "…: 2 pictures outside of the class folders left out: test/1.png and test/2.png.")
    // A stray picture doesn't make them classes either.
    try put(["train/stray.png"])
    #expect(try labels(load()) == ["cat", "dog"])
  }

  @Test(arguments: [
    (["train/1.png", "train/x/1.png", "val/1.png"], ["train", "train", "val"], true),
    (["train/x/1.png", "ship/x/1.png"], ["ship", "train"], false),
    (["test/x/1.png", "val/x/1.png"], ["test", "val"], true),
    (["train/1.png", "plane/1.png"], ["plane", "train"], false),
  ])
  func otherFoldersAreClasses(names: [String], classes: [String], isDoubtful: Bool) throws {
    try put(names)
    let data = try load()
    #expect(try labels(data) == classes)
    #expect(data.notes.isEmpty == !isDoubtful, "\(data.notes)")
    #expect(
      data.notes.allSatisfy {
        $0.hasSuffix(
          "are read as classes, since not every folder is a split that holds class folders.")
      })
  }

  @Test func brokenPicturesLeaveTheSplitsAsTheyAre() throws {
    let trained = (0..<150).map { "train/cat/\($0 + 100).png" }
    try put(trained + (0..<50).map { "test/dog/\($0 + 100).png" })
    try folder.put([1, 2, 3], "train/cat/120.png")
    try folder.put([1, 2, 3], "test/dog/100.png")
    let data = try load()
    #expect(data.ownTest == 149..<198)
    #expect(try labels(data)[148...149] == ["cat", "dog"])
  }
}
