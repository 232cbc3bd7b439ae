import CGD
import ConditionalData
import Foundation
import RecordTypes

@testable import PictureData

extension FuzzedReader {
  /// PNG, JPEG and WebP files, in a class folder, as a picture to complete and as a mask. Check sums of
  /// PNG's chunks are made right; pictures of many pixels may take their time, so they are left out.
  static let pictures = FuzzedReader(
    name: "pictures",
    words: ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "eXIf", "VP8X", "EXIF", "ANIM", "Exif\0\0"]
      .map { Array($0.utf8) } + [[0xFF, 0xE1], [0xFF, 0xC0], [0xFF, 0xC2], [0xFF, 0xDA], exif],
    seeds: {
      let png = encoded { gdImagePngPtr($0, $1) }
      let jpeg = encoded { gdImageJpegPtr($0, $1, 90) }
      let webp = encoded { gdImageWebpPtrEx($0, $1, 90) }
      let segment: [UInt8] = [0xFF, 0xE1] + .bigEndian(UInt16(exif.count + 2)) + exif
      let header: [UInt8] = [8, 0, 0, 0, 4, 0, 0, 3, 0, 0]
      let parts = piece("VP8X", header) + webp[12...] + piece("EXIF", exif)
      let text = chunk("eXIf", Array(exif[6...]))
      return [
        png, jpeg, webp, png[..<33] + text + png[33...], jpeg[..<2] + segment + jpeg[2...],
        piece("RIFF", Array("WEBP".utf8) + parts),
      ]
    },
    read: { bytes, scratch in
      let bytes = withRightSums(bytes)
      let header = bytes.withUnsafeBytes { PictureHeader($0) }
      if let header, Double(header.height) * Double(header.width) > 1e4,
        max(header.height, header.width) <= GDLibrary.largestSide
      {
        return
      }
      let path = try scratch.write(bytes, "pictures/a/fuzz.png")
      let size = ImageSize(height: 4, width: 5, channels: 3)
      _ = try? PartialPicture.read(path, size: size)
      _ = try? MaskPicture.read(path, grid: CellGrid(height: 4, width: 5))
      // Two pictures would be decoded by two threads, and waiting for them take most of the time.
      _ = try DataSet.load(
        scratch.folder.appending(path: "pictures").path,
        readers: DataReader.builtIn + [.pictures()])
    })

  /// Exif data that say that the picture lies on its side.
  private static let exif: [UInt8] =
    Array("Exif\0\0".utf8)
    + [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return .bigEndian(UInt32(content.count)) + body + .bigEndian(body.checkSum)
  }

  /// A part of a WebP file.
  private static func piece(_ name: String, _ content: [UInt8]) -> [UInt8] {
    Array(name.utf8) + .littleEndian(UInt32(content.count)) + content
  }

  /// A small picture of two colours, coded by GD.
  private static func encoded(
    _ encode: (gdImagePtr, UnsafeMutablePointer<Int32>) -> UnsafeMutableRawPointer?
  ) -> [UInt8] {
    guard let image = gdImageCreateTrueColor(5, 4) else { return [] }
    defer { gdImageDestroy(image) }
    gdImageFilledRectangle(image, 0, 0, 2, 3, 0x40A0F0)
    var count: Int32 = 0
    guard let pointer = encode(image, &count) else { return [] }
    defer { gdFree(pointer) }
    return [UInt8](UnsafeRawBufferPointer(start: pointer, count: Int(count)))
  }

  private static func withRightSums(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return bytes }
    var bytes = bytes
    var place = 8
    while place + 12 <= bytes.count {
      let end = place + 8 + bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard end + 4 <= bytes.count else { break }
      let sum = [UInt8].bigEndian(Array(bytes[(place + 4)..<end]).checkSum)
      bytes.replaceSubrange(end..<end + 4, with: sum)
      place = end + 4
    }
    return bytes
  }
}
