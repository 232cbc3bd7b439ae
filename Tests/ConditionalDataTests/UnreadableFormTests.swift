import Foundation
import Testing

@testable import ConditionalData

@Suite struct UnreadableFormTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func expected(
    _ actual: String, advice: String = "write the fields as arrays with numpy.savez"
  ) -> String {
    ": expected a folder of IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte), a .csv, "
      + ".tsv or .jsonl table, a folder of tables train.csv, validation.csv and test.csv, an .npz "
      + "file, or a folder of .txt files in class folders, got "
      + "\(actual); \(advice)."
  }

  @Test(arguments: [
    ("a.json", "a JSON file, which is read as .jsonl, with an object on each line"),
    ("a.png", "a picture instead of a folder of them"), ("a", "a file of another kind"),
    ("train-images-idx3-ubyte.gz", "one IDX file instead of its folder"),
  ])
  func file(name: String, actual: String) throws {
    let path = try folder.put("text", name)
    #expect(sentence { _ = try DataSet.load(path) } == path + expected(actual))
  }

  @Test func oneText() throws {
    let path = try folder.put("text", "a.txt")
    #expect(
      sentence { _ = try DataSet.load(path) }
        == path
        + expected(
          "a text instead of a folder of them",
          advice: "put texts into a folder for each class, such as good/1.txt"))
  }

  @Test func folderOfPictures() throws {
    let path = folder.path
    let advice = "put pictures into a folder for each class, such as boot/1.png, or name a table"
    #expect(
      sentence { _ = try DataSet.load(path) }
        == path + expected("an empty folder", advice: advice))
    try folder.put("", "notes.md")
    #expect(
      sentence { _ = try DataSet.load(path) }
        == path + expected("a folder without these files", advice: advice))
    try folder.put("", "orders.csv")
    #expect(
      sentence { _ = try DataSet.load(path) }
        == path
        + expected(
          "a folder without these files",
          advice: "name the table itself, 'orders.csv' in the folder"))
    try folder.put("", "1.JPG")
    #expect(
      sentence { _ = try DataSet.load(path) }
        == path
        + expected(
          "a folder of pictures without class folders or a metadata.csv",
          advice: "put the pictures into a folder for each class"))
    let reader =
      "import the product CVAEPictures and load with readers: DataReader.builtIn + [.pictures()]"
    try folder.put("file_name\n1.JPG\n", "metadata.csv")
    #expect(
      sentence { _ = try DataSet.load(path) }
        == path + expected("a folder of pictures", advice: reader))
    try FileManager.default.removeItem(atPath: folder.file("metadata.csv"))
    try FileManager.default.createDirectory(
      atPath: folder.file("boot"), withIntermediateDirectories: false)
    try folder.put("", "boot/1.png")
    #expect(
      sentence { _ = try DataSet.load(path) }
        == path + expected("a folder of pictures", advice: reader))
  }

  @Test func folderOfMoreTablesThanSplits() throws {
    for name in ["train.csv", "test.csv", "orders.csv", "Notes.tsv.gz"] { try folder.put("", name) }
    #expect(
      sentence { _ = try DataSet.load(folder.path) }
        == folder.path
        + expected(
          "one with the tables Notes.tsv.gz, orders.csv, test.csv and train.csv",
          advice: "such a folder has no other tables beside those of splits: move Notes.tsv.gz and "
            + "orders.csv elsewhere, or name one table"))
  }

  @Test func folderOfLooseTexts() throws {
    try folder.put("a", "1.txt")
    #expect(
      sentence { _ = try DataSet.load(folder.path) }
        == folder.path
        + expected(
          "a folder of .txt files without class folders",
          advice: "put the texts into a folder for each class"))
  }

  @Test(.enabled(if: geteuid() != 0, "root may open every folder"))
  func closedFolder() throws {
    let path = folder.file("closed")
    #expect(mkdir(path, 0) == 0)
    #expect(
      sentence { _ = try DataSet.load(path) }
        == path + expected("a folder that can't be opened", advice: "check the permissions"))
  }

  @Test(.timeLimit(.minutes(1))) func folderOfLinks() throws {
    for name in ["a", "b"] {
      #expect(mkdir(folder.file(name), 0o700) == 0)
      for (index, target) in ["..", "../a", "../b", ".", "/"].enumerated() {
        #expect(symlink(target, folder.file("\(name)/\(index)")) == 0)
      }
    }
    #expect(
      sentence { _ = try DataSet.load(folder.path) }
        == folder.path
        + expected(
          "a folder without these files",
          advice: "put pictures into a folder for each class, such as boot/1.png, or name a table"))
  }

  @Test func missing() {
    let path = folder.file("none.npz")
    #expect(
      sentence { _ = try DataSet.load(path) }
        == "Can't open '\(path)': No such file or directory; check the path.")
  }
}
