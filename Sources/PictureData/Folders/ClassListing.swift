import ConditionalData
import RecordTypes
import TensorFiles

/// Pictures in folders that are named as their classes.
enum ClassListing {
  /// The field `label` of ``ClassFolders``.
  ///
  /// - Parameter mayLackLabels: Whether pictures without any class folder are read, without a `label`.
  static func read(
    _ folder: String, files: PictureFiles, mayLackLabels: Bool = false
  ) throws -> PictureListing {
    let classes = ClassFolders(files.names, in: folder, noun: "picture")
    if classes.names.isEmpty, mayLackLabels, !classes.loose.isEmpty {
      return PictureListing(names: classes.loose, table: DataTable([], []))
    }
    guard !classes.names.isEmpty else {
      throw DataFileFailure(
        path: folder, expected: "PNG, JPEG or WebP pictures in class folders",
        actual: NameList.text(files.otherForms), advice: "convert them to PNG")
    }
    return PictureListing(names: classes.names, table: classes.table)
  }
}
