import ConditionalData
import Foundation
import RecordTypes
import TensorFiles

/// The pixels of a folder's pictures, and which of them have none.
struct DecodedPictures {
  let sizes: PictureSizes
  /// The pixels of the intact pictures, one picture after another.
  let bytes: ByteStorage
  let broken: [PictureBatches.Broken]
  /// A sentence if the cache couldn't be used.
  var note: String?
}

extension PictureBatches {
  /// The pictures, from the cache if it has them; if they have more bytes than its threshold, they are put
  /// there if possible.
  func pictures(_ request: FieldRequest?, cache: PictureCache?) throws -> DecodedPictures {
    guard let cache else { return try inMemory(size(request)) }
    let path = cache.path(for: folder)
    let stamp = stamp()
    if let cached = cache.read(path, stamp: stamp, request) { return cached }
    let sizes = size(request)
    guard names.count * sizes.scaled.count > cache.threshold else { return try inMemory(sizes) }
    do {
      return try cache.write(self, sizes: sizes, stamp: stamp, request, to: path)
    } catch let failure as FileFailure {
      var pictures = try inMemory(sizes)
      pictures.note = "The decoded pictures stay in memory. \(failure)"
      return pictures
    }
  }

  private func inMemory(_ sizes: PictureSizes) throws -> DecodedPictures {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(names.count * sizes.scaled.count)
    let broken = try decode(to: sizes.scaled) { bytes += $0 }
    return DecodedPictures(sizes: sizes, bytes: ByteStorage(bytes), broken: broken)
  }

  /// A hash of the pictures' names, sizes and dates.
  private func stamp() -> UInt64 {
    var hash = ByteHash()
    for name in names {
      var status = stat()
      let isThere = stat("\(folder)/\(name)", &status) == 0
      hash.add(name)
      hash.add(isThere ? Int(status.st_size) : -1)
      hash.add(isThere ? status.st_mtim.tv_sec : 0)
      hash.add(isThere ? status.st_mtim.tv_nsec : 0)
    }
    return hash.value
  }
}
