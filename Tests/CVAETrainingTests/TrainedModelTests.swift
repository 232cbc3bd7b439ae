import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

@testable import CVAETraining

@Suite struct TrainedModelTests {
  private let folder: TemporaryFolder
  private let run: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    run = try folder.run()
    _ = try Trainer(
      data: Fixture.pictures(), configuration: Fixture.configuration { $0.epochs = 1 }, run: run,
      executor: ProbeExecutor()
    ).run()
  }

  /// Writes the model file with a change, and says how loading it fails, without the path.
  private func refusal(_ change: (inout SafetensorsFile) -> Void) throws -> String {
    var file = try SafetensorsFile.read(run.modelPath)
    change(&file)
    let path = folder("changed.safetensors")
    try file.write(to: path)
    let said = sentence { _ = try TrainedModel.load(path) }
    #expect(said.hasPrefix(path + ": "))
    return String(said.dropFirst(path.count + 2))
  }

  @Test func savedModelIsTheSameModelAndTheSameBytes() throws {
    let model = try TrainedModel.load(run.path)
    try model.save(to: folder("copy.safetensors"))
    #expect(bytes(folder("copy.safetensors")) == bytes(run.modelPath))
    let copy = try TrainedModel.load(folder("copy.safetensors"))
    #expect(copy.tensors == model.tensors)
    #expect(copy.schema == model.schema && copy.roles == model.roles)
    #expect(copy.preprocessing == model.preprocessing)
    #expect(copy.objective == model.objective && copy.provenance == model.provenance)
    #expect(copy.model.configuration == model.model.configuration)
    #expect(model.provenance.configuration == Fixture.configuration { $0.epochs = 1 })
    #expect(model.objective.likelihood == ["image": .bernoulli])
  }

  @Test func sessionHasTheTrainedValues() throws {
    let model = try TrainedModel.load(run.path)
    let session = try model.makeSession(ReferenceExecutor())
    let fresh = try ReferenceExecutor().makeSession(for: model.model.store)
    for parameter in model.model.store.parameters {
      let value = try session.value(of: parameter)
      #expect(value == model.tensors[parameter.name]?.values)
      #expect(try value != fresh.value(of: parameter), "\(parameter.name) was never trained.")
    }
  }

  @Test func headerHasTheFixedKeysSortedAndNothingOfTheMachine() throws {
    let file = try SafetensorsFile.read(run.modelPath)
    #expect(
      Set(file.metadata.keys) == [
        "schema", "preprocessing", "architecture", "objective", "provenance",
      ])
    #expect(file.metadata["architecture"]?.hasPrefix("{\"acceptsMissing\":false,") == true)
    for text in file.metadata.values {
      #expect(!text.contains(folder.path))
      #expect(!text.contains("econds"))
    }
  }

  @Test func splitIsFoundAgainForTheSameDataAlone() throws {
    let model = try TrainedModel.load(run.path)
    let data = try Fixture.pictures()
    #expect(try #require(model.split(of: data)) == DataSplit(data, seed: 1, validation: 0.2))
    #expect(model.split(of: try Fixture.pictures(changed: true)) == nil)
  }

  @Test func newerFormatAsksForAnUpdate() throws {
    let said = try refusal {
      $0.metadata["architecture"] = "{\"formatVersion\":3,\"unheardOf\":[]}"
    }
    #expect(
      said == "expected format 2 or older, got format 3, which was written by a newer version; "
        + "update swift-cvae.")
  }

  @Test func tensorsThatDontFitAreNamed() throws {
    let advice = "; the file is damaged or was changed; take another copy or train again."
    let name = "decoder.image.bias"
    #expect(
      try refusal { $0.tensors[name] = nil }
        == "expected tensor '\(name)' of shape [4], got no such tensor" + advice)
    #expect(
      try refusal { $0.tensors[name] = StoredTensor(shape: [1, 4], values: [0, 0, 0, 0]) }
        == "expected tensor '\(name)' of shape [4], got shape [1, 4]" + advice)
    let count = try TrainedModel.load(run.path).tensors.count
    #expect(
      try refusal { $0.tensors["decoder.more"] = StoredTensor(shape: [1], values: [0]) }
        == "expected the \(count) tensors of the model, got also 'decoder.more' of shape [1]"
        + advice)
  }

  @Test func otherFilesAreNoModels() throws {
    #expect(
      try refusal { $0.metadata = [:] }
        == "expected a model of swift-cvae, with 'architecture' in its header, got a header "
        + "without texts; name what 'cvae train' wrote to its --output.")
    #expect(
      try refusal { $0.metadata["schema"] = nil }.hasPrefix(
        "expected a model of swift-cvae, with 'schema' in its header, got only 'architecture', "))
    #expect(
      try refusal { $0.metadata["objective"] = "{}" }.hasPrefix(
        "expected 'objective' in the header as this version writes it, got something else ("))
    #expect(
      try refusal {
        $0.metadata["architecture"] = $0.metadata["architecture"]?.replacing("label", with: "table")
      }.hasPrefix(
        "expected 'architecture' in the header as this version writes it, got something else (No "
          + "field is named 'table'"))
  }

  @Test func pathsWithoutAModelAreNamed() throws {
    #expect(
      sentence { _ = try TrainedModel.load("/nowhere/run") }
        == "Can't open '/nowhere/run': No such file or directory; check the path.")
    #expect(
      sentence { _ = try TrainedModel.load(folder.path) }
        == "\(folder.path): expected a model, got a folder with 1 run in it; "
        + "name one of them, such as \(run.path).")
    try FileManager.default.removeItem(atPath: run.modelPath)
    #expect(
      sentence { _ = try TrainedModel.load(run.path) }
        == "\(run.path): expected a run directory with model.safetensors, got a run that has "
        + "finished no epoch; continue the run with --resume.")
  }

  @Test func checkpointCanBeReadAsAModel() throws {
    #expect(
      try TrainedModel.load(run.checkpointPath).tensors == TrainedModel.load(run.path).tensors)
  }

  @Test func summaryTellsFieldsParametersAndOrigin() throws {
    try run.recordStart(data: "pictures.npz", commandLine: ["cvae", "train"])
    let model = try TrainedModel.load(run.path)
    let lines = model.summary.split(separator: "\n")
    for line in [
      "  label: given, a category of 3 levels: low, middle, high",
      "  image: generated, an image of 2 × 2 × 1", "Parameters: \(model.model.store.count)",
      "  bernoulli: image", "  training.batch: 8 (default 128)",
      "  30 records of pictures.npz, fingerprint \(try Fixture.pictures().fingerprint)",
    ] { #expect(lines.contains(Substring(line)), "\(line)\n\(model.summary)") }
    // What is as usual, and shapes of parameters, are only listed on demand.
    #expect(!model.summary.contains("activation") && !model.summary.contains("decoder.image.bias"))
    #expect(model.summary(listsParameters: true).contains("decoder.image.bias"))
    #expect(lines.count < 40)
    let json = try JSONText.decode(JSONValue.self, from: model.summaryJSON())
    let leaves = json.leaves()
    #expect(leaves["parameters"] == .word("\(model.model.store.count)"))
    #expect(leaves["architecture.formatVersion"] == .word("2"))
    #expect(leaves["provenance.trainingRecords"] == .word("30"))
    #expect(leaves["tensors.decoder.image.bias"] == .list([.word("4")]))
    #expect(leaves["run.sessions"] != nil)
    try FileManager.default.removeItem(atPath: run.descriptionPath)
    #expect(try !TrainedModel.load(run.path).summaryJSON().contains("\"run\""))
  }
}
