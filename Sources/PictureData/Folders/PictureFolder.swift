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
    return DataTable(
      fields: [Field(name: "image", kind: .image(pictures.size))] + listing.fields,
      columns: [.bytes(pictures.bytes, width: pictures.size.count)] + listing.columns,
      notes: listing.notes + (pictures.note.map { [$0] } ?? []), leftOut: listing.leftOut)
  }
}

/// The pictures to read, and what is known of them.
struct PictureListing {
  /// Paths below the folder, sorted: one for each record.
  var names: [String]
  /// The fields other than the picture.
  var fields: [Field]
  /// One for each field, an entry for each name.
  var columns: [Column]
  /// What was left out, and why, as sentences.
  var notes: [String]
  /// Columns of the data that became no field.
  var leftOut: [String] = []

  /// Takes pictures away that can't be used, and notes it.
  mutating func remove(_ broken: [PictureBatches.Broken], folder: String) {
    guard !broken.isEmpty else { return }
    notes.append(
      "\(folder): \(NameList.count(broken.count, "picture")) of \(names.count) left out: "
        + NameList.text(broken.map { "'\($0.name)' \($0.reason)" }) + ".")
    let removed = Set(broken.map(\.index))
    let kept = names.indices.filter { !removed.contains($0) }
    names = kept.map { names[$0] }
    columns = columns.map { $0.selecting(kept) }
  }
}

extension Column {
  /// The values of `records`, in their order.
  fileprivate func selecting(_ records: [Int]) -> Column {
    switch self {
    case .levels(let values): .levels(records.map { values[$0] })
    case .reals(let values, let width):
      .reals(records.flatMap { values[($0 * width)..<(($0 + 1) * width)] }, width: width)
    case .bytes: preconditionFailure("A listing holds no pixels.")
    }
  }
}
