import ConditionalData
import Foundation
import RecordTypes
import TensorFiles

/// A folder of class folders of pictures, or of pictures that a `metadata.csv` names.
enum PictureFolder {
  /// The field `image`, then those that the folders' names or the metadata tell, by the order of
  /// the pictures' paths.
  ///
  /// - Parameters:
  ///   - requests: What size the pictures are brought to, and which columns are what.
  ///   - cache: Where many decoded pictures are kept.
  static func read(
    _ folder: String, _ requests: FieldRequests, cache: PictureCache?
  ) throws -> DataTable {
    var folder = folder
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    let files = PictureFiles(in: folder)
    var listing =
      if FileManager.default.fileExists(atPath: "\(folder)/\(PictureFiles.metadata)") {
        try MetadataListing.read(folder, files: files, requests)
      } else {
        try ClassListing.read(folder, files: files)
      }
    let batches = PictureBatches(folder: folder, names: listing.names)
    let pictures = try batches.pictures(requests.request("image"), cache: cache)
    listing.remove(pictures.broken, folder: folder)
    var table = listing.table
    table.fields.insert(Field(name: "image", kind: .image(pictures.size)), at: 0)
    table.columns.insert(.bytes(pictures.bytes, size: pictures.size), at: 0)
    if let note = pictures.note { table.notes.append(note) }
    return table
  }
}

/// The pictures to read, and what is known of them.
struct PictureListing {
  /// Paths below the folder, sorted: one for each record.
  var names: [String]
  /// The fields other than the picture, a value for each name.
  var table: DataTable

  /// Takes pictures away that can't be used, and notes it.
  mutating func remove(_ broken: [PictureBatches.Broken], folder: String) {
    guard !broken.isEmpty else { return }
    table.notes.append(
      "\(folder): \(NameList.count(broken.count, "picture")) of \(names.count) left out: "
        + NameList.text(broken.map { "'\($0.name)' \($0.reason)" }) + ".")
    let removed = Set(broken.map(\.index))
    let kept = names.indices.filter { !removed.contains($0) }
    names = kept.map { names[$0] }
    table.columns = table.columns.map { $0.selecting(kept) }
  }
}
