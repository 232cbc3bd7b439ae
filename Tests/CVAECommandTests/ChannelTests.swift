import Foundation
import TensorFiles
import Testing

/// Pictures of channels that no picture file has: archives hold them, and sheets are refused.
@Suite struct ChannelTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func train(channels: Int, given: String) throws -> (data: String, run: String) {
    let labels = TinyData.turns(60)
    let (data, run) = (folder.file("data.npz"), folder.file("run"))
    let pixels = TinyData.pixels(labels).flatMap { [UInt8](repeating: $0, count: channels) }
    try NPZ.write(
      [
        NPZArray(name: "image", shape: [60, 8, 8, channels], values: .uint8(pixels)),
        NPZArray(name: "label", shape: [60], values: .int64(labels.map(Int64.init))),
      ], to: data)
    let trained = try Command.run(
      "train", data, "--given", given, "--epochs", "1", "--output", run)
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(!folder.exists("run/samples.png"))
    return (data, run)
  }

  @Test(arguments: [2, 4])
  func generated(channels: Int) throws {
    let (data, run) = try train(channels: channels, given: "label")
    func generate(_ output: String) throws -> Command.Result {
      try Command.run(
        "generate", run, "--given", "label=1", "--count", "3", "--output", folder.file(output))
    }
    #expect(try generate("out.npz").status == 0)
    let arrays = try NPZ.read(folder.file("out.npz"))
    #expect(arrays.last?.shape == [3, 8, 8, channels])
    #expect(try generate("out").status == 0)
    #expect(try folder.names(in: "out") == ["1-0.json", "1-1.json", "1-2.json"])
    try generate("out.png").expectRefusal("an image of 1 or 3 channels", "8 × 8 × \(channels)")

    let transferred = try Command.run(
      "transfer", run, data, "--records", "3", "--given", "label=*", "--output",
      folder.file("sheet.png"))
    transferred.expectRefusal("an image of 1 or 3 channels")
    let picture = try folder.put([], "input.png")
    let file = try Command.run(
      "transfer", run, picture, "--from", "label=1", "--output", folder.file("styled.npz"))
    file.expectRefusal("a field of 1 or 3 channels", "\(channels) channels")
    let report = try Command.run("report", run, data, "--samples", "1", "--only", "bounds")
    #expect(report.status == 0, "\(report.errors)")
  }

  @Test(arguments: [2, 4])
  func completed(channels: Int) throws {
    let (data, run) = try train(channels: channels, given: "any")
    func complete(_ data: String, _ output: String) throws -> Command.Result {
      try Command.run(
        "complete", run, data, "--mask", "top", "--samples", "2", "--output", folder.file(output))
    }
    #expect(try complete(data, "out.npz").status == 0)
    let image = try #require(try NPZ.read(folder.file("out.npz")).first)
    #expect(image.shape.suffix(4) == [2, 8, 8, channels])
    for output in ["out.png", "out"] {
      try complete(data, output).expectRefusal("1 or 3 channels", "8 × 8 × \(channels)")
      #expect(!folder.exists(output))
    }
    let picture = try folder.put([], "input.png")
    try complete(picture, "filled.npz").expectRefusal(
      "a field of 1 or 3 channels", "\(channels) channels")
  }
}
