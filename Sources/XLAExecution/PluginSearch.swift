public import Foundation

/// The kinds of devices that plugins are looked for.
public enum DeviceKind: String, CaseIterable, Sendable {
  /// Processors.
  case cpu
  /// NVIDIA's graphics processors.
  case cuda
  /// Google's tensor processors.
  case tpu

  /// The files of packages on PyPI, below `site-packages`.
  var packagedFiles: [String] {
    switch self {
    case .cpu: ["fastatomstruct_xla_cpu/libpjrt_cpu.so"]
    case .cuda:
      [
        "jax_plugins/xla_cuda13/xla_cuda_plugin.so", "jax_plugins/xla_cuda12/xla_cuda_plugin.so",
      ]
    case .tpu: ["libtpu/libtpu.so"]
    }
  }
}

/// Where plugins are looked for; nothing is bundled or downloaded.
///
/// 1. the file that the variable CVAE_PJRT_PLUGIN names, for every kind of device;
/// 2. the files of `~/.local/share/cvae/pjrt/` whose names hold the kind's;
/// 3. what PyPI's packages put below the `site-packages` of the `python3` in PATH.
public struct PluginSearch: Sendable {
  private let environment: [String: String]

  /// A search with the variables HOME, PATH and CVAE_PJRT_PLUGIN of `environment`.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
  }

  /// A plugin for a kind of device.
  ///
  /// - Throws: ``PluginFailure/notFound(device:searched:)``.
  public func plugin(for kind: DeviceKind) throws -> String {
    guard let first = plugins(for: kind).first else {
      throw PluginFailure.notFound(device: "xla:\(kind.rawValue)", searched: places)
    }
    return first
  }

  /// All files that may be plugins for a kind of device, the preferred one first.
  public func plugins(for kind: DeviceKind) -> [String] {
    if let named { return [named] }
    let folder = URL(fileURLWithPath: ownFolder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let own = names.sorted().filter {
      $0.hasSuffix(".so") && $0.lowercased().contains(kind.rawValue)
    }.map { folder.appendingPathComponent($0).path }
    let packaged = packageFolders.flatMap { folder in
      kind.packagedFiles.map { folder + "/" + $0 }
    }
    return own + packaged.filter { FileManager.default.fileExists(atPath: $0) }
  }

  private var named: String? {
    environment["CVAE_PJRT_PLUGIN"].flatMap { $0.isEmpty ? nil : $0 }
  }

  private var ownFolder: String { (environment["HOME"] ?? "") + "/.local/share/cvae/pjrt" }

  private var places: [String] { [ownFolder] + (packageFolders.isEmpty ? [] : packageFolders) }

  /// The `site-packages` and `dist-packages` of the first `python3` in PATH; found by the layout of its installation,
  /// without running it.
  private var packageFolders: [String] {
    let files = FileManager.default
    let paths = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    guard let folder = paths.first(where: { files.isExecutableFile(atPath: $0 + "/python3") })
    else { return [] }
    let prefix = URL(fileURLWithPath: folder).deletingLastPathComponent().path
    let home = environment["HOME"] ?? ""
    return [prefix + "/lib", prefix + "/local/lib", home + "/.local/lib", "/usr/lib"].flatMap {
      library -> [String] in
      let versions = (try? files.contentsOfDirectory(atPath: library)) ?? []
      return versions.filter { $0.hasPrefix("python3") }.sorted().reversed().flatMap { version in
        ["site-packages", "dist-packages"].map { "\(library)/\(version)/\($0)" }
      }.filter { files.fileExists(atPath: $0) }
    }
  }
}
