/// A plugin can't be used, or refused a call.
public enum PluginFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// No file was found; `searched` says where it was looked for.
  case notFound(device: String, searched: [String])
  /// The file is no library that can be opened here, or no plugin.
  case notLoaded(path: String, reason: String)
  /// The plugin speaks another version of the API.
  case wrongVersion(path: String, version: String)
  /// The plugin is one for other devices.
  case otherPlatform(path: String, wanted: String, found: String)
  /// The plugin shows fewer devices than are wanted.
  case tooFewDevices(path: String, wanted: Int, found: Int)
  /// A call failed; codes are those of absl.
  case refused(path: String, action: String, code: Int, message: String)

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .notFound(let device, let searched):
      "expected a PJRT plugin for --device \(device), found none in \(searched.joined(separator: ", ")); "
        + "install one (Documentation/Accelerators.md says which) or set CVAE_PJRT_PLUGIN to its file."
    case .notLoaded(let path, let reason):
      "expected a PJRT plugin in \(path), but it can't be loaded: \(reason)."
    case .wrongVersion(let path, let version):
      "expected a plugin of PJRT's API 0.\(PluginLibrary.oldestMinor) or newer with major number 0, "
        + "got version \(version) in \(path); install another version of it."
    case .otherPlatform(let path, let wanted, let found):
      "expected a plugin for \(wanted), but \(path) is one for \(found); choose --device \(path) to use it as it "
        + "is."
    case .tooFewDevices(let path, let wanted, let found):
      "expected \(wanted) device\(wanted == 1 ? "" : "s"), but \(path) shows \(found); "
        + (found == 0 ? "choose another --device." : "use --devices \(found) or fewer.")
    case .refused(let path, let action, let code, let message):
      "the plugin \(path) could not \(action): \(Self.name(code)), \(Self.firstLine(message))."
    }
  }

  private static func firstLine(_ message: String) -> String {
    let line =
      message.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no reason given"
    return line.hasSuffix(".") ? String(line.dropLast()) : line
  }

  private static func name(_ code: Int) -> String {
    let names = [
      "OK", "cancelled", "unknown", "invalid argument", "deadline exceeded", "not found",
      "already exists", "permission denied", "resource exhausted", "failed precondition", "aborted",
      "out of range", "unimplemented", "internal", "unavailable", "data loss", "unauthenticated",
    ]
    return names.indices.contains(code) ? names[code] : "code \(code)"
  }
}
