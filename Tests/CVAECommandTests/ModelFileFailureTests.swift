import Foundation
import TensorFiles
import Testing

/// A file that is no model costs one sentence, whichever command reads it.
@Suite(.sharedRun()) struct ModelFileFailureTests {
  let run: TrainedRun
  let folder: TemporaryFolder
  let path: String

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
    path = folder.file("model.safetensors")
  }

  /// Puts a file in the place of the model, and expects each command to refuse it.
  private func refused(
    _ bytes: some Sequence<UInt8>, _ words: String, at location: SourceLocation = #_sourceLocation
  ) throws -> String {
    try folder.put(bytes, "model.safetensors")
    let before = try folder.content()
    let results = [
      try Command.run("generate", path, "--output", folder.file("boots.png")),
      try Command.run("inspect", path),
    ]
    for result in results { result.expectRefusal(words, at: location) }
    #expect(try folder.content() == before, sourceLocation: location)
    return results[0].sentence(in: folder)
  }

  /// The bytes of the model with its content changed.
  private func changed(_ change: (inout SafetensorsFile) -> Void) throws -> Data {
    var file = try SafetensorsFile.read(run.model)
    change(&file)
    try file.write(to: path)
    return try folder.bytes("model.safetensors")
  }

  @Test func cutShort() throws {
    let model = try run.folder.bytes("run/model.safetensors")
    _ = try refused(model.dropLast(100), "copy the file again or train the model again")
    _ = try refused(model.prefix(5), "expected a safetensors file, which has 8 bytes or more")
    _ = try refused(model.prefix(500), "expected a header of at most 492 bytes")
  }

  @Test func wrongShape() throws {
    let model = try changed { file in
      file.tensors["decoder.image.bias"] = StoredTensor(
        shape: [63], values: [Float](repeating: 0, count: 63))
    }
    #expect(
      try refused(model, "decoder.image.bias")
        == "Error: …/model.safetensors: expected tensor 'decoder.image.bias' of shape [64], got "
        + "shape [63]; the file is damaged or was changed; take another copy or train again.")
  }

  @Test func missingTensor() throws {
    let model = try changed { $0.tensors["decoder.image.bias"] = nil }
    _ = try refused(model, "got no such tensor")
  }

  @Test func numberThatIsNotFinite() throws {
    var model = try run.folder.bytes("run/model.safetensors")
    model.replaceSubrange((model.count - 4)..., with: [0x00, 0x00, 0xC0, 0x7F])
    _ = try refused(model, "expected finite numbers, got nan in tensor 'recognition.output.weight'")
  }

  @Test func absurdHeaderLength() throws {
    var model = try run.folder.bytes("run/model.safetensors")
    model.replaceSubrange(0..<8, with: [UInt8](repeating: 0xFF, count: 8))
    _ = try refused(model, "got \(UInt64.max)")
  }

  @Test func newerFormat() throws {
    let model = try changed { file in
      let text = file.metadata["architecture"] ?? ""
      #expect(text.contains("\"formatVersion\":2"))
      file.metadata["architecture"] = text.replacing(
        "\"formatVersion\":2", with: "\"formatVersion\":3")
    }
    #expect(
      try refused(model, "update swift-cvae")
        == "Error: …/model.safetensors: expected format 2 or older, got format 3, which was written "
        + "by a newer version; update swift-cvae.")
  }

  @Test func damagedText() throws {
    _ = try refused(changed { $0.metadata["schema"] = "{" }, "'schema' in the header")
    _ = try refused(changed { $0.metadata["preprocessing"] = nil }, "'preprocessing'")
    _ = try refused(changed { $0.metadata = [:] }, "got a header without texts")
  }

  @Test func nothingThere() throws {
    let result = try Command.run("inspect", folder.file("absent"))
    result.expectRefusal("No such file or directory; check the path")
  }

  @Test func folderWithoutRun() throws {
    let result = try Command.run("inspect", folder.path)
    result.expectRefusal("expected a model, got ")
  }
}
