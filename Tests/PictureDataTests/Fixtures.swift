import ConditionalData
import Foundation
import PictureData
import RecordTypes
import Testing

/// A folder that exists as long as the test that holds it.
final class TemporaryFolder {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("swift-cvae-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file into the folder.
  @discardableResult
  func put(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// Writes a text file into the folder.
  @discardableResult
  func put(_ text: String, _ name: String) throws -> String { try put(Array(text.utf8), name) }
}

/// What the error that `body` throws says.
func sentence(
  _ location: SourceLocation = #_sourceLocation, of body: () throws -> Void
) -> String {
  do {
    try body()
    Issue.record("Expected an error.", sourceLocation: location)
    return ""
  } catch {
    return "\(error)"
  }
}

extension RecordColumn {
  /// Pictures of `width` grey pixels each.
  static func grey(_ values: [UInt8], width: Int) -> RecordColumn {
    RecordColumn(.bytes(ByteStorage(values)), width: width)
  }

  /// The bytes of pictures; nil for other kinds.
  var bytes: ByteStorage? { if case .bytes(let bytes) = values { bytes } else { nil } }
}

extension DataSet {
  /// Reads a folder of pictures, or other data as without pictures.
  static func load(
    _ path: String, like model: RecordSchema? = nil, pictures cache: PictureCache?
  ) throws -> DataSet {
    try load(path, like: model, readers: DataReader.builtIn + [.pictures(cache: cache)])
  }
}
