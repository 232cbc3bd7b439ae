import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// Runs with `given: any`.
@Suite struct MaskedTrainingTests {
  private func configuration(
    _ change: (inout RunConfiguration) -> Void = { _ in }
  ) -> RunConfiguration {
    var configuration = Fixture.configuration(given: ["any"])
    change(&configuration)
    return configuration
  }

  private func trainer(
    _ run: RunDirectory = RunDirectory("unused"), _ configuration: RunConfiguration,
    data: DataSet? = nil
  ) throws -> Trainer {
    try Trainer(
      data: data ?? Fixture.pictures(), configuration: configuration, run: run,
      executor: ProbeExecutor())
  }

  @Test func rolesAndMasksComeBackFromTheFile() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let trainer = try trainer(run, configuration { $0.training.masks = [.top, .scattered] })
    #expect(try trainer.run() == .finished)
    let model = try TrainedModel.load(run.path)
    #expect(model.roles == trainer.model.roles)
    #expect(model.roles.masked == ["image"] && model.roles.given == ["label"])
    #expect(model.model.acceptsMissing)
    let masks = model.provenance.configuration.training.maskDistribution(for: model.model)
    #expect(masks.kinds == [.top, .scattered])
    #expect(model.summary.contains("  image: generated, any part of it may be given"))
    #expect(
      try RunConfiguration.decode(yaml: trainer.configuration.encodeYAML())
        == trainer.configuration)
  }

  /// A stopped run that is resumed draws the same masks and hides the same labels.
  @Test(arguments: [1, 3, 5])
  func stoppedRunEndsWithTheSameBytes(step: Int) throws {
    for likelihood in [LikelihoodKind.bernoulli, .gaussian] {
      let settings = configuration { $0.model.likelihood = ["image": likelihood] }
      let folder = try TemporaryFolder()
      let (whole, parts) = (try folder.run("whole"), try folder.run("parts"))
      #expect(try trainer(whole, settings).run() == .finished)
      var last = 0
      _ = try trainer(parts, settings).run(
        isInterrupted: { last >= step }, onProgress: { last = $0.step })
      #expect(try trainer(parts, settings).run(.resuming) == .finished)
      #expect(!bytes(whole.modelPath).isEmpty)
      #expect(bytes(whole.modelPath) == bytes(parts.modelPath))
    }
  }

  @Test func imagesAloneCanBeTrainedOn() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let trainer = try trainer(run, configuration { $0.ignore = ["label"] })
    #expect(trainer.model.inputs.map(\.name) == ["image"])
    #expect(try trainer.run() == .finished)
    #expect(try TrainedModel.load(run.path).schema.fields.map(\.name) == ["image"])
  }

  @Test func maskNamesAreChecked() throws {
    #expect(
      try RunConfiguration.decode(yaml: "training: {masks: bottom-left}").training.masks
        == [.bottomLeft])
    #expect(
      try RunConfiguration.decode(yaml: "training: {masks: [blocks, none]}").training.masks
        == [.blocks, .none])
    let said = sentence {
      _ = try RunConfiguration.decode(yaml: "training: {masks: [blocks, bottom-lef]}")
    }
    #expect(
      said.hasPrefix(
        "No value of training.masks is named 'bottom-lef'; the nearest are 'bottom-left'"),
      "\(said)"
    )
  }

  /// Masks and hidden labels change from step to step; while evaluating they stay, and labels are
  /// known.
  @Test func fillerWritesKeyedMasks() throws {
    let trainer = try trainer(configuration())
    let program = try trainer.model.evaluationProgram(batch: 30)
    let masks = MaskDistribution(MaskKind.usual)
    let filler = try RecordFiller(
      program, model: trainer.model, records: trainer.data.records,
      preprocessing: trainer.preprocessing, masks: masks)
    let (image, label) = (
      try trainer.model.variable("image"), try trainer.model.variable("label")
    )
    let compiled = try ReferenceExecutor().makeSession(for: trainer.model.store).compile(program)
    let records = Array(0..<30 as Range<Int32>)
    func fill(step: UInt32, dropout: Double = 0) -> (mask: [Float], labels: [Int32]) {
      records.withUnsafeBufferPointer {
        filler.fill(
          compiled, records: $0, at: RandomPosition(seed: 2, step: step),
          conditionDropout: dropout)
      }
      return (
        compiled.withInput(.field(image.mask, .own)) { Array($0) },
        compiled.withIndexInput(.field(label, .own)) { Array($0) }
      )
    }
    let one = fill(step: 5)
    for record in records {
      let mask = masks.mask(
        of: image.field, in: trainer.model, record: record,
        at: RandomPosition(seed: 2, step: 5))
      let start = 4 * Int(record)
      #expect(Bitmap(one.mask[start..<start + 4].map { $0 == 1 }) == mask)
    }
    #expect(fill(step: 6).mask != one.mask && fill(step: 5).mask == one.mask)
    #expect(!one.labels.contains(3))
    #expect(trainer.conditionDropout == 0.5)
    let hidden = fill(step: 5, dropout: trainer.conditionDropout).labels.count { $0 == 3 }
    #expect((5...25).contains(hidden), "\(hidden)")
  }

  /// The fixed Gaussian deviation is that of the hidden pixels.
  @Test func theDeviationIsFittedToHiddenPixels() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let settings = configuration {
      $0.model.likelihood = ["image": .gaussian]
      $0.training.masks = [.allButTopLeft]
      $0.training.epochs = 1
    }
    #expect(try trainer(run, settings).run() == .finished)
    let model = try TrainedModel.load(run.path)
    let trainer = try trainer(settings)
    let session = try model.makeSession(ReferenceExecutor())
    let program = try session.compile(model.model.evaluationProgram(batch: 1))
    let filler = try RecordFiller(
      program.model, model: model.model, records: trainer.data.records,
      preprocessing: model.preprocessing, masks: MaskDistribution([.allButTopLeft]))
    let image = try model.model.variable("image")
    var squares = 0.0
    for record in trainer.split.train {
      [record].withUnsafeBufferPointer {
        filler.fill(program, records: $0, at: RandomPosition(seed: 1, step: 0))
      }
      try program.run(at: RandomPosition(seed: 1, step: 0))
      squares += Double(program.output(.squaredError(image))[0])
    }
    let fitted = 0.5 * log(squares / Double(trainer.split.train.count))
    let stored = try #require(model.tensors["decoder.image.logDeviation"]?.values.first)
    #expect(abs(Double(stored) - fitted) < 1e-4)
  }

  private func trainer(_ configuration: RunConfiguration) throws -> Trainer {
    try trainer(RunDirectory("unused"), configuration)
  }

  /// The brightness of a picture is the same in all of its pixels: who sees three knows the fourth.
  @Test func learnsToCompleteFromWhatIsKnown() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let settings = configuration {
      $0.ignore = ["label"]
      $0.model.likelihood = ["image": .gaussian]
      $0.training.masks = [.allButTopLeft]
      $0.training.epochs = 40
    }
    var lines: [EpochMetrics] = []
    #expect(try trainer(run, settings).run(onEpoch: { lines.append($0) }) == .finished)
    let last = try #require(lines.last?.validation)
    // Levels lie 80 / 255 apart: unconditionally σ is 0.26, and the density's logarithm about −0.1.
    #expect(last.elbo > 0.7, "\(last)")
  }
}
