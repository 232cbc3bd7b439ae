import Figures
import Foundation
import Testing

/// A folder of pictures is trained on, scored and encoded as other data are.
@Suite struct PictureDataTests {
  private let folder: TemporaryFolder
  private let configuration: String

  /// Sixty pictures of 16 × 20 in two class folders.
  init() throws {
    folder = try TemporaryFolder()
    configuration = try TinyData.putConfiguration(into: folder)
    for index in 0..<60 { try put(index, below: index % 2 == 0 ? "dark/" : "light/") }
  }

  private func put(_ index: Int, below: String) throws {
    let canvas = try Canvas(width: 20, height: 16)
    let values = (0..<320).map { pixel in
      Float((index * 7 + pixel) % 40 + (index % 2 == 0 ? 20 : 180)) / 255
    }
    canvas.drawPicture(values, height: 16, width: 20, channels: 1, x: 0, y: 0)
    try folder.put(canvas.pngData(), "photos/\(below)\(index).png")
  }

  private var photos: String { folder.file("photos") }
  private var run: String { folder.file("run") }

  private func train(_ more: String...) throws -> Command.Result {
    try Command.run(
      ["train", photos, "--config", configuration, "--output", run, "--epochs", "1"] + more)
  }

  @Test func trainsAndGenerates() throws {
    let trained = try train()
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(!trained.errors.contains("warning"), "\(trained.errors)")
    #expect(
      trained.errorLines.prefix(3).map { $0.replacing(folder.path, with: "…") } == [
        "…/photos:",
        "  image: generated, 60 pictures (60 .png) of 16 × 20 pixels (height × width), grey",
        "  label: given, a category of 2 levels: dark (30) and light (30)",
      ])
    let sheet = folder.file("sheet.png")
    let generated = try Command.run(
      "generate", run, "--given", "label=light", "--count", "4", "--output", sheet)
    #expect(generated.status == 0, "\(generated.errors)")
    #expect(try Canvas(pngData: [UInt8](folder.bytes("sheet.png"))).width > 40)
    let scored = try Command.run(
      "evaluate", run, photos, "--samples", "2", "--only", "bounds", "--json")
    #expect(scored.status == 0 && scored.output.contains("\"elbo\""), "\(scored.errors)")
    #expect(scored.errors.isEmpty, "\(scored.errors)")
    let encoded = try Command.run("encode", run, photos, "--output", folder.file("z.csv"))
    #expect(encoded.status == 0, "\(encoded.errors)")
    #expect(try folder.lines("z.csv").count == 61)
  }

  @Test func readsMetadataAndWarns() throws {
    try FileManager.default.removeItem(atPath: photos)
    var table = "file_name,size,title\n"
    for index in 0..<60 {
      try put(index, below: "")
      if index > 0 { table += "\(index).png,\(index % 3),picture \(index)\n" }
    }
    try folder.put(table.utf8, "photos/metadata.csv")
    let trained = try train("--given", "size")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(
      trained.errorLines.dropFirst(3).prefix(2) == [
        "  title: left out, as all of its texts differ; if they are texts, say "
          + "'kind: text' in schema.yaml",
        "  1 picture that metadata.csv doesn't name left out: 0.png",
      ], "\(trained.errors)")
    // It was said; what other pictures lack is new.
    let known = try Command.run("evaluate", run, photos, "--samples", "2", "--only", "bounds")
    #expect(known.status == 0 && known.errors.isEmpty, "\(known.errors)")
    try FileManager.default.removeItem(atPath: photos + "/2.png")
    try folder.put(Array(folder.bytes("photos/3.png")), "photos/new.png")
    let lines = try folder.lines("photos/metadata.csv").filter { !$0.hasPrefix("2.png") }
    try folder.put((lines.joined(separator: "\n") + "\n").utf8, "photos/metadata.csv")
    let other = try Command.run("evaluate", run, photos, "--samples", "2", "--only", "bounds")
    #expect(
      other.errorLines.first?.replacing(folder.path, with: "…")
        == "warning: …/photos: 2 pictures that metadata.csv doesn't name left out: 0.png and new.png."
    )
  }

  /// A model's pictures come in the size that it was trained with.
  @Test func scoresPicturesOfAnotherSize() throws {
    #expect(try train().status == 0)
    let canvas = try Canvas(width: 33, height: 30, background: .black)
    try folder.put(canvas.pngData(), "others/dark/a.png")
    let scored = try Command.run("evaluate", run, folder.file("others"), "--samples", "2")
    #expect(scored.status == 0, "\(scored.errors)")
  }

  /// A link to a folder around the data adds neither records nor files that results may not replace.
  @Test func aLinkUpwardsIsNotFollowed() throws {
    #expect(symlink("../..", photos + "/dark/up") == 0)
    let trained = try train()
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(
      trained.errorLines.contains("  not read: 'dark/up' leads to a folder around this one"),
      "\(trained.errors)")
    #expect(trained.errors.contains(" dark (30) and light (30)"), "\(trained.errors)")
    try folder.put("old".utf8, "sheet.png")
    let generated = try Command.run(
      "generate", run, "--given", "label=light", "--count", "4", "--output",
      folder.file("sheet.png"))
    #expect(generated.status == 0, "\(generated.errors)")
  }

  @Test func refusesBrokenPictures() throws {
    try folder.put([1, 2, 3], "photos/dark/2.png")
    let before = try folder.content()
    let result = try train()
    result.expectRefusal("'dark/2.png', which is not a PNG, JPEG or WebP picture")
    #expect(try folder.content() == before)
  }
}
