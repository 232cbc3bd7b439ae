import CVAE
import Foundation
import Testing

/// `--device` and `--devices`.
@Suite struct DeviceTests {
  private let folder: TemporaryFolder
  private let data: String

  init() throws {
    folder = try TemporaryFolder()
    data = try TinyData.putIDX(into: folder)
  }

  private func train(_ output: String, _ more: [String], plugin: String? = nil) throws
    -> Command.Result
  {
    let variable = plugin.map { "CVAE_PJRT_PLUGIN='\($0)' " } ?? ""
    let words = [
      "train", data, "--given", "label", "--output", folder.file(output), "--epochs", "1",
      "--batch", "10", "--threads", "1",
    ]
    let line = variable + "\"$0\" " + (words + more).map { "'\($0)'" }.joined(separator: " ")
    return try Command.shell(line)
  }

  @Test func aDeviceThatIsNoneIsRefused() throws {
    try train("run", ["--device", "gpu"]).expectRefusal(status: 64, "xla:cuda", "'gpu'")
    try train("run", ["--devices", "2"]).expectRefusal(status: 64, "--devices 2", "xla:cpu")
    try train("run", ["--device", "xla:cpu", "--devices", "0"]).expectRefusal(
      status: 64, "at least 1")
  }

  /// Nothing is left behind.
  @Test(arguments: [
    ["--device", "xla:cpu"], ["--device", "xla:tpu"], ["--device", "/nowhere/a.so"],
  ])
  func aPluginThatCannotBeUsedIsRefused(flags: [String]) throws {
    let before = try folder.content()
    try train("run", flags, plugin: "/nowhere/a.so").expectRefusal(
      "/nowhere/a.so", "can't be loaded")
    #expect(try folder.content() == before)
  }

  private static let plugin: String? =
    ProcessInfo.processInfo.environment["CVAE_TEST_PJRT_PLUGIN"]
    ?? (try? PluginSearch().plugin(for: .cpu))

  /// A run that was stopped goes on by the same plugin to the same bytes, and by oneDNN to its end.
  @Test(
    .enabled(if: plugin != nil, "no PJRT plugin for processors was found"),
    arguments: [true, false])
  func aStoppedRunGoesOn(bySame: Bool) throws {
    let plugin = try #require(Self.plugin)
    let data = try TinyData.putIDX(into: folder, "more", train: 300)
    func arguments(_ run: String) -> [String] {
      [
        "train", data, "--given", "label", "--output", folder.file(run), "--epochs", "8", "--batch",
        "10", "--threads", "1", "--device", plugin,
      ]
    }
    let process = try Command.start(arguments("stopped"))
    while process.isRunning, !folder.exists("stopped/metrics.jsonl") { usleep(2000) }
    process.send(SIGINT)
    _ = process.finish()
    #expect(try folder.lines("stopped/metrics.jsonl").count < 8, "It ended before the signal.")
    let device = bySame ? ["--device", plugin] : []
    let resumed = try Command.run(
      ["train", "--output", folder.file("stopped"), "--resume"] + device)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try folder.lines("stopped/metrics.jsonl").count == 8)
    guard bySame else { return }
    #expect(try Command.run(arguments("whole")).status == 0)
    #expect(
      try folder.bytes("stopped/model.safetensors") == folder.bytes("whole/model.safetensors"))
  }

  /// Trained by XLA on one and two devices, a run has the bound of oneDNN's; its model draws by XLA.
  @Test(.enabled(if: plugin != nil, "no PJRT plugin for processors was found"))
  func trainsAndDraws() throws {
    let plugin = try #require(Self.plugin)
    func bound(_ run: String) throws -> Double {
      let line = try #require(folder.lines("\(run)/metrics.jsonl").last)
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require((object?["train"] as? [String: Any])?["elbo"] as? Double)
    }
    #expect(try train("plain", []).status == 0)
    for (name, flags) in [("one", ["1"]), ("two", ["2"])] {
      let result = try train(
        name, ["--device", "xla:cpu", "--devices"] + flags, plugin: plugin)
      #expect(result.status == 0, "\(result.errors)")
      #expect(abs(try bound(name) / bound("plain") - 1) < 1e-4)
    }
    let drawing = try Command.shell(
      "CVAE_PJRT_PLUGIN='\(plugin)' \"$0\" generate \"$1\" --count 3 --output \"$2\" --device xla:cpu",
      folder.file("two"), folder.file("drawn.npz"))
    #expect(drawing.status == 0, "\(drawing.errors)")
    #expect(try !folder.bytes("drawn.npz").isEmpty)
  }

  @Test(.enabled(if: plugin != nil, "no PJRT plugin for processors was found"))
  func aPluginForOtherDevicesIsRefused() throws {
    let plugin = try #require(Self.plugin)
    try train("run", ["--device", "xla:cuda"], plugin: plugin).expectRefusal(
      "a plugin for cuda", "one for cpu")
  }

  @Test func doctorListsPlugins() throws {
    let result = try Command.shell("CVAE_PJRT_PLUGIN=/nowhere/a.so \"$0\" doctor --json")
    #expect(result.output.contains("can't be loaded"))
    #expect(result.status == 0 && result.errors.isEmpty)
    let none = try Command.shell("HOME=/nowhere PATH=/nowhere CVAE_PJRT_PLUGIN= \"$0\" doctor")
    #expect(none.output.contains("no plugin found") || none.output.contains("API 0."))
  }
}
