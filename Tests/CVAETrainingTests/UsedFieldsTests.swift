import ConditionalData
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// Fields that take no part, and splits by levels.
@Suite struct UsedFieldsTests {
  /// Pictures of three labels in ten designs, whose names a test may change.
  private func data(design: (Int) -> String = { "design \($0)" }) throws -> DataSet {
    let pictures = try Fixture.pictures(60)
    return try DataSet(
      schema: RecordSchema(
        fields: pictures.schema.fields + [
          Field(name: "design", kind: .category(levels: (0..<10).map(design))),
          Field(name: "year", kind: .number),
        ]),
      columns: pictures.columns + [
        .levels((0..<60).map { Int32($0 / 6) }),
        .numbers([Double](repeating: .nan, count: 60)),
      ], source: "fonts.npz")
  }

  private func configuration(
    _ change: (inout RunConfiguration) -> Void = { _ in }
  ) -> RunConfiguration {
    var configuration = Fixture.configuration { $0.splitBy = "design" }
    configuration.ignore = ["year"]
    change(&configuration)
    return configuration
  }

  private func trainer(
    _ run: RunDirectory, _ configuration: RunConfiguration,
    data: DataSet? = nil
  ) throws -> Trainer {
    try Trainer(
      data: data ?? self.data(), configuration: configuration, run: run, executor: ProbeExecutor())
  }

  private func trainer(_ configuration: RunConfiguration) throws -> Trainer {
    try trainer(RunDirectory("unused"), configuration)
  }

  @Test func modelKnowsTheUsedFieldsAlone() throws {
    let trainer = try trainer(configuration())
    #expect(trainer.model.schema.fields.map(\.name) == ["image", "label"])
    #expect(trainer.model.roles.generated == ["image"])
    #expect(trainer.preprocessing.levelCounts.keys.sorted() == ["label"])
    let given = try self.trainer(configuration { $0.given = ["label", "design"] })
    #expect(given.model.roles.given == ["label", "design"])
    #expect(given.model.roles.generated == ["image"])
  }

  @Test func trainsAndFindsTheSplitAgain() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let trainer = try trainer(run, configuration())
    #expect(trainer.split == (try DataSplit(data(), seed: 1, validation: 0.2, by: "design")))
    #expect(try trainer.run() == .finished)
    let model = try TrainedModel.load(run.path)
    #expect(model.provenance.splitBy == "design")
    #expect(model.split(of: try data()) == trainer.split)
    #expect(model.split(of: try data { "typeface \($0 * 7)" }) == nil)
    #expect(!String(decoding: bytes(run.modelPath), as: UTF8.self).contains("design 3"))
  }

  @Test func otherNamesOfLevelsAreNotResumed() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    _ = try trainer(run, configuration()).run(isInterrupted: { true })
    let said = sentence {
      _ = try trainer(
        run, configuration(), data: data { "typeface \($0 * 7)" }
      ).run(.resuming)
    }
    #expect(
      said == "field 'design': the run was split by levels with other names than the data have; "
        + "resume with the schema.yaml it was started with, or start a new run.")
    #expect(try trainer(run, configuration()).run(.resuming) == .finished)
  }

  @Test func contradictionsAreRefused() throws {
    #expect(
      sentence { _ = try trainer(configuration { $0.ignore = ["label"] }) }
        == "expected field 'label' to be given or ignored, got both; name it once.")
    #expect(
      sentence { _ = try trainer(configuration { $0.ignore = ["yaer"] }) }
        .hasPrefix("No field is named 'yaer'; the nearest is 'year'"))
    #expect(
      sentence { _ = try trainer(configuration { $0.training.splitBy = "desing" }) }
        .hasPrefix("No field is named 'desing'; the nearest is 'design'"))
    #expect(
      sentence { _ = try trainer(configuration { $0.ignore = ["image", "year"] }) }
        .hasPrefix("Expected at least one field to generate"))
  }

  @Test func configurationFileNamesThem() throws {
    let configuration = try RunConfiguration.decode(
      yaml: "ignore: face\ntraining: {splitBy: design}")
    #expect(configuration.ignore == ["face"] && configuration.training.splitBy == "design")
    #expect(try RunConfiguration.decode(yaml: "ignore: [a, b]").ignore == ["a", "b"])
    let back = try RunConfiguration.decode(yaml: configuration.encodeYAML())
    #expect(back == configuration)
  }
}
