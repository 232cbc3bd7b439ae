import ConditionalData
import RecordTypes
import TensorFiles

/// Pictures in folders that are named as their classes.
enum ClassListing {
  /// The field `label`, whose levels are the names of the folders in the folder: sorted, by number
  /// where all are whole numbers. Folders within a class belong to it.
  ///
  /// The class folders may also lie in ``SplitFolders``; records of the test split come last.
  ///
  /// - Parameter mayLackLabels: Whether pictures without any class folder are read, without a `label`.
  static func read(
    _ folder: String, files: PictureFiles, mayLackLabels: Bool = false
  ) throws -> PictureListing {
    let paths = files.names.map(FolderSearch.parts(of:))
    let splits = SplitFolders(paths)
    let classDepth = splits == nil ? 0 : 1
    var listed: [(name: String, label: String)] = []
    var tested: [(name: String, label: String)] = []
    var loose: [String] = []
    for (name, path) in zip(files.names, paths) {
      if path.count <= classDepth + 1 {
        loose.append(name)
      } else if splits != nil, SplitFolders.isTest(path[0]) {
        tested.append((name, path[classDepth]))
      } else {
        listed.append((name, path[classDepth]))
      }
    }
    let testStart = listed.count
    listed += tested
    if listed.isEmpty, mayLackLabels, !loose.isEmpty {
      return PictureListing(names: loose, table: DataTable([], []))
    }
    guard !listed.isEmpty else {
      throw DataFileFailure(
        path: folder, expected: "PNG, JPEG or WebP pictures in class folders",
        actual: NameList.text(files.otherForms), advice: "convert them to PNG")
    }
    let levels = LevelOrder.sorted(listed.map(\.label))
    var table = DataTable(
      [Field(name: "label", kind: .category(levels: levels))],
      [LevelOrder.column(listed.map(\.label), levels)])
    if let splits {
      table.notes.append(
        DataNote(folder, .files(splits.note(testCount: tested.count))))
      if !tested.isEmpty { table.ownTest = testStart..<listed.count }
    } else {
      let doubtful = levels.filter(SplitFolders.isSplit)
      if doubtful.count > 1 {
        let names = NameList.text(doubtful.map { "'\($0)'" })
        table.notes.append(
          DataNote(
            folder,
            .files(
              "\(names) are read as classes, since not every folder is a split that holds class folders"
            )))
      }
    }
    if !loose.isEmpty {
      let pictures = NameList.count(loose.count, "picture")
      table.notes.append(
        DataNote(
          folder,
          .files("\(pictures) outside of the class folders left out: \(NameList.text(loose))")))
    }
    return PictureListing(names: listed.map(\.name), table: table)
  }
}
