import ConditionalData
import Foundation
import RecordTypes
import TensorFiles

extension PictureBatches {
  /// The size that the pictures are scaled to: the requested one; else the size that all of them have, if it
  /// is from 16 to 128 pixels along each side; else 64 × 64. There is one channel if every picture is grey,
  /// else 3.
  func size(_ request: FieldRequest?) -> PictureSizes {
    let headers = headers()
    let sizes = headers.compactMap(\.self).map { PictureSizes.Extent($0) }
    let channels = request?.channels?.value ?? self.channels(headers)
    let (smallest, largest) = (sizes.min() ?? .usual, sizes.max() ?? .usual)
    let common = smallest == largest && smallest.isUsual ? smallest : .usual
    let scaled = ImageSize(
      height: request?.size?.value.height ?? common.height,
      width: request?.size?.value.width ?? common.width, channels: channels)
    return PictureSizes(
      scaled: scaled, smallest: smallest, largest: largest, count: Set(sizes).count)
  }

  /// What each picture's file says about it; nil where it says nothing.
  private func headers() -> [PictureHeader?] {
    names.map { name in
      let path = "\(folder)/\(name)"
      guard FileIdentity(path)?.isFolder == false, let file = FileHandle(forReadingAtPath: path)
      else { return nil }
      defer { try? file.close() }
      guard let start = try? file.read(upToCount: 1 << 16) else { return nil }
      let header = start.withUnsafeBytes { PictureHeader($0) }
      // In a JPEG the extent may come after long metadata of the camera; in the others the orientation may come
      // after the pixels.
      guard start.count == 1 << 16, header?.form != .jpeg, let rest = try? file.readToEnd() else {
        return header
      }
      return (start + rest).withUnsafeBytes { PictureHeader($0) }
    }
  }

  /// Whether all pictures are grey; stops at the first colour, and decodes only files that could hold one.
  private func channels(_ headers: [PictureHeader?]) -> Int {
    for (name, header) in zip(names, headers) {
      guard let header, !header.isGrey,
        let picture = try? DecodedPicture(path: "\(folder)/\(name)")
      else { continue }
      if !picture.isGrey { return 3 }
    }
    return 1
  }
}
