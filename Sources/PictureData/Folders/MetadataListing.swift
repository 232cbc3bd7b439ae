import ConditionalData
import RecordTypes
import TensorFiles

/// Pictures that the column `file_name` of a `metadata.csv` names, with the other columns as fields.
enum MetadataListing {
  private static let key = "file_name"

  /// Fields in the order of the columns, records in the order of the paths.
  static func read(
    _ folder: String, files: PictureFiles, _ requests: FieldRequests
  ) throws -> PictureListing {
    let path = "\(folder)/\(PictureFiles.metadata)"
    var reader = try TableReader(path)
    guard let key = reader.names.firstIndex(of: key) else {
      throw DataFileFailure(
        path: "\(path), line 1", expected: "a column '\(key)' that names the pictures",
        actual: NameList.text(reader.names.map { "'\($0)'" }, atMost: 12),
        advice: "rename the column that does")
    }
    var names: [String] = []
    var lines: [Int] = []
    var columns = TableColumns(path: path, names: reader.names, requests, key: key)
    try reader.readRows { index, bytes, place in
      if index == key {
        names.append(name(try TableHeader.text(bytes, path, place)))
        lines.append(place.line)
      } else {
        try columns.add(bytes, to: index, at: place)
      }
    }
    let rows = try sorted(names, lines, path: path)
    var table = try columns.table()
    table.leftOut.removeAll { $0 == Self.key }
    guard !table.fields.contains(where: { $0.name == "image" }) else {
      throw DataFileFailure(
        path: "\(path), line 1", expected: "another name than that of the pictures' field",
        actual: "a column 'image'",
        advice: "rename it, or leave it out by 'ignore: [image]' in schema.yaml")
    }
    let named = rows.map { names[$0] }
    let unnamed = Set(files.names.map(ByteText.init)).subtracting(named.map(ByteText.init))
      .sorted().map(\.text)
    if !unnamed.isEmpty {
      table.notes.insert(
        DataNote(
          folder,
          .files(
            "\(NameList.count(unnamed.count, "picture")) that \(PictureFiles.metadata) doesn't name left "
              + "out: \(NameList.text(unnamed))")), at: 0)
    }
    table.columns = table.columns.map { $0.selecting(rows) }
    return PictureListing(names: named, table: table)
  }

  /// The rows by the path of their picture, each of which may be named once.
  private static func sorted(_ names: [String], _ lines: [Int], path: String) throws -> [Int] {
    var first: [ByteText: Int] = [:]
    for (row, name) in names.enumerated() {
      if let other = first.updateValue(row, forKey: ByteText(name)) {
        throw DataFileFailure(
          path: "\(path), line \(lines[row])", expected: "each picture once",
          actual: "'\(name)' as in line \(lines[other])", advice: "remove one of the rows")
      }
    }
    return first.sorted { $0.key < $1.key }.map(\.value)
  }

  /// A path as the folder's listing has it.
  private static func name(_ cell: String) -> String {
    var name = cell[...]
    while name.hasPrefix("./") { name = name.dropFirst(2) }
    return String(name)
  }
}
