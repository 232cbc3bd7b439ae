import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData
@testable import PictureData

@Suite struct PictureCacheTests {
  private let folder: TemporaryFolder
  private let photos: String

  /// Twenty pictures of 17 × 19, whose bytes eight doesn't divide.
  init() throws {
    folder = try TemporaryFolder()
    photos = folder.file("photos")
    for label in ["a", "b"] {
      try FileManager.default.createDirectory(
        atPath: "\(photos)/\(label)", withIntermediateDirectories: true)
      for index in 0..<10 {
        let value = UInt8(index * 2 + (label == "a" ? 0 : 1))
        try put(PictureBytes.flat(value, height: 17, width: 19), "\(label)/\(index).png")
      }
    }
  }

  private func put(_ bytes: [UInt8], _ name: String) throws {
    try folder.put(bytes, "photos/\(name)")
  }

  private func load(threshold: Int = 1000, like model: RecordSchema? = nil) throws -> DataSet {
    try DataSet.load(
      photos, like: model, pictures: PictureCache(folder.file("run/cache"), threshold: threshold))
  }

  private func files() -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.file("run/cache"))
    return (names ?? []).sorted()
  }

  private func cacheFile() throws -> String {
    folder.file("run/cache/" + (try #require(files().first)))
  }

  private func isMapped(_ data: DataSet) -> Bool {
    guard case .bytes(let bytes) = data.columns[0].values else { return false }
    return bytes.source != nil
  }

  /// Puts other bytes into a source that keeps its size and date.
  private func damageUnnoticed(_ name: String) throws {
    let path = "\(photos)/\(name)"
    var status = stat()
    #expect(stat(path, &status) == 0)
    try put([UInt8](repeating: 0, count: Int(status.st_size)), name)
    var times = [status.st_atim, status.st_mtim]
    #expect(utimensat(AT_FDCWD, path, &times, 0) == 0)
  }

  @Test func isTheSameAsInMemory() throws {
    let memory = try DataSet.load(photos, pictures: nil)
    let mapped = try load()
    #expect(isMapped(mapped) && !isMapped(memory))
    #expect(mapped.columns == memory.columns)
    #expect(mapped.schema == memory.schema)
    #expect(mapped.fingerprint == memory.fingerprint)
    #expect(mapped.notes.isEmpty)
    #expect(mapped.summaries == memory.summaries)
    #expect(try load().summaries == memory.summaries)
  }

  @Test func smallOnesStayInMemory() throws {
    #expect(try !isMapped(load(threshold: 20 * 17 * 19)))
    #expect(files().isEmpty && !FileManager.default.fileExists(atPath: folder.file("run")))
    #expect(try isMapped(load(threshold: 20 * 17 * 19 - 1)))
    #expect(files().count == 1)
  }

  @Test func readsBatchesFromTheMap() throws {
    let reader = BatchReader(
      try load().records, preprocessing: Preprocessing(scales: [:], levelCounts: [:]))
    var target = [Float](repeating: -1, count: 2 * 323)
    let records: [Int32] = [13, 2]
    records.withUnsafeBufferPointer { records in
      target.withUnsafeMutableBufferPointer { target in
        reader.fillReals(field: 0, records: records, into: target)
      }
    }
    #expect(target == [7, 4].flatMap { [Float](repeating: $0 * (1 / 255), count: 323) })
  }

  @Test func decodesOnce() throws {
    let first = try load()
    for name in ["a/0.png", "b/7.png"] { try damageUnnoticed(name) }
    let second = try load()
    #expect(second.columns == first.columns && second.fingerprint == first.fingerprint)
    #expect(isMapped(second))
  }

  @Test func changedSourcesAreDecodedAgain() throws {
    _ = try load()
    try put(PictureBytes.flat(200, height: 17, width: 19), "a/1.png")
    let changed = try load()
    let bytes = try #require(changed.columns[0].bytes)
    #expect(bytes[changed.columns[0].width] == 200)
    try put(PictureBytes.flat(100, height: 17, width: 19), "b/new.png")
    #expect(try load().count == 21)
    try FileManager.default.removeItem(atPath: "\(photos)/a/1.png")
    #expect(try load().count == 20)
    #expect(files().count == 1)
  }

  @Test func keepsWhichPicturesAreBroken() throws {
    for index in 10..<100 {
      try put(PictureBytes.flat(UInt8(index), height: 17, width: 19), "a/\(index).png")
    }
    try put([1, 2, 3], "a/5.png")
    let first = try load()
    let second = try load()
    #expect(first.count == 109 && first.notes.count == 1)
    #expect(second.notes == first.notes && second.columns == first.columns)
  }

  /// However the file is damaged, the pictures are the right ones.
  @Test(arguments: ["cut", "longer", "pixel", "rest", "trailer", "end", "empty"])
  func damagedFilesAreMadeAnew(damage: String) throws {
    let first = try load()
    let path = try cacheFile()
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let intact = bytes
    switch damage {
    case "cut": bytes.removeLast(100)
    case "longer": bytes.insert(0, at: 5)
    case "pixel": bytes[1234] ^= 1
    case "rest": bytes[20 * 17 * 19 - 1] ^= 1
    case "trailer": bytes[20 * 17 * 19 + 30] ^= 1
    case "end": bytes[bytes.count - 1] ^= 1
    default: bytes = []
    }
    // Another file in its place, as `first` still reads the old one.
    try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    let again = try load()
    #expect(again.columns == first.columns && again.fingerprint == first.fingerprint)
    #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == intact)
  }

  @Test func anotherSizeIsMadeAnew() throws {
    func size(_ data: DataSet) -> FieldKind { data.schema.fields[0].kind }
    let first = try load()
    // The same size, stated by a model, is no other.
    try damageUnnoticed("a/0.png")
    #expect(try load(like: first.schema).columns == first.columns)
    try put(PictureBytes.flat(0, height: 17, width: 19), "a/0.png")
    try folder.put("fields: {image: {size: 20}}", "photos/schema.yaml")
    #expect(
      try size(load()) == .image(ImageSize(height: 20, width: 20, channels: 1)))
    try FileManager.default.removeItem(atPath: folder.file("photos/schema.yaml"))
    #expect(try size(load()) == size(first))
  }

  @Test func otherFoldersHaveFilesOfTheirOwn() throws {
    _ = try load()
    let other = folder.file("other")
    try FileManager.default.copyItem(atPath: photos, toPath: other)
    let cache = PictureCache(folder.file("run/cache"), threshold: 1000)
    _ = try DataSet.load(other, pictures: cache)
    #expect(files().count == 2)
  }

  @Test func abandonedFilesAreRemoved() throws {
    _ = try load()
    let abandoned = ".x.pixels.partial-999999999"
    try folder.put("half", "run/cache/\(abandoned)")
    try put(PictureBytes.flat(200, height: 17, width: 19), "a/1.png")
    _ = try load()
    #expect(files().count == 1)
  }

  @Test func whatCantBeWrittenStaysInMemory() throws {
    try folder.put("a file", "run")
    let data = try load()
    #expect(!isMapped(data) && data.count == 20)
    #expect(
      data.notes == [
        "The decoded pictures stay in memory. Can't write into '\(folder.path)/run/cache': "
          + "Not a directory; check the path."
      ])
  }
}
