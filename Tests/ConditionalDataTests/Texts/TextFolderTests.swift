import Foundation
import RecordTypes
import Testing

@testable import ConditionalData

/// Texts in folders that are named as their classes.
@Suite struct TextFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func put(_ text: String, _ name: String) throws {
    let path = (folder.file(name) as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try folder.put(text, name)
  }

  private func texts(_ data: DataSet) -> [String?] {
    (0..<data.count).map { data.columns[0].text($0) }
  }

  private func labels(_ data: DataSet) -> [String?] {
    let levels = data.schema.fields[1].levels
    return (0..<data.count).map { data.columns[1].level($0).map { levels[Int($0)] } }
  }

  private func notes(_ data: DataSet) -> [String] {
    data.notes.map { $0.replacingOccurrences(of: folder.path, with: "…") }
  }

  @Test func foldersAreClasses() throws {
    try put("a fine boot\r\n", "good/1.txt")
    try put("\u{FEFF}fine\r\nboots\r\n\n", "good/deep/2.TXT")
    try put("", "bad/1.txt")
    try put("leaks", "bad/2.txt")
    try put("no text", "bad/2.md")
    try put("read me", "readme.txt")
    let data = try DataSet.load(folder.path)
    #expect(data.schema.fields.map(\.name) == ["text", "label"])
    #expect(texts(data) == ["", "leaks", "a fine boot", "fine\r\nboots\r\n"])
    #expect(labels(data) == ["bad", "bad", "good", "good"])
    #expect(data.schema.fields[0].textKind == TextKind(longest: 14, tokens: .bytes))
    #expect(data.ownTest == nil)
    #expect(notes(data) == ["…: 1 text outside of the class folders left out: readme.txt."])
  }

  @Test func testTextsAreTheTestSplit() throws {
    for (index, name) in ["test/bad/1", "test/good/1", "train/bad/1", "train/good/1"].enumerated() {
      try put("\(index)", "\(name).txt")
    }
    try put(
      "fields: {text: {tokens: pairs, longest: 9}, label: {levels: [good, bad]}}", "schema.yaml")
    let data = try DataSet.load(folder.path)
    #expect(texts(data) == ["2", "3", "0", "1"])
    #expect(labels(data) == ["bad", "good", "bad", "good"])
    #expect(data.schema.fields[1].levels == ["good", "bad"])
    #expect(data.schema.fields[0].textKind == TextKind(longest: 9, merges: 0))
    #expect(data.ownTest == 2..<4)
    #expect(
      notes(data) == [
        "…: 'test' and 'train' are read as splits, not as classes: the texts in 'train' are divided "
          + "into training and validation splits; the 2 texts in 'test' are the test split."
      ])
  }

  @Test func filesThatAreNoTextAreLeftOut() throws {
    try put("a", "train/x/1.txt")
    try put("b", "train/y/2.txt")
    try put("c", "test/x/3.txt")
    try put("", "test/x/1.txt")
    try folder.put([0x61, 0xFF], "train/x/1.txt")
    let data = try DataSet.load(folder.path)
    #expect(texts(data) == ["b", "", "c"])
    #expect(labels(data) == ["y", "x", "x"])
    #expect(data.ownTest == 1..<3)
    #expect(notes(data)[1] == "…: 1 text of 4 left out: 'train/x/1.txt' isn't UTF-8.")
    for name in ["train/y/2.txt", "test/x/3.txt", "test/x/1.txt"] { try folder.put([0xFF], name) }
    #expect(
      sentence { _ = try DataSet.load(folder.path) }
        == "\(folder.path): expected texts in UTF-8, got 4 files that can't be read as "
        + "such; save them with the encoding UTF-8.")
  }

  /// Where no label is needed.
  @Test func textsAloneAreRecords() throws {
    try put("b\n", "2.txt")
    try put("a", "1.txt")
    let readers = DataReader.builtIn + DataReader.textsAlone
    let data = try DataSet.load(folder.path, readers: readers)
    #expect(data.schema.fields.map(\.name) == ["text"] && texts(data) == ["a", "b"])
    #expect(notes(data).isEmpty)
    let one = try DataSet.load(folder.file("2.txt"), readers: readers)
    #expect(one.schema.fields.map(\.name) == ["text"] && texts(one) == ["b"])
    try put("c", "good/3.txt")
    #expect(try texts(DataSet.load(folder.path, readers: readers)) == ["c"])
  }

  /// Texts beside pictures are something else, such as their captions.
  @Test func foldersOfPicturesAreNoFoldersOfTexts() throws {
    try put("a boot", "boot/1.txt")
    #expect(TextFolder.isOne(folder.path))
    try put("", "boot/1.png")
    #expect(!TextFolder.isOne(folder.path))
    try FileManager.default.removeItem(atPath: folder.file("boot/1.png"))
    try put("file_name\n", "metadata.csv")
    #expect(!TextFolder.isOne(folder.path))
    try FileManager.default.removeItem(atPath: folder.file("metadata.csv"))
    try FileManager.default.removeItem(atPath: folder.file("boot/1.txt"))
    try put("a boot", "1.txt")
    #expect(!TextFolder.isOne(folder.path))
  }
}
