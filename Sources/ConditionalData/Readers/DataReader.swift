/// One form of data that ``DataSet/load(_:schemaFile:like:readers:)`` recognises and reads.
///
/// The readers of this module need no library of codecs; `PictureData` adds `pictures(cache:)`. Records
/// that none of them reads become a data set by their columns, see ``DataSet``'s initialiser.
public struct DataReader: Sendable {
  /// Whether data are a file or a folder on disk.
  package enum Container: Sendable {
    case file, folder
  }

  /// What it reads, with an article: `"an .npz file"`.
  let form: String
  private let container: Container
  private let isOne: @Sendable (String) throws -> Bool
  private let table: @Sendable (String, FieldRequests) throws -> DataTable

  /// A reader made of functions.
  ///
  /// - Parameters:
  ///   - form: What it reads, with an article, for messages.
  ///   - container: Whether that is a file or a folder; the functions are called for nothing else.
  ///   - isOne: Whether the file or folder at a path is of the form.
  ///   - table: Reads it.
  package init(
    _ form: String, container: Container, isOne: @escaping @Sendable (String) throws -> Bool,
    table: @escaping @Sendable (String, FieldRequests) throws -> DataTable
  ) {
    self.form = form
    self.container = container
    self.isOne = isOne
    self.table = table
  }

  /// Whether what lies at `path` is of the form.
  func recognises(_ path: String, in container: Container) throws -> Bool {
    try container == self.container && isOne(path)
  }

  func read(_ path: String, _ requests: FieldRequests) throws -> DataTable {
    try table(path, requests)
  }
}

extension DataReader {
  /// Folders of IDX files, tables (`.csv`, `.tsv`, `.jsonl`, also with `.gz`), folders of those for splits (`train.csv`),
  /// `.npz` files, and class folders of texts (`.txt`).
  public static let builtIn = [idxFolders, tables, tableFolders, npzFiles, textFolders]

  static let idxFolders = DataReader(
    "a folder of IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte)", container: .folder,
    isOne: IDXFolder.isOne, table: { path, _ in try IDXFolder.read(path) })

  static let tables = DataReader(
    "a .csv, .tsv or .jsonl table", container: .file, isOne: TableFile.isOne,
    table: { try TableFile.read($0, $1) })

  static let tableFolders = DataReader(
    "a folder of tables train.csv, validation.csv and test.csv", container: .folder,
    isOne: TableFolder.isOne, table: { try TableFolder.read($0, $1) })

  static let textFolders = DataReader(
    "a folder of .txt files in class folders", container: .folder,
    isOne: { TextFolder.isOne($0) }, table: { try TextFolder.read($0, $1) })

  /// What ``textFolders`` leaves: texts without labels, for jobs that need none.
  public static let textsAlone = [
    DataReader(
      "a folder of .txt files", container: .folder,
      isOne: { TextFolder.isOne($0, mayLackLabels: true) }, table: { try TextFolder.read($0, $1) }),
    DataReader(
      "a .txt file", container: .file, isOne: TextFolder.isText,
      table: { try TextFolder.readFile($0, $1) }),
  ]

  static let npzFiles = DataReader(
    "an .npz file", container: .file, isOne: NPZTable.isOne,
    table: { try NPZTable.read($0, $1) })
}
