import Foundation
import RecordTypes
import Testing

@testable import ConditionalData
@testable import PictureData

@Suite struct PictureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(
    _ bytes: [UInt8], _ height: Int, _ width: Int, channels: Int = 1
  ) throws -> [UInt8] {
    let path = try folder.put(bytes, "picture")
    return try Picture.read(
      path, size: ImageSize(height: height, width: width, channels: channels))
  }

  @Test func takesAPictureOfTheSizeAsItIs() throws {
    let grey = PictureBytes.png([[0, 1, 2], [253, 254, 255]], width: 3)
    #expect(try read(grey, 2, 3) == [0, 1, 2, 253, 254, 255])
    let colour = PictureBytes.png([[1, 2, 3, 40, 50, 60]], width: 2, .colour)
    #expect(try read(colour, 1, 2, channels: 3) == [1, 2, 3, 40, 50, 60])
    #expect(try read(grey, 2, 3, channels: 3).prefix(6) == [0, 0, 0, 1, 1, 1])
  }

  @Test func greyIsTheLuma() throws {
    let primaries: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 7, 7, 7]
    let bytes = PictureBytes.png([primaries], width: 4, .colour)
    #expect(try read(bytes, 1, 4) == [76, 150, 29, 7])
  }

  @Test func shrinksByTheMeanOfWhatIsCovered() throws {
    let rows: [[UInt8]] = [[0, 2, 10, 10], [4, 6, 10, 11], [1, 0, 255, 255], [0, 0, 255, 255]]
    #expect(try read(PictureBytes.png(rows, width: 4), 2, 2) == [3, 10, 0, 255])
    // 1.5 old pixels for each new one: (2 · 30 + 60) / 3 and (60 + 2 · 90) / 3.
    let three = [[UInt8]](repeating: [30, 60, 90], count: 3)
    #expect(try read(PictureBytes.png(three, width: 3), 2, 2) == [40, 80, 40, 80])
  }

  @Test func cutsOffWhatIsTooLong() throws {
    #expect(try read(PictureBytes.png([[1, 2, 3, 4, 5, 6]], width: 6), 1, 2) == [3, 4])
    #expect(try read(PictureBytes.png([[1, 2, 3, 4, 5]], width: 5), 1, 2) == [2, 3])
    #expect(try read(PictureBytes.png([[1], [2], [3], [4]], width: 1), 2, 1) == [2, 3])
    // Twice as high as wanted, and then four times as wide.
    let row: [UInt8] = [0, 0, 0, 8, 8, 9, 9, 0]
    #expect(try read(PictureBytes.png([row, row], width: 8), 1, 1) == [8])
  }

  @Test func enlargesByInterpolation() throws {
    #expect(
      try read(PictureBytes.png([[0, 255]], width: 2), 2, 4)
        == [0, 64, 191, 255, 0, 64, 191, 255])
    #expect(try read(PictureBytes.flat(7, height: 1, width: 1), 3, 2) == [7, 7, 7, 7, 7, 7])
  }

  @Test func laysTransparencyOverWhite() throws {
    let grey = PictureBytes.png([[0, 0, 0, 255, 9, 255]], width: 3, .greyWithAlpha)
    #expect(try read(grey, 1, 3) == [255, 0, 9])
    let colour = PictureBytes.png(
      [[255, 0, 0, 128, 1, 2, 3, 255]], width: 2, .colourWithAlpha)
    let pixels = try read(colour, 1, 2, channels: 3)
    #expect(pixels[0] == 255 && abs(Int(pixels[1]) - 127) <= 1 && pixels[1] == pixels[2])
    #expect(pixels[3...] == [1, 2, 3])
  }

  @Test func readsEveryDepth() throws {
    let palette = PictureBytes.png(
      [[0b0001_1000]], width: 3, .palette, depth: 2, palette: [9, 8, 7, 0, 0, 0, 1, 2, 3],
      transparency: [255, 0])
    #expect(try read(palette, 1, 3, channels: 3) == [9, 8, 7, 255, 255, 255, 1, 2, 3])
    let one = PictureBytes.png([[0b1010_0000]], width: 3, depth: 1)
    #expect(try read(one, 1, 3) == [255, 0, 255])
    let sixteen = PictureBytes.png([[0x12, 0xFF, 0xFE, 0x01]], width: 2, depth: 16)
    #expect(try read(sixteen, 1, 2) == [0x12, 0xFE])
  }

  @Test func readsJPEGAndWebP() throws {
    for bytes in [PictureBytes.jpeg(0xC84614), PictureBytes.webp(0xC84614)] {
      let pixels = try read(bytes, 1, 1, channels: 3)
      for (pixel, wanted) in zip(pixels, [0xC8, 0x46, 0x14]) {
        #expect(abs(Int(pixel) - wanted) <= 3, "\(pixels)")
      }
    }
    // Some cameras write on after the picture's end.
    #expect(try read(PictureBytes.jpeg(0x808080) + [1, 2, 3], 16, 16).allSatisfy { $0 == 128 })
  }

  /// A camera that was held upright writes its rows as columns.
  @Test(arguments: [
    (1, [1, 2, 3, 4, 5, 6]), (2, [3, 2, 1, 6, 5, 4]), (3, [6, 5, 4, 3, 2, 1]),
    (4, [4, 5, 6, 1, 2, 3]), (5, [1, 4, 2, 5, 3, 6]), (6, [4, 1, 5, 2, 6, 3]),
    (7, [6, 3, 5, 2, 4, 1]), (8, [3, 6, 2, 5, 1, 4]),
  ])
  func orientationSaysWhichPixelIsSeen(number: Int, seen: [Int]) throws {
    let orientation = try #require(PictureOrientation(rawValue: number))
    let (rows, columns) = orientation.swapsSides ? (3, 2) : (2, 3)
    let pixels = (0..<rows).flatMap { row in
      (0..<columns).map { column in
        let source = orientation.source(row: row, column: column, height: 2, width: 3)
        return source.row * 3 + source.column + 1
      }
    }
    #expect(pixels == seen)
  }

  @Test(arguments: [true, false])
  func turnsWhatACameraWrote(isLittleEndian: Bool) throws {
    let exif: [UInt8] =
      isLittleEndian
      ? [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]
      : [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
    let segment = Array("Exif\0\0".utf8) + exif
    let plain = PictureBytes.jpeg(0x646464, height: 16, width: 32)
    let bytes =
      plain.prefix(2) + [0xFF, 0xE1, 0, UInt8(segment.count + 2)] + segment + plain.dropFirst(2)
    let header = Array(bytes).withUnsafeBytes { PictureHeader($0) }
    #expect(header?.height == 32 && header?.width == 16)
    #expect(try read(Array(bytes), 32, 16).allSatisfy { $0 == 100 })
    // Whatever the segment says, reading stays within it.
    for count in segment.indices {
      #expect(
        segment.prefix(count).withUnsafeBytes { PictureOrientation(exif: $0) } == nil || count >= 26
      )
    }
  }

  /// Wherever the Exif data lie.
  @Test(arguments: [(true, ""), (false, ""), (true, "Exif\0\0")])
  func turnsPNG(isBeforePixels: Bool, prefix: String) throws {
    let chunks = [("eXIf", Array(prefix.utf8) + PictureBytes.exif(orientation: 6))]
    let bytes = PictureBytes.png(
      [[1, 2, 3], [4, 5, 6]], width: 3, before: isBeforePixels ? chunks : [],
      behind: isBeforePixels ? [] : chunks)
    let header = bytes.withUnsafeBytes { PictureHeader($0) }
    #expect(header?.height == 3 && header?.width == 2)
    #expect(try read(bytes, 3, 2) == [4, 1, 5, 2, 6, 3])
  }

  @Test(arguments: ["", "Exif\0\0"])
  func turnsWebP(prefix: String) throws {
    let exif = Array(prefix.utf8) + PictureBytes.exif(orientation: 8)
    let bytes = PictureBytes.extended(
      PictureBytes.webp(0x646464, height: 16, width: 32), flags: 0b1000, height: 16, width: 32,
      behind: [("ODD ", [1]), ("EXIF", exif)])
    let header = bytes.withUnsafeBytes { PictureHeader($0) }
    #expect(header?.height == 32 && header?.width == 16 && header?.orientation == .turnedRight)
    #expect(try read(bytes, 32, 16).allSatisfy { abs(Int($0) - 100) <= 1 })
    // Lengths that the file doesn't have.
    for count in 30..<bytes.count {
      let header = bytes.prefix(count).withUnsafeBytes { PictureHeader($0) }
      #expect(header != nil, "\(count)")
    }
  }

  @Test func aColourCanStandForTransparency() throws {
    let grey = PictureBytes.png([[3, 7, 9]], width: 3, transparency: [0, 7])
    #expect(try read(grey, 1, 3) == [3, 255, 9])
    let colour = PictureBytes.png(
      [[1, 2, 3, 4, 5, 6], [4, 5, 6, 4, 5, 7]], width: 2, .colour,
      transparency: [0, 4, 0, 5, 0, 6], before: [("eXIf", PictureBytes.exif(orientation: 3))])
    let white: [UInt8] = [255, 255, 255]
    #expect(try read(colour, 2, 2, channels: 3) == [4, 5, 7] + white + white + [1, 2, 3])
  }

  /// The decoder would print a warning about each of them.
  @Test func chunksBesideThePixelsAreNotDecoded() {
    let palette = (UInt8(0)..<6).map { $0 }
    func png(_ before: [(String, [UInt8])], _ behind: [(String, [UInt8])]) -> [UInt8] {
      PictureBytes.png(
        [[0, 1]], width: 2, .palette, palette: palette, transparency: [0], before: before,
        behind: behind)
    }
    let plain = png([], [])
    let full = png([("iCCP", [1, 2]), ("sBIT", [9])], [("tEXt", []), ("eXIf", [0])])
    #expect(PNGChunks.essential(full) == plain)
    for count in full.indices {
      let cut = PNGChunks.essential(Array(full.prefix(count)))
      #expect(cut.count <= count && cut.starts(with: plain.prefix(min(count, 33))), "\(count)")
    }
  }

  @Test func readsInterlacedRows() throws {
    let bytes = PictureBytes.png([[10], [20], [30, 40]], width: 2, interlacedHeight: 2)
    #expect(try read(bytes, 2, 2) == [10, 20, 30, 40])
  }

  /// Of an animated PNG, readers that don't know animations see a still one.
  @Test func readsTheStillPictureOfAnAnimation() throws {
    let frame: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 14)
    let bytes = PictureBytes.png(
      [[7, 8]], width: 2, before: [("acTL", [0, 0, 0, 1, 0, 0, 0, 0]), ("fcTL", frame)],
      behind: [("fdAT", [0, 0, 0, 1, 9, 9])])
    #expect(try read(bytes, 1, 2) == [7, 8])
  }

  @Test(.timeLimit(.minutes(1))) func doesNotWaitForAPipe() throws {
    let path = folder.file("pipe.png")
    #expect(mkfifo(path, 0o600) == 0)
    #expect(
      sentence {
        _ = try Picture.read(path, size: ImageSize(height: 1, width: 1, channels: 1))
      } == "Can't read '\(path)': A pipe or a device; write the data into a file first.")
  }

  @Test(arguments: [
    (Array(PictureBytes.flat(9).dropLast(40)), "is cut short or damaged"),
    (Array(PictureBytes.jpeg(0xFF0000).dropLast(9)), "is cut short or damaged"),
    (Array(PictureBytes.webp(0xFF0000).dropLast(9)), "is cut short or damaged"),
    (Array(PictureBytes.flat(9).prefix(12)), "is cut short or damaged"),
    (Array("GIF89a".utf8), "is not a PNG, JPEG or WebP picture"),
    (
      PictureBytes.extended(
        PictureBytes.webp(0, height: 16, width: 16), flags: 0b10, height: 16, width: 16),
      "is an animation"
    ),
    ([], "is not a PNG, JPEG or WebP picture"),
    (
      PictureBytes.png([[]], width: 65_536), "is too large, 1 × 65536 pixels"
    ),
  ])
  func refusesABrokenPicture(bytes: [UInt8], words: String) throws {
    let path = folder.file("picture")
    #expect(
      sentence { _ = try read(bytes, 1, 1) }
        == "\(path): expected an intact PNG, JPEG or WebP picture, got a file that \(words); "
        + "copy or convert it again.")
  }

  @Test func refusesAMissingPicture() {
    let path = folder.file("none.png")
    let size = ImageSize(height: 1, width: 1, channels: 1)
    #expect(
      sentence { _ = try Picture.read(path, size: size) }
        == "Can't read '\(path)': No such file or directory; check the path.")
    #expect(
      sentence {
        _ = try Picture.read(path, size: ImageSize(height: 1, width: 1, channels: 2))
      } == "\(path): expected a field of 1 or 3 channels to read the picture into, got 2 "
        + "channels; give the records as an .npz file.")
  }

  @Test func headersTellTheExtent() {
    for bytes in [
      PictureBytes.flat([1, 2, 3], height: 5, width: 300),
      PictureBytes.jpeg(0xFF0000, height: 5, width: 300),
      PictureBytes.webp(0xFF0000, height: 5, width: 300),
    ] {
      let header = bytes.withUnsafeBytes { PictureHeader($0) }
      #expect(header?.height == 5 && header?.width == 300 && header?.isGrey == false)
    }
    #expect(PictureBytes.flat(3).withUnsafeBytes { PictureHeader($0) }?.isGrey == true)
    let palette = PictureBytes.png([[0]], width: 1, .palette, palette: [1, 2, 3])
    #expect(palette.withUnsafeBytes { PictureHeader($0) }?.isGrey == false)
  }
}
