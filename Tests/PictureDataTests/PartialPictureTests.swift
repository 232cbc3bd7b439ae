import RecordTypes
import Testing

@testable import ConditionalData
@testable import PictureData

/// Pictures to complete, in every form that data sets have.
@Suite struct PartialPictureTests {
  private let folder: TemporaryFolder
  private let size = ImageSize(height: 16, width: 16, channels: 3)

  init() throws { folder = try TemporaryFolder() }

  @Test func everyFormIsRead() throws {
    let files = [
      try folder.put(PictureBytes.flat([10, 120, 240]), "a.png"),
      try folder.put(PictureBytes.jpeg(0x0A78F0), "a.jpg"),
      try folder.put(PictureBytes.webp(0x0A78F0), "a.webp"),
    ]
    for file in files {
      let picture = try PartialPicture.read(file, size: size)
      #expect(!picture.hasUnknown)
      for (found, wanted) in zip(picture.bytes.prefix(3), [10, 120, 240]) {
        #expect(abs(Int(found) - wanted) <= 6, "\(file): \(found), not \(wanted)")
      }
    }
  }

  @Test func othersAreRefusedInOneSentence() throws {
    let small = try folder.put(PictureBytes.jpeg(0, height: 8, width: 12), "small.jpg")
    #expect(
      sentence { _ = try PartialPicture.read(small, size: size) }
        == "\(small): expected 16 × 16 pixels, as the model has, got 12 × 8; scale the picture to "
        + "that size.")
    let broken = try folder.put([1, 2, 3], "broken.jpg")
    #expect(
      sentence { _ = try PartialPicture.read(broken, size: size) }
        == "\(broken): expected an intact PNG, JPEG or WebP picture, got a file that is not a PNG, "
        + "JPEG or WebP picture; copy or convert it again.")
    let absent = folder.file("absent.png")
    #expect(
      sentence { _ = try MaskPicture.read(absent, grid: CellGrid(height: 1, width: 1)) }
        .contains("absent.png"))
  }
}
