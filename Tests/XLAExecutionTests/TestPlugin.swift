import Foundation
import TensorGraph
import Testing

@testable import XLAExecution

/// The plugin that tests run on.
enum TestPlugin {
  /// Its file: that of the variable CVAE_TEST_PJRT_PLUGIN, or the standard search's for processors.
  static let path: String? = {
    let named = ProcessInfo.processInfo.environment["CVAE_TEST_PJRT_PLUGIN"]
    if let named, !named.isEmpty { return named }
    return try? PluginSearch().plugin(for: .cpu)
  }()

  /// One client for all tests; one for processors makes as many devices as any of them needs. Nil where there is no
  /// plugin, or where it can't be used, which the tests report.
  static let client: XLAClient? = path.flatMap { path in
    try? XLAClient(plugin: path, devices: path.hasSuffix("cpu.so") ? 4 : 1)
  }

  /// How many devices programs can be shared by.
  static let deviceCounts = [1, 2, 4].filter { $0 <= client?.devices.count ?? 1 }

  /// An executor on some of its devices.
  static func executor(devices: Int = 1, precision: Precision = .float32) throws -> XLAExecutor {
    try XLAExecutor(client: #require(client), devices: devices, precision: precision)
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs where a plugin is found; elsewhere one line says that tests were left out, and why.
  static var enabledForXLA: Self {
    .enabled(
      if: TestPlugin.path != nil,
      "no PJRT plugin for processors was found: Documentation/Accelerators.md says how to install one"
    )
  }
}
