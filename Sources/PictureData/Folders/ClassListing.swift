import ConditionalData
import RecordTypes
import TensorFiles

/// Pictures in folders that are named as their classes.
enum ClassListing {
  /// The field `label`, whose levels are the names of the folders in the folder: sorted, by number
  /// where all are whole numbers. Folders within a class belong to it.
  static func read(_ folder: String, files: PictureFiles) throws -> PictureListing {
    var names: [String] = []
    var classes: [String] = []
    var loose: [String] = []
    for name in files.names {
      let parts = FolderSearch.parts(of: name)
      if parts.count > 1 {
        names.append(name)
        classes.append(parts[0])
      } else {
        loose.append(name)
      }
    }
    guard !names.isEmpty else {
      throw DataFileFailure(
        path: folder, expected: "PNG, JPEG or WebP pictures in class folders",
        actual: NameList.text(files.otherForms), advice: "convert them to PNG")
    }
    let levels = LevelOrder.sorted(classes)
    var table = DataTable(
      [Field(name: "label", kind: .category(levels: levels))], [LevelOrder.column(classes, levels)])
    if !loose.isEmpty {
      table.notes.append(
        "\(folder): \(NameList.count(loose.count, "picture")) outside of the class folders left "
          + "out: \(NameList.text(loose)).")
    }
    return PictureListing(names: names, table: table)
  }
}
