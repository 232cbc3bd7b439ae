import Foundation

/// The identity of the file or folder at a path, which hard and symbolic links to it share.
public struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let number: UInt64
  /// Whether it is a folder.
  public let isFolder: Bool

  /// The identity of what `path` leads to; nil if that is neither a file nor a folder.
  public init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG || kind == S_IFDIR else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
    isFolder = kind == S_IFDIR
  }

  /// The identities of the folders that hold the one at `path`, up to the root.
  package static func ofFolders(around path: String) -> Set<FileIdentity> {
    guard let real = try? RealPath.of(path) else { return [] }
    let names = real.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    return Set(
      names.indices.compactMap { FileIdentity("/" + names[..<$0].joined(separator: "/")) })
  }
}
