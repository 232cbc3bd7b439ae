import Foundation
import TensorGraph
import Testing

@testable import XLAExecution

/// What can be wrong with a plugin, each in one sentence.
@Suite struct PluginFailureTests {
  private func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no failure"
    } catch {
      return "\(error)"
    }
  }

  private func expectSentence(
    _ text: String, _ words: String..., at location: SourceLocation = #_sourceLocation
  ) {
    #expect(text.hasSuffix("."), "\(text)", sourceLocation: location)
    #expect(text.matches(of: /[.!?] [A-Z]/).isEmpty, "\(text)", sourceLocation: location)
    #expect(!text.contains("\n"), "\(text)", sourceLocation: location)
    for word in words { #expect(text.contains(word), "\(text)", sourceLocation: location) }
  }

  @Test(arguments: DeviceKind.allCases)
  func noPlugin(kind: DeviceKind) {
    let search = PluginSearch(environment: ["HOME": "/nowhere", "PATH": "/nowhere"])
    let text = sentence { _ = try search.plugin(for: kind) }
    expectSentence(
      text, "--device xla:\(kind.rawValue)", "/nowhere/.local/share/cvae/pjrt",
      "CVAE_PJRT_PLUGIN")
  }

  @Test func aFileThatIsMissing() {
    let text = sentence { _ = try XLAClient(plugin: "/nowhere/plugin.so") }
    expectSentence(text, "/nowhere/plugin.so", "can't be loaded")
  }

  @Test func aFileThatIsNoLibrary() throws {
    let path = NSTemporaryDirectory() + "cvae-no-library-\(UUID().uuidString).so"
    try Data("text".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    expectSentence(sentence { _ = try XLAClient(plugin: path) }, path, "can't be loaded")
  }

  @Test func aLibraryThatIsNoPlugin() {
    let text = sentence { _ = try XLAClient(plugin: "libz.so.1") }
    expectSentence(text, "libz.so.1", "GetPjrtApi")
  }

  private static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/usr/bin/gcc"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Plugins that say one version, with so many functions, each of which succeeds and does nothing.
  @Test(
    .enabled(if: compiler != nil, "a C compiler makes the plugins"),
    arguments: [
      (0, 69, 0, "0.69"), (1, 5, 0, "1.5"), (0, 80, 0, "lacks the function"),
      (0, 80, 80, "shows 0; choose another --device"),
    ])
  func aPluginThatCannotServe(major: Int, minor: Int, functions: Int, words: String) throws {
    let compiler = try #require(Self.compiler)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "cvae-plugin-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appendingPathComponent("plugin.c")
    let text = """
      #include <stddef.h>
      static void *succeed(void *arguments) { return NULL; }
      static struct {
        size_t size; void *extension; size_t version_size; void *more; int major, minor;
        void *functions[80];
      } api = {40 + 8 * \(functions), NULL, 24, NULL, \(major), \(minor)};
      void *GetPjrtApi(void) {
        for (int place = 0; place < 80; place++) api.functions[place] = (void *)succeed;
        return &api;
      }
      """
    try Data(text.utf8).write(to: source)
    let plugin = folder.appendingPathComponent("plugin.so").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: compiler)
    process.arguments = ["-shared", "-fPIC", "-o", plugin, source.path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    expectSentence(sentence { _ = try XLAClient(plugin: plugin) }, words, plugin)
  }

  @Test(.enabledForXLA) func tooManyDevices() throws {
    let client = try #require(TestPlugin.client)
    let text = sentence { _ = try XLAExecutor(client: client, devices: 999) }
    expectSentence(text, "expected 999 devices", "--devices")
    #expect(throws: PluginFailure.self) { try XLAExecutor(client: client, devices: 0) }
  }

  @Test(.enabledForXLA) func aProgramThatIsNone() throws {
    let client = try #require(TestPlugin.client)
    let text = sentence {
      _ = try Executable("no program", client: client, devices: 1, arguments: 0, results: 0)
    }
    expectSentence(text, "compile a program", client.path)
  }

  @Test(.enabledForXLA) func aClientSaysWhatItIs() throws {
    let client = try #require(TestPlugin.client)
    #expect(client.deviceKinds.count == client.devices.count && !client.devices.isEmpty)
    #expect(client.apiVersion.hasPrefix("0."))
    #expect(!client.platform.isEmpty && !client.platformVersion.isEmpty)
  }
}

/// Where plugins are looked for.
@Suite struct PluginSearchTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "cvae-search-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func put(_ path: String, mode: Int = 0o644) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = FileManager.default.createFile(
      atPath: path, contents: Data(), attributes: [.posixPermissions: mode])
  }

  @Test func theVariableComesFirstThenTheFolderThenPython() throws {
    try withFolder { folder in
      let own = folder + "/.local/share/cvae/pjrt/pjrt_cuda_plugin.so"
      let packages = folder + "/env/lib/python3.11/site-packages"
      let packaged = packages + "/jax_plugins/xla_cuda13/xla_cuda_plugin.so"
      try put(own)
      try put(packaged)
      try put(packages + "/libtpu/libtpu.so")
      try put(folder + "/env/bin/python3", mode: 0o755)
      var environment = ["HOME": folder, "PATH": "/nowhere:\(folder)/env/bin"]
      let search = PluginSearch(environment: environment)
      #expect(Array(search.plugins(for: .cuda).prefix(2)) == [own, packaged])
      #expect(search.plugins(for: .tpu) == [packages + "/libtpu/libtpu.so"])
      environment["CVAE_PJRT_PLUGIN"] = "/other.so"
      let named = PluginSearch(environment: environment)
      #expect(named.plugins(for: .cuda) == ["/other.so"])
      #expect(try named.plugin(for: .cpu) == "/other.so")
    }
  }
}
