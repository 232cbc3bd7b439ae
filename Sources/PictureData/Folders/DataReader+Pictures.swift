public import ConditionalData

extension DataReader {
  /// Folders of pictures (PNG, JPEG, WebP) in class folders, which may lie in the folders `train`, `val` and
  /// `test`, or with a `metadata.csv` whose column `file_name` names them.
  ///
  /// ```swift
  /// let data = try DataSet.load("photos", readers: DataReader.builtIn + [.pictures()])
  /// ```
  ///
  /// - Parameters:
  ///   - cache: Many pictures are decoded once into it, and mapped from there; without one they stay in memory.
  ///   - mayLackLabels: Whether a folder of pictures alone is read too, as records without a label.
  public static func pictures(
    cache: PictureCache? = nil, mayLackLabels: Bool = false
  ) -> DataReader {
    DataReader(
      "a folder of pictures in class folders or with a metadata.csv", container: .folder,
      isOne: { mayLackLabels ? PictureFiles.hasPicture($0) : PictureFiles.areRecords($0) },
      table: { try PictureFolder.read($0, $1, cache: cache, mayLackLabels: mayLackLabels) })
  }
}
