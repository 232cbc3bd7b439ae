import RecordTypes

/// Files in folders that are named as their classes.
package struct ClassFolders {
  /// Paths below the folder of the files in class folders, those of the test split last.
  package let names: [String]
  /// Paths of files that are in none.
  package let loose: [String]
  /// The field `label`, whose levels are the names of the class folders: sorted, by number where all are whole numbers.
  package let table: DataTable

  /// Finds the class folders. Folders within a class belong to it.
  ///
  /// The class folders may also lie in ``SplitFolders``.
  ///
  /// - Parameters:
  ///   - files: Paths below the folder, sorted.
  ///   - noun: What each file is, such as "picture".
  package init(_ files: [String], in folder: String, noun: String) {
    let paths = files.map(FolderSearch.parts(of:))
    let splits = SplitFolders(paths)
    let classDepth = splits == nil ? 0 : 1
    var listed: [(name: String, label: String)] = []
    var tested: [(name: String, label: String)] = []
    var loose: [String] = []
    for (name, path) in zip(files, paths) {
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
    let levels = LevelOrder.sorted(listed.map(\.label))
    var table = DataTable(
      [Field(name: "label", kind: .category(levels: levels))],
      [LevelOrder.column(listed.map(\.label), levels)])
    if let splits {
      table.notes.append(
        DataNote(folder, .files(splits.note(testCount: tested.count, noun: noun))))
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
      let files = NameList.count(loose.count, noun)
      table.notes.append(
        DataNote(
          folder, .files("\(files) outside of the class folders left out: \(NameList.text(loose))"))
      )
    }
    names = listed.map(\.name)
    self.loose = loose
    self.table = table
  }
}

extension DataTable {
  /// Leaves out files that can't be used, and adds a note.
  ///
  /// - Parameters:
  ///   - unusable: Their positions, rising, with their names and the reasons.
  ///   - count: The number of all files.
  ///   - noun: What each file is, such as "picture".
  /// - Returns: The positions of those that are left.
  package mutating func leaveOut(
    _ unusable: [(index: Int, name: String, reason: String)], of count: Int, noun: String,
    folder: String
  ) -> [Int] {
    guard !unusable.isEmpty else { return Array(0..<count) }
    notes.append(
      DataNote(
        folder,
        .files(
          "\(NameList.count(unusable.count, noun)) of \(count) left out: "
            + NameList.text(unusable.map { "'\($0.name)' \($0.reason)" }))))
    let removed = Set(unusable.map(\.index))
    let kept = (0..<count).filter { !removed.contains($0) }
    if let test = ownTest {
      let start = kept.count { $0 < test.lowerBound }
      let end = kept.count { $0 < test.upperBound }
      ownTest = start < end ? start..<end : nil
    }
    columns = columns.map { $0.selecting(kept) }
    return kept
  }
}
