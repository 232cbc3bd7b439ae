import Foundation
import Testing

/// A configuration that can't be used costs one sentence that says where, and nothing is written.
@Suite struct ConfigurationFailureTests {
  let folder: TemporaryFolder
  let data: String

  init() throws {
    folder = try TemporaryFolder()
    data = try TinyData.putIDX(into: folder)
  }

  private func sentence(
    _ yaml: String, at location: SourceLocation = #_sourceLocation
  ) throws -> String {
    let path = try folder.put(yaml.utf8, "run.yaml")
    let before = try folder.content()
    let result = try Command.run(
      "train", data, "--config", path, "--given", "label", "--output", folder.file("run"))
    result.expectRefusal(at: location)
    #expect(try folder.content() == before, sourceLocation: location)
    return result.sentence(in: folder)
  }

  @Test func malformed() throws {
    let sentence = try sentence("training:\n  batch: [1, 2\n")
    #expect(sentence.hasPrefix("Error: …/run.yaml: line "), "\(sentence)")
    #expect(sentence.contains("expected YAML"), "\(sentence)")
  }

  @Test func unknownKey() throws {
    #expect(
      try sentence("training: {epoch: 3}")
        == "Error: …/run.yaml: No key of training is named 'epoch'; the nearest is 'epochs'; "
        + "there are 20.")
  }

  @Test func unknownKeyOfTheModel() throws {
    let sentence = try sentence("model: {latnet: 3}")
    #expect(sentence.contains("the nearest is 'latent'"), "\(sentence)")
  }

  @Test func wrongType() throws {
    #expect(
      try sentence("training: {batch: many}")
        == "Error: …/run.yaml: line 1: training.batch: expected a whole number, got 'many'.")
  }

  @Test func outOfRange() throws {
    #expect(
      try sentence("training: {validation: 1.5}")
        == "Error: …/run.yaml: training.validation must be at least 0 and below 1, got 1.5.")
  }

  @Test func earlyStoppingWithoutValidation() throws {
    #expect(
      try sentence("training: {batch: 10, validation: 0, earlyStopping: {patience: 2}}")
        == "Error: …/run.yaml: early stopping needs a validation split; set training.validation "
        + "above 0, or leave training.earlyStopping out.")
  }

  @Test func noSuchFile() throws {
    let result = try Command.run(
      "train", data, "--config", folder.file("absent.yaml"), "--output", folder.file("run"))
    result.expectRefusal("absent.yaml", "no such configuration file; check the path")
    #expect(!folder.exists("run"))
  }
}
