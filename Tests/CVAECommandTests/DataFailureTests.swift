import Foundation
import Testing

/// Data that can't be trained on cost one sentence, and nothing is written.
@Suite struct DataFailureTests {
  let folder: TemporaryFolder
  let data: String
  let configuration: String

  init() throws {
    folder = try TemporaryFolder()
    data = try TinyData.putIDX(into: folder)
    configuration = try TinyData.putConfiguration(into: folder)
  }

  /// Trains, expects a refusal that changes no file, and hands over the result.
  private func refused(
    _ words: String, _ more: String..., at location: SourceLocation = #_sourceLocation
  ) throws -> Command.Result {
    let before = try folder.content()
    let result = try Command.run(
      ["train", data, "--config", configuration, "--output", folder.file("run")] + more)
    result.expectRefusal(words, at: location)
    #expect(try folder.content() == before, sourceLocation: location)
    return result
  }

  @Test func truncatedFile() throws {
    try folder.put(TinyData.imageFile(TinyData.turns(60)).dropLast(7), "data/\(TinyData.images)")
    let result = try refused("the file is cut short")
    #expect(
      result.sentence(in: folder)
        == "Error: …/data/train-images-idx3-ubyte: expected 3856 bytes for 60 images of 8 × 8, "
        + "got 3849 bytes; the file is cut short, so copy it again.")
  }

  @Test func labelsInsteadOfImages() throws {
    try folder.put(TinyData.labelFile(TinyData.turns(60)), "data/\(TinyData.images)")
    let result = try refused("expected an image file")
    #expect(
      result.sentence(in: folder)
        == "Error: …/data/train-images-idx3-ubyte: expected an image file (magic number 2051), "
        + "got a label file (2049); check that the files aren't swapped.")
  }

  @Test func imagesInsteadOfLabels() throws {
    try folder.put(TinyData.imageFile(TinyData.turns(60)), "data/\(TinyData.labels)")
    _ = try refused("expected a label file (magic number 2049), got an image file")
  }

  @Test func countsThatDiffer() throws {
    try folder.put(TinyData.labelFile(TinyData.turns(59)), "data/\(TinyData.labels)")
    _ = try refused("got 59")
  }

  @Test func noData() throws {
    try FileManager.default.removeItem(atPath: data)
    _ = try refused("No such file or directory; check the path")
  }

  @Test func unknownForm() throws {
    try FileManager.default.removeItem(atPath: data)
    try folder.put("no data".utf8, "data/readme.txt")
    _ = try refused("expected a folder of IDX files")
  }

  @Test func oneRecord() throws {
    try TinyData.putIDX(into: folder, train: 1)
    _ = try refused("expected at least 2 records to train on, got 1")
  }

  @Test func oneClass() throws {
    try TinyData.putIDX(into: folder, labels: [UInt8](repeating: 2, count: 60))
    let result = try refused("every record has label '2'")
    #expect(
      result.sentence(in: folder)
        == "Error: every record has label '2'; a condition needs at least two levels, so give "
        + "another field or add records with other levels.")
  }

  @Test func batchLargerThanTheDataIsTold() throws {
    let result = try Command.run(
      "train", data, "--given", "label", "--epochs", "1", "--batch", "100", "--output",
      folder.file("run"))
    #expect(result.status == 0)
    #expect(
      result.errors.contains(
        "the training split has only 57 records, fewer than a batch of 100: each step takes all"))
  }

  @Test func unknownField() throws {
    let result = try refused("the nearest is 'label'", "--given", "lable")
    #expect(
      result.sentence(in: folder)
        == "Error: No field is named 'lable'; the nearest is 'label'; known: 'image', 'label'; "
        + "or 'any', with which any field can be given later.")
    _ = try refused(
      "'any' lets any field be given later and stands alone, got also 'label'", "--given",
      "any,label")
  }

  @Test func everyFieldGiven() throws {
    _ = try refused("at least one field to generate", "--given", "label,image")
  }

  @Test func noFieldGiven() throws {
    let before = try folder.content()
    let result = try Command.run("train", data, "--output", folder.file("run"))
    result.expectRefusal("expected at least one given field, got none; name it with --given")
    #expect(try folder.content() == before)
  }
}
