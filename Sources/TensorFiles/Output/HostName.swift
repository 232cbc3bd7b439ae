import Foundation

/// The machine's own name; asking the network for it can take seconds.
public enum HostName {
  /// The name; `unknown` where the system gives none.
  public static var current: String {
    var system = utsname()
    guard uname(&system) == 0 else { return "unknown" }
    return withUnsafeBytes(of: &system.nodename) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
