import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData
@testable import PictureData

/// Folders with names, links and files as people have them.
@Suite struct FolderNameTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func put(_ bytes: [UInt8], _ name: String) throws {
    let path = (folder.file(name) as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try folder.put(bytes, name)
  }

  private func link(_ name: String, to target: String) {
    #expect(symlink(target, folder.file(name)) == 0)
  }

  private func load(_ name: String = "photos") throws -> DataSet {
    try DataSet.load(folder.file(name), pictures: nil)
  }

  /// The sentences with the folder's path written as `…`.
  private func notes(_ data: DataSet) -> [String] {
    data.notes.map { $0.replacingOccurrences(of: folder.path, with: "…") }
  }

  /// The first pixel of every picture.
  private func greys(_ data: DataSet) throws -> [UInt8] {
    let bytes = try #require(data.columns[0].bytes)
    return (0..<data.count).map { bytes[$0 * data.columns[0].width] }
  }

  @Test func endingsAreInAnyCaseAndSayNothing() throws {
    let names = ["1.JFIF", "2.jpe", "3.Png", "4.JPEG", "5.WebP", "6.jpg"]
    for (index, name) in names.enumerated() {
      let value = Int32(index + 1)
      let bytes = index == 2 ? PictureBytes.flat(3) : PictureBytes.jpeg(value * 0x010101)
      try put(bytes, "photos/a/\(name)")
    }
    try put(PictureBytes.flat(7), "photos/b/7.jpg")
    let data = try load()
    #expect(try greys(data) == [1, 2, 3, 4, 5, 6, 7])
    #expect(data.notes.isEmpty)
    #expect(
      data.summaries == [
        "image": "7 pictures (2 .jpg, 1 .jfif, 1 .jpe, 1 .jpeg, 1 .png and 1 .webp) of 16 × 16 "
          + "pixels, grey"
      ])
  }

  /// Names that start with an accent, or hold characters that a `Character` joins with others.
  @Test func classesMayHaveAnyName() throws {
    let names = ["\u{301}x", "a\r\nb", "a\nb", " c ", "d,e", "f=\"g\"", "*", "#h%20", "日本", "😀"]
    #expect(mkdir(folder.file("photos"), 0o700) == 0)
    for (index, name) in names.enumerated() {
      #expect(mkdir(folder.file("photos/\(name)"), 0o700) == 0)
      try folder.put(PictureBytes.flat(UInt8(index)), "photos/\(name)/\u{301}.png")
    }
    let data = try load()
    let levels = try data.schema.field("label").levels
    let labels = (0..<data.count).map { data.columns[1].level($0).map { levels[Int($0)] } }
    let found = zip(try greys(data), labels).sorted { $0.0 < $1.0 }.map { $0.1 }
    #expect(found.map { $0.map { Array($0.utf8) } } == names.map { Array($0.utf8) })
    #expect(data.notes.isEmpty)
  }

  /// The two spellings of an accent are two names, and come in one order whatever the folder lists first.
  @Test func spellingsAreNamesOfTheirOwn() throws {
    for (index, name) in ["e\u{301}", "\u{E9}"].enumerated() {
      try put(PictureBytes.flat(UInt8(index)), "photos/\(name)/1.png")
    }
    let data = try load()
    #expect(try greys(data) == [0, 1])
    #expect(data.columns[1] == .levels([0, 1]))
    let levels = try data.schema.field("label").levels
    #expect(levels.map { Array($0.utf8) } == [Array("e\u{301}".utf8), Array("\u{E9}".utf8)])
  }

  @Test func namesThatAreNoTextAreReported() throws {
    try put(PictureBytes.flat(1), "photos/a/1.png")
    for bytes: [CChar] in [[0x2F, 0x47, -10], [0x2F, 0x61, 0x2F, -1, 0x2E, 0x70, 0x6E, 0x67]] {
      let path = folder.file("photos").utf8CString.dropLast() + bytes + [0]
      #expect(mkdir(Array(path), 0o700) == 0)
    }
    #expect(
      notes(try load()) == [
        "…/photos: not read: 'G\u{FFFD}' has a name that isn't UTF-8 and 'a/\u{FFFD}.png' has a name "
          + "that isn't UTF-8."
      ])
  }

  @Test(.timeLimit(.minutes(1))) func linksAreFollowedOnce() throws {
    try put(PictureBytes.flat(1), "photos/a/1.png")
    try put(PictureBytes.flat(2), "photos/b/1.png")
    try put(PictureBytes.flat(3), "elsewhere/deep/1.png")
    try put(PictureBytes.flat(4), "elsewhere/2.png")
    link("photos/c", to: "../elsewhere")
    link("photos/a/loop", to: "..")
    link("photos/a/root", to: "/")
    link("photos/d", to: "b")
    link("photos/self", to: "self")
    link("photos/b/back.txt", to: "nothing")
    link("elsewhere/photos", to: "../photos")
    let data = try load()
    #expect(try greys(data) == [1, 2, 4, 3])
    #expect(data.columns[1] == .levels([0, 1, 2, 2]))
    #expect(try data.schema.field("label").levels == ["a", "b", "c"])
    #expect(
      notes(data) == [
        "…/photos: not read: 'b/back.txt' leads nowhere, 'self' leads nowhere, 'a/loop' leads to a "
          + "folder that is read anyway, 'a/root' leads to a folder around this one, 'd' leads to a "
          + "folder that is read anyway and 1 more."
      ])
  }

  /// All of a data set may lie elsewhere.
  @Test func linksAloneAreADataSet() throws {
    try put(PictureBytes.flat(3), "elsewhere/1.png")
    try FileManager.default.createDirectory(
      atPath: folder.file("photos/a"), withIntermediateDirectories: true)
    link("photos/a/x", to: "../../elsewhere")
    #expect(try greys(load()) == [3])
    link("other", to: "photos")
    #expect(try greys(load("other")) == [3])
  }

  @Test(.timeLimit(.minutes(1))) func aPipeIsABrokenPicture() throws {
    for index in 0..<100 {
      try put(PictureBytes.flat(UInt8(index)), "photos/a/\(index).png")
    }
    #expect(mkfifo(folder.file("photos/a/pipe.png"), 0o600) == 0)
    #expect(mkfifo(folder.file("photos/a/pipe.txt"), 0o600) == 0)
    try put(PictureBytes.flat(100), "photos/a/folder.png/1.png")
    let data = try load()
    #expect(data.count == 101)
    #expect(
      notes(data) == ["…/photos: 1 picture of 102 left out: 'a/pipe.png' is no plain file."])
  }

  @Test func aBrokenLinkIsABrokenPicture() throws {
    for index in 0..<100 {
      try put(PictureBytes.flat(UInt8(index)), "photos/a/\(index).png")
    }
    link("photos/a/none.png", to: "nothing")
    #expect(
      notes(try load()) == ["…/photos: 1 picture of 101 left out: 'a/none.png' is not there."])
  }

  @Test(.enabled(if: geteuid() != 0, "root may open every folder"))
  func closedFoldersAreReported() throws {
    try put(PictureBytes.flat(1), "photos/a/1.png")
    try put(PictureBytes.flat(1), "photos/b/1.png")
    #expect(chmod(folder.file("photos/b"), 0) == 0)
    defer { chmod(folder.file("photos/b"), 0o700) }
    #expect(notes(try load()) == ["…/photos: not read: 'b' can't be opened."])
  }

  /// A path that is too long can't be opened either.
  @Test func whatCantBeOpenedIsReported() throws {
    try put(PictureBytes.flat(1), "photos/a/1.png")
    let name = String(repeating: "x", count: 200)
    var path = folder.file("photos/a")
    while path.utf8.count + 201 < PATH_MAX {
      path += "/" + name
      #expect(mkdir(path, 0o700) == 0)
    }
    let descriptor = open(path, O_RDONLY | O_DIRECTORY)
    #expect(mkdirat(descriptor, name, 0o700) == 0)
    close(descriptor)
    let note = try #require(notes(try load()).first)
    #expect(note.hasPrefix("…/photos: not read: 'a/xxx") && note.hasSuffix("x' can't be opened."))
  }

  @Test func otherKindsAreCounted() throws {
    try put(PictureBytes.flat(1), "photos/a/1.png")
    for name in ["x.bmp", "y.GIF", "z.gif", "w.svg"] { try put([1], "photos/a/\(name)") }
    #expect(
      notes(try load()) == [
        "…/photos: 4 pictures of other kinds left out: 2 .gif, 1 .bmp and 1 .svg, such as "
          + "'a/w.svg'; convert them to PNG, JPEG or WebP."
      ])
  }

  @Test func theSummarySaysWhichSizesThereAre() throws {
    try put(PictureBytes.flat(1, height: 20, width: 30), "photos/a/1.png")
    func summary() throws -> String? { try load().summaries["image"] }
    #expect(try summary() == "1 picture (1 .png) of 20 × 30 pixels (height × width), grey")
    try put(PictureBytes.flat([1, 2, 3], height: 100, width: 200), "photos/a/2.png")
    try put(PictureBytes.flat(1, height: 21, width: 30), "photos/b/3.png")
    #expect(
      try summary()
        == "3 pictures (3 .png) of 3 sizes, 20 × 30 to 100 × 200 pixels (height × width), scaled to "
        + "64 × 64, in colour")
    try folder.put("fields: {image: {size: [20, 10], channels: 1}}", "photos/schema.yaml")
    #expect(
      try summary()
        == "3 pictures (3 .png) of 3 sizes, 20 × 30 to 100 × 200 pixels (height × width), scaled to "
        + "20 × 10, grey")
  }
}
