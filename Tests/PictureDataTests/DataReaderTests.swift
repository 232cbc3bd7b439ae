import ConditionalData
import PictureData
import Testing

@Suite struct DataReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// With the reader of pictures, other data are read as they are without it.
  @Test func otherFormsAreReadBesidePictures() throws {
    let path = try folder.put("size,colour\n1.5,red\n2.5,blue\n2.75,red\n", "rows.csv")
    let rows = try DataSet.load(path, pictures: nil)
    #expect(rows.count == 3 && rows.isTable)
    #expect(try rows.fingerprint == DataSet.load(path).fingerprint)
  }

  @Test func onlyTheGivenReadersAreTried() throws {
    let path = try folder.put("size\n1.5\n", "rows.csv")
    #expect(
      sentence { _ = try DataSet.load(path, readers: [.pictures()]) }
        == "\(path): expected a folder of pictures in class folders or with a metadata.csv, got a "
        + "file of another kind; write the fields as arrays with numpy.savez.")
  }

  @Test func messagesListTheFormOfPictures() throws {
    try folder.put("", "1.png")
    #expect(
      sentence { _ = try DataSet.load(folder.path, pictures: nil) }
        == "\(folder.path): expected a folder of IDX files (train-images-idx3-ubyte, "
        + "train-labels-idx1-ubyte), a .csv, .tsv or .jsonl table, a folder of tables "
        + "train.csv, validation.csv and test.csv, an .npz file, a folder of .txt "
        + "files in class folders, or a folder of pictures in class folders or with a metadata.csv, "
        + "got a folder of pictures without class folders or "
        + "a metadata.csv; put the pictures into a folder for each class.")
  }
}
