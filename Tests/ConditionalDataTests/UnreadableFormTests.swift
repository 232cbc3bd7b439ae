import Foundation
import Testing

@testable import ConditionalData

@Suite struct UnreadableFormTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func expected(_ actual: String) -> String {
    ": expected a folder of IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte) or an "
      + ".npz file, got \(actual); write the fields as arrays with numpy.savez."
  }

  @Test(arguments: [
    ("a.csv", "a CSV table, which isn't readable yet"),
    ("a.TSV.gz", "a CSV table, which isn't readable yet"),
    ("a.jsonl", "a JSON file, which isn't readable yet"),
    ("a.png", "a picture, which isn't readable yet"), ("a", "a file of another kind"),
    ("train-images-idx3-ubyte.gz", "one IDX file instead of its folder"),
  ])
  func file(name: String, actual: String) throws {
    let path = try folder.put("text", name)
    #expect(sentence { _ = try DataSet.load(path) } == path + expected(actual))
  }

  @Test func folderOfPictures() throws {
    let path = folder.path
    #expect(
      sentence { _ = try DataSet.load(path) } == path + expected("a folder without these files"))
    try FileManager.default.createDirectory(
      atPath: folder.file("boots"), withIntermediateDirectories: true)
    try folder.put("", "boots/1.JPG")
    #expect(
      sentence { _ = try DataSet.load(path) }
        == path + expected("a folder of pictures, which isn't readable yet"))
  }

  @Test func missing() {
    let path = folder.file("none.npz")
    #expect(
      sentence { _ = try DataSet.load(path) }
        == "Can't open '\(path)': No such file or directory; check the path.")
  }
}
