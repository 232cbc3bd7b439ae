import Foundation
import TensorFiles
import Testing

@testable import CVAETraining

/// What is no model is called by its name.
@Suite struct MistakenModelTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let advice =
    "name the folder that 'cvae train' wrote to its --output, or its model.safetensors."

  @Test(arguments: [
    ("orders.csv", Array("a,b\n1,2\n".utf8), "what looks like a table"),
    ("notes.txt", Array("just some words about é".utf8), "a text file"),
    ("shoe.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46], "a picture"),
    ("a.npz", [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0], "an .npz or .zip archive"),
    ("none", [], "an empty file"), ("odd.bin", [0, 1, 2, 0, 255], "a file of another kind"),
  ])
  func file(name: String, bytes: [UInt8], kind: String) throws {
    let path = folder(name)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(
      sentence { _ = try TrainedModel.load(path) }
        == "\(path): expected a model, got \(kind); \(Self.advice)")
  }

  @Test func aDamagedModelIsOne() throws {
    let path = folder("model.safetensors")
    try Data("a,b\n1,2\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(sentence { _ = try TrainedModel.load(path) }.contains("safetensors file"))
  }

  @Test func folders() throws {
    func load() -> String { sentence { _ = try TrainedModel.load(folder.path) } }
    #expect(load() == "\(folder.path): expected a model, got an empty folder; \(Self.advice)")
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder("1.png")))
    #expect(load() == "\(folder.path): expected a model, got a folder of pictures; \(Self.advice)")
    try FileManager.default.createDirectory(
      atPath: folder("shoes"), withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder("shoes/model.safetensors")))
    #expect(
      load()
        == "\(folder.path): expected a model, got a folder with 1 run in it; name one of them, such as "
        + "\(folder("shoes")).")
  }
}
