import ConditionalData
import Dispatch
import RecordTypes
import Synchronization
import TensorFiles

/// The pictures of a folder, in the order of records, and how they are read.
struct PictureBatches {
  let folder: String
  /// Paths below the folder.
  let names: [String]

  /// The share of pictures that may be broken; if more are, something else is wrong.
  static let toleratedShare = 0.01

  /// A picture that can't be used.
  struct Broken: Codable, Equatable {
    /// Its position among the names.
    let index: Int
    /// Its path below the folder.
    let name: String
    /// Why, as the end of a sentence: `"is cut short or damaged"`.
    let reason: String
  }

  /// Decodes every picture on all processors, and passes the intact ones to `body` in the order of the names,
  /// `[height, width, channels]` bytes each.
  ///
  /// - Returns: The broken ones.
  /// - Throws: `DataFileFailure` that names the first of them where they are more than 1 %; what
  ///   `body` throws.
  func decode(to size: ImageSize, _ body: ([UInt8]) throws -> Void) throws -> [Broken] {
    var broken: [Broken] = []
    let batch = 128
    for start in stride(from: 0, to: names.count, by: batch) {
      let pictures = Mutex<[Int: Result<[UInt8], PictureFailure>]>([:])
      let end = min(start + batch, names.count)
      DispatchQueue.concurrentPerform(iterations: end - start) { offset in
        let picture = picture(start + offset, size)
        pictures.withLock { $0[start + offset] = picture }
      }
      let decoded = pictures.withLock { $0 }
      for index in start..<end {
        switch decoded[index] {
        case .success(let bytes): try body(bytes)
        case .failure(let failure):
          broken.append(Broken(index: index, name: names[index], reason: failure.words))
        case nil: preconditionFailure("Picture \(index) was not decoded.")
        }
      }
      try check(broken)
    }
    return broken
  }

  private func picture(_ index: Int, _ size: ImageSize) -> Result<[UInt8], PictureFailure> {
    do throws(PictureFailure) {
      return .success(try DecodedPicture(path: "\(folder)/\(names[index])").scaled(to: size))
    } catch {
      return .failure(error)
    }
  }

  private func check(_ broken: [Broken]) throws {
    guard Double(broken.count) > Self.toleratedShare * Double(names.count) else { return }
    throw DataFileFailure(
      path: folder, expected: "intact pictures, or at most 1 % broken ones among \(names.count)",
      actual: NameList.text(broken.map { "'\($0.name)', which \($0.reason)" }),
      advice: "repair them or take them away")
  }
}
