import Foundation
import Testing

/// Data, a configuration, and the run that was trained with them.
final class TrainedRun: Sendable {
  let folder: TemporaryFolder
  let data: String
  let configuration: String
  /// What training wrote to standard error.
  let errors: String

  /// The run directory.
  var path: String { folder.file("run") }
  var model: String { folder.file("run/model.safetensors") }

  /// What trains into another folder of the same place.
  func arguments(output: String = "run") -> [String] {
    ["train", data, "--config", configuration, "--output", folder.file(output)]
  }

  enum Form {
    /// Images and labels.
    case pictures
    /// With the field `heel`, a number, that is given too.
    case heels
    /// Heels that are trained to be unknown now and then.
    case unknownHeels
    /// Any pixels given.
    case anyPixels
    /// A table of which any column may be given, with missing cells.
    case holes
    /// Short texts under longer ones and a kind.
    case texts
  }

  init(_ form: Form = .pictures) throws {
    folder = try TemporaryFolder()
    switch form {
    case .pictures:
      data = try TinyData.putIDX(into: folder)
      configuration = try TinyData.putConfiguration(into: folder)
    case .anyPixels:
      data = try TinyData.putIDX(into: folder)
      configuration = try TinyData.putConfiguration(into: folder, given: "any")
    case .holes:
      data = try TinyData.putHoles(into: folder)
      let lines = ["given: [any]", "training: {epochs: 30, batch: 50, threads: 1}"]
      configuration = try folder.put(lines.joined(separator: "\n").utf8, "holes.yaml")
    case .texts:
      data = try TinyData.putTexts(into: folder)
      let lines = [
        "given: [kind, long]",
        "model: {latent: 2, recognition: {hidden: [4]}, prior: {hidden: [4]},",
        "  decoder: {hidden: [4]}, text: {embedding: 4, reader: 4, writer: 8}}",
        "training: {epochs: 2, batch: 16, threads: 1}",
      ]
      configuration = try folder.put(lines.joined(separator: "\n").utf8, "texts.yaml")
    case .heels, .unknownHeels:
      data = try TinyData.putArchive(into: folder)
      configuration = try TinyData.putConfiguration(
        into: folder, given: "label, heel",
        training: form == .heels ? [] : ["conditionDropout: 0.3"])
    }
    let arguments = ["train", data, "--config", configuration, "--output", folder.file("run")]
    let result = try Command.run(arguments)
    errors = result.errors
    guard result.status == 0 else { throw NotTrained(errors: result.errors) }
  }

  struct NotTrained: Error {
    let errors: String
  }
}

/// Trains one run for all tests of a suite, which must leave it as it is.
struct SharedRun: SuiteTrait, TestScoping {
  @TaskLocal private static var current: TrainedRun?

  let form: TrainedRun.Form

  func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await Self.$current.withValue(TrainedRun(form)) { try await function() }
  }

  /// The run of the suite at hand.
  static func run() throws -> TrainedRun { try #require(current) }
}

extension Trait where Self == SharedRun {
  static func sharedRun(_ form: TrainedRun.Form = .pictures) -> SharedRun { SharedRun(form: form) }
}
