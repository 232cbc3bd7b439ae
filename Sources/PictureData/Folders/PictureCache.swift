import ConditionalData
import Foundation
import RecordTypes
import TensorFiles

/// A folder for decoded pictures, so that many are decoded once and then mapped into memory.
///
/// A file in it is used as long as the pictures that it was made from keep their names, sizes and dates, and
/// is made anew if it is damaged. It may be deleted at any time.
public struct PictureCache: Hashable, Sendable {
  /// The folder; it is made when it is needed.
  public let folder: String
  /// Decoded pictures of no more bytes than this altogether stay in memory.
  public let threshold: Int

  /// A cache in `folder`, for more than 256 MiB of pictures unless `threshold` says otherwise.
  public init(_ folder: String, threshold: Int = 256 << 20) {
    self.folder = folder
    self.threshold = threshold
  }

  /// The file for the pictures of a folder, whatever else is cached.
  func path(for pictures: String) -> String {
    var hash = ByteHash()
    hash.add(URL(fileURLWithPath: pictures).standardizedFileURL.path)
    return "\(folder)/\(String(hash.value, radix: 16)).pixels"
  }

  /// The same pictures in the requested size from the cache; nil if they must be decoded.
  func read(_ path: String, stamp: UInt64, _ request: FieldRequest?) -> DecodedPictures? {
    guard let file = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped),
      let trailer = PictureCacheTrailer(endOf: file), trailer.stamp == stamp,
      trailer.suits(request)
    else { return nil }
    let bytes = ByteStorage(
      mapped: file.prefix(trailer.byteCount), source: .init(path: path, digest: trailer.digest))
    return DecodedPictures(sizes: trailer.sizes, bytes: bytes, broken: trailer.broken)
  }

  /// Decodes pictures into a file and maps it.
  ///
  /// - Throws: `FileFailure` where the file can't be written, `DataFileFailure` for too many broken
  ///   pictures.
  func write(
    _ batches: PictureBatches, sizes: PictureSizes, stamp: UInt64, _ request: FieldRequest?,
    to path: String
  ) throws -> DecodedPictures {
    let isNew = try PartialFiles.prepareFolder(folder) { $0.hasSuffix(".pixels") }
    // Only after a failure, and only if it is empty: a folder that holds a file stays.
    defer { if isNew { rmdir(folder) } }
    try AtomicFile.write(to: path) { file in
      var digest = MappedDigest()
      var pending: [UInt8] = []
      var count = 0
      let broken = try batches.decode(to: sizes.scaled) { picture in
        pending += picture
        count += 1
        guard pending.count >= 1 << 16, pending.count % 8 == 0 else { return }
        pending.withUnsafeBytes { digest.add($0) }
        try file.write(pending)
        pending.removeAll(keepingCapacity: true)
      }
      let whole = pending.count & ~7
      let sum = pending.withUnsafeBytes { bytes in
        digest.add(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
        return digest.finished(with: UnsafeRawBufferPointer(rebasing: bytes[whole...]))
      }
      try file.write(pending)
      let trailer = PictureCacheTrailer(
        stamp: stamp, sizes: sizes, isSizeStated: request?.size != nil,
        areChannelsStated: request?.channels != nil, count: count, broken: broken, digest: sum)
      try file.write(trailer.bytes())
    }
    guard let cached = read(path, stamp: stamp, request) else {
      throw FileFailure(path: path, action: "read", code: EIO)
    }
    return cached
  }
}
