import CVAE

/// A file that may be a PJRT plugin, and what came of opening it.
struct FoundPlugin: Encodable {
  let path: String
  /// `0.106`; left out where the plugin can't be used, as are the next two.
  var apiVersion: String?
  var platform: String?
  /// What each device is.
  var devices: [String]?
  /// Why it can't be used.
  var failure: String?

  /// All files that the search finds, each once, opened and closed.
  static var all: [FoundPlugin] {
    let search = PluginSearch()
    var known: Set<String> = []
    return DeviceKind.allCases.flatMap(search.plugins).filter { known.insert($0).inserted }
      .map(FoundPlugin.init)
  }

  private init(path: String) {
    self.path = path
    do {
      let client = try XLAClient(plugin: path)
      (apiVersion, platform) = (client.apiVersion, client.platform)
      devices = client.deviceKinds
    } catch {
      failure = "\(error)"
    }
  }

  /// One line without its file.
  var summary: String {
    guard let apiVersion, let platform, let devices else { return failure ?? "unknown" }
    let kinds = Set(devices).sorted().joined(separator: ", ")
    let count = devices.count == 1 ? "1 device" : "\(devices.count) devices"
    return "\(platform), API \(apiVersion), \(count) (\(kinds)), \(path)"
  }
}
