import Foundation
import RecordTypes
import Testing

@testable import ConditionalData
@testable import PictureData

@Suite struct PictureFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func put(_ bytes: [UInt8], _ name: String) throws {
    let path = (folder.file(name) as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try folder.put(bytes, name)
  }

  private func load() throws -> DataSet { try DataSet.load(folder.path, pictures: nil) }

  /// The sentences with the folder's path written as `…`.
  private func notes(_ data: DataSet) -> [String] {
    data.notes.map { $0.replacingOccurrences(of: folder.path, with: "…") }
  }

  private func failure() -> String {
    sentence { _ = try load() }.replacingOccurrences(of: folder.path, with: "…")
  }

  private func image(_ height: Int, _ width: Int, _ channels: Int) -> FieldKind {
    .image(ImageSize(height: height, width: width, channels: channels))
  }

  @Test func foldersAreClasses() throws {
    try put(PictureBytes.flat(3), "coat/b.png")
    try put(PictureBytes.flat(2), "boot/z.PNG")
    try put(PictureBytes.flat(1), "boot/deep/er/a.png")
    try put(PictureBytes.jpeg(0x040404), "coat/a.JPG")
    try put([1], "coat/.hidden.png")
    try put([1], "__MACOSX/x/a.png")
    try put([1], "coat/notes.txt")
    let data = try DataSet.load(folder.path + "/", pictures: nil)
    #expect(
      data.schema.fields == [
        Field(name: "image", kind: image(16, 16, 1)),
        Field(name: "label", kind: .category(levels: ["boot", "coat"])),
      ])
    #expect(data.columns[1] == .levels([0, 0, 1, 1]))
    #expect(data.columns[0] == .grey([1, 2, 4, 3].flatMap(pixels), width: 256))
    #expect(data.notes.isEmpty && data.ownTest == nil)
  }

  private func pixels(_ value: Int) -> [UInt8] { [UInt8](repeating: UInt8(value), count: 256) }

  /// Two spellings of é are two classes, in an order of their own whatever the disk's is; a slash ends a class
  /// also before a mark that could be combined with it.
  @Test func classesAreComparedByTheirBytes() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    try put(PictureBytes.flat(1), "\(composed)/a.png")
    try put(PictureBytes.flat(2), "\(decomposed)/a.png")
    for name in ["f", "f/\u{301}deep"] { mkdir(folder.file(name), 0o755) }
    try folder.put(PictureBytes.flat(3), "f/\u{301}.png")
    try folder.put(PictureBytes.flat(4), "f/\u{301}deep/a.png")
    let data = try load()
    let levels = try data.schema.field("label").levels
    #expect(levels.map { Array($0.utf8) } == ["f", decomposed, composed].map { Array($0.utf8) })
    #expect(data.columns[1] == .levels([0, 0, 1, 2] as [Int32]))
    #expect(try #require(data.columns[0].bytes).suffix(512) == pixels(2) + pixels(1))
    #expect(data.notes.isEmpty, "\(data.notes)")
    // Whatever comes first on the disk.
    for folders in [["1", "2"], ["2", "1"]] {
      let name = folders.joined()
      mkdir(folder.file(name), 0o755)
      for place in folders {
        try folder.put([1], "\(name)/\(place == "1" ? composed : decomposed).png")
      }
      #expect(
        PictureFiles(in: folder.file(name)).names.map { Array($0.utf8) }
          == ["\(decomposed).png", "\(composed).png"].map { Array($0.utf8) })
    }
  }

  @Test func numberedFoldersAreInOrder() throws {
    for name in ["10", "9", "1"] { try put(PictureBytes.flat(9), "\(name)/a.png") }
    let data = try load()
    #expect(try data.schema.field("label").levels == ["1", "9", "10"])
    #expect(data.columns[1] == .levels([0, 2, 1]))
  }

  @Test func sizeIsTheCommonOneIfItIsUsual() throws {
    try put(PictureBytes.flat(1, height: 16, width: 128), "a/1.png")
    try put(PictureBytes.flat(1, height: 16, width: 128), "b/1.png")
    #expect(try load().schema.fields[0].kind == image(16, 128, 1))
    try put(PictureBytes.flat(1, height: 16, width: 127), "b/2.png")
    #expect(try load().schema.fields[0].kind == image(64, 64, 1))
  }

  @Test(arguments: [(15, 16), (16, 129)])
  func anUnusualSizeIsChanged(height: Int, width: Int) throws {
    try put(PictureBytes.flat(1, height: height, width: width), "a/1.png")
    #expect(try load().schema.fields[0].kind == image(64, 64, 1))
  }

  @Test func channelsAreThoseThatAreNeeded() throws {
    try put(PictureBytes.flat([5, 5, 5]), "a/1.png")
    try put(PictureBytes.jpeg(0x808080), "a/2.jpg")
    #expect(try load().schema.fields[0].kind == image(16, 16, 1))
    try put(PictureBytes.flat([5, 5, 6]), "b/1.png")
    let data = try load()
    #expect(data.schema.fields[0].kind == image(16, 16, 3))
    let bytes = try #require(data.columns[0].bytes)
    #expect(data.columns[0].width == 768)
    #expect(Array(bytes[1536..<1542]) == [5, 5, 6, 5, 5, 6])
  }

  /// The size is that of the turned picture, even if its file says so at the very end.
  @Test func sizeIsThatOfTheTurnedPicture() throws {
    let rows = [[UInt8]](repeating: [UInt8](repeating: 9, count: 40), count: 20)
    let long = ("teXt", [UInt8](repeating: 0, count: 1 << 17))
    let exif = ("eXIf", PictureBytes.exif(orientation: 6))
    try put(PictureBytes.png(rows, width: 40, before: [long], behind: [exif]), "a/1.png")
    #expect(try load().schema.fields[0].kind == image(40, 20, 1))
  }

  @Test func schemaFileStatesTheSize() throws {
    try put(PictureBytes.flat([1, 2, 3], height: 40, width: 20), "a/1.png")
    for (yaml, kind) in [
      ("fields: {image: {size: 8}}", image(8, 8, 3)),
      ("fields: {image: {size: [10, 5], channels: 1}}", image(10, 5, 1)),
      ("fields: {image: {channels: 1}, label: {levels: [b, a]}}", image(40, 20, 1)),
    ] {
      try folder.put(yaml, "schema.yaml")
      #expect(try load().schema.fields[0].kind == kind)
    }
    #expect(try load().schema.fields[1].levels == ["b", "a"])
    // A model's size counts where the file states none.
    let model = try RecordSchema(fields: [Field(name: "image", kind: image(7, 9, 3))])
    #expect(
      try DataSet.load(folder.path, like: model, pictures: nil).schema.fields[0].kind
        == image(7, 9, 1))
  }

  @Test func leavesOutWhatIsElsewhere() throws {
    try put(PictureBytes.flat(1), "a/1.png")
    try put(PictureBytes.flat(1), "loose.png")
    try put([1], "a/2.gif")
    #expect(
      notes(try load()) == [
        "…: 1 picture outside of the class folders left out: loose.png.",
        "…: 1 picture of other kinds left out: 1 .gif, such as 'a/2.gif'; convert them to PNG, "
          + "JPEG or WebP.",
      ])
  }

  @Test func wantsAFormThatItReads() throws {
    try put([1], "a/2.gif")
    try put([1], "a/3.tiff")
    #expect(
      failure() == "…: expected PNG, JPEG or WebP pictures in class folders, got a/2.gif and "
        + "a/3.tiff; convert them to PNG.")
  }

  @Test func skipsFewBrokenPictures() throws {
    for index in 0..<200 {
      let name = String(format: "%03d.png", index)
      try put(PictureBytes.flat(UInt8(index)), "\(index % 2 == 0 ? "even" : "odd")/\(name)")
    }
    try put([1, 2, 3], "odd/003.png")
    let data = try load()
    #expect(data.count == 199)
    #expect(
      notes(data) == [
        "…: 1 picture of 200 left out: 'odd/003.png' is not a PNG, JPEG or WebP picture."
      ])
    let bytes = try #require(data.columns[0].bytes)
    let (width, levels) = (data.columns[0].width, data.columns[1].levels)
    for record in 0..<199 {
      #expect(Int32(bytes[record * width] % 2) == levels[record])
    }
    #expect(bytes[100 * width] == 1 && bytes[101 * width] == 5)

    try put(Array(PictureBytes.flat(5).dropLast(30)), "even/000.png")
    #expect(try load().count == 198)
    try put([], "odd/005.png")
    #expect(
      failure() == "…: expected intact pictures, or at most 1 % broken ones among 200, got "
        + "'even/000.png', which is cut short or damaged, 'odd/003.png', which is not a PNG, JPEG "
        + "or WebP picture and 'odd/005.png', which is not a PNG, JPEG or WebP picture; "
        + "repair them or take them away.")
  }
  /// The largest extents that 32 bits can state: their product is beyond Int.
  @Test func impossibleExtentsAreDamage() throws {
    var bytes = PictureBytes.flat(1)
    bytes.replaceSubrange(16..<24, with: [UInt8](repeating: 0xFF, count: 8))
    try put(bytes, "a/1.png")
    try put(PictureBytes.flat(2), "b/2.png")
    #expect(
      failure() == "…: expected intact pictures, or at most 1 % broken ones among 2, got "
        + "'a/1.png', which is cut short or damaged; repair them or take them away.")
  }
}
