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
    let table = try CSVTable(path)
    guard let key = table.names.firstIndex(of: key) else {
      throw DataFileFailure(
        path: "\(path), line 1", expected: "a column '\(key)' that names the pictures",
        actual: NameList.text(table.names.map { "'\($0)'" }, atMost: 12),
        advice: "rename the column that does")
    }
    guard !table.rows.isEmpty else {
      throw DataFileFailure(
        path: path, expected: "a row for each picture", actual: "none",
        advice: "write one for each picture")
    }
    let rows = try sorted(table, key)
    var listing = PictureListing(
      names: rows.map { name(table.rows[$0][key]) }, fields: [], columns: [], notes: [])
    let unnamed = Set(files.names).subtracting(listing.names).sorted()
    if !unnamed.isEmpty {
      listing.notes.append(
        "\(path) doesn't name \(NameList.count(unnamed.count, "picture")) of the folder, which "
          + "\(unnamed.count == 1 ? "is" : "are") left out: \(NameList.text(unnamed)).")
    }
    for (index, name) in table.names.enumerated() where index != key {
      let column = MetadataColumn(
        path: path, name: name, cells: rows.map { table.rows[$0][index] },
        lines: rows.map { table.lines[$0] })
      try add(column, to: &listing, requests)
    }
    return listing
  }

  private static func add(
    _ column: MetadataColumn, to listing: inout PictureListing, _ requests: FieldRequests
  ) throws {
    guard !requests.ignores(column.name) else {
      listing.leftOut.append(column.name)
      return
    }
    guard column.name != "image" else {
      throw DataFileFailure(
        path: "\(column.path), line 1", expected: "another name than that of the pictures' field",
        actual: "a column 'image'",
        advice: "rename it, or leave it out by 'ignore: [image]' in schema.yaml")
    }
    switch try column.content(as: requests.request(column.name)?.kind?.value) {
    case .field(let kind, let values):
      listing.fields.append(Field(name: column.name, kind: kind))
      listing.columns.append(values)
    case .nothing(let reason):
      listing.leftOut.append(column.name)
      listing.notes.append("\(column.path): column '\(column.name)' is left out, as \(reason).")
    }
  }

  /// The table's rows by the path of their picture, each of which may be named once.
  private static func sorted(_ table: CSVTable, _ key: Int) throws -> [Int] {
    var first: [String: Int] = [:]
    for (row, cells) in table.rows.enumerated() {
      let name = name(cells[key])
      if let other = first.updateValue(row, forKey: name) {
        throw DataFileFailure(
          path: "\(table.path), line \(table.lines[row])", expected: "each picture once",
          actual: "'\(name)' as in line \(table.lines[other])", advice: "remove one of the rows")
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
