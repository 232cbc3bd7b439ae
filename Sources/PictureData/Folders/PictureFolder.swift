import ConditionalData
import Foundation
import RecordTypes
import TensorFiles

/// A folder of class folders of pictures, or of pictures that a `metadata.csv` names.
enum PictureFolder {
  /// The field `image`, then those from the folders' names or the metadata; records are in the order of the
  /// pictures' paths, those of a test split of their own last.
  ///
  /// - Parameters:
  ///   - requests: The size that the pictures are scaled to, and the kinds of columns.
  ///   - cache: Where many decoded pictures are kept.
  ///   - mayLackLabels: Whether pictures without any class folder or metadata are read, as `image` alone.
  static func read(
    _ folder: String, _ requests: FieldRequests, cache: PictureCache?, mayLackLabels: Bool = false
  ) throws -> DataTable {
    var folder = folder
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    let files = PictureFiles(in: folder)
    var listing =
      if FileManager.default.fileExists(atPath: "\(folder)/\(PictureFiles.metadata)") {
        try MetadataListing.read(folder, files: files, requests)
      } else {
        try ClassListing.read(folder, files: files, mayLackLabels: mayLackLabels)
      }
    listing.table.notes += files.notes(on: folder)
    let batches = PictureBatches(folder: folder, names: listing.names)
    let pictures = try batches.pictures(requests.request("image"), cache: cache)
    listing.remove(pictures.broken, folder: folder)
    var table = listing.table
    let (names, size) = (listing.names, pictures.sizes.scaled)
    let kinds = PictureFiles.kinds(of: names)
    table.summaries["image"] =
      "\(NameList.count(names.count, "picture")) (\(kinds)) \(pictures.sizes.words)"
    table.fields.insert(Field(name: "image", kind: .image(size)), at: 0)
    table.columns.insert(.bytes(pictures.bytes, size: size), at: 0)
    if let note = pictures.note { table.notes.append(DataNote(folder, .warning(note))) }
    return table
  }
}

/// The pictures to read, and their other fields.
struct PictureListing {
  /// Paths below the folder, one for each record.
  var names: [String]
  /// The fields other than the picture, a value for each name.
  var table: DataTable

  /// Leaves out pictures that can't be used, and adds a note.
  mutating func remove(_ broken: [PictureBatches.Broken], folder: String) {
    let kept = table.leaveOut(
      broken.map { ($0.index, $0.name, $0.reason) }, of: names.count, noun: "picture",
      folder: folder)
    names = kept.map { names[$0] }
  }
}
