import Foundation

/// The system refused to open, read or write a file.
public struct FileFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What was being done, as a verb: `"open"`, `"write"`.
  public let action: String
  /// The system's error code, such as `ENOSPC`.
  public let code: Int32

  /// A failed call on `path`; `code` is `errno` as the call left it.
  public init(path: String, action: String, code: Int32) {
    self.path = path
    self.action = action
    self.code = code
  }

  static let standardOutput = "standard output"

  /// A failed write to standard output.
  public static func ofStandardOutput(_ code: Int32) -> FileFailure {
    FileFailure(path: standardOutput, action: "write", code: code)
  }

  /// Whether nobody reads standard output any longer, as after `| head`.
  public var isClosedOutput: Bool { code == EPIPE && path == Self.standardOutput }

  /// What to do about it.
  public var hint: String {
    switch code {
    case ENOSPC, EDQUOT: "the disk is full; free some space and try again"
    case EFBIG: "the disk is full or a file-size limit was reached; free some space and try again"
    case ENOENT, ENOTDIR: "check the path"
    case EACCES, EPERM: "check the permissions"
    case EROFS: "choose a place that can be written"
    case EISDIR: "name a file, not a folder"
    case ESPIPE: "write the data into a file first"
    default: "check the disk and try again"
    }
  }

  /// One sentence: what failed, the reason, mostly in the system's words, and the hint.
  public var description: String {
    let words = code == ESPIPE ? "A pipe or a device" : String(cString: strerror(code))
    return "Can't \(action) '\(path)': \(words); \(hint)."
  }
}
