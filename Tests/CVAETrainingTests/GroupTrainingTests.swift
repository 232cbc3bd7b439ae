import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// Runs of models whose groups share z.
@Suite struct GroupTrainingTests {
  /// Pictures of 4 × 4 in 12 faces of 4 letters: the letter says which column is lit, the face how
  /// brightly.
  static func data(faces: Int = 12) throws -> DataSet {
    var (pixels, letters, names): ([UInt8], [Int32], [Int32]) = ([], [], [])
    for face in 0..<faces {
      for letter in 0..<4 {
        letters.append(Int32(letter))
        names.append(Int32(face))
        let light = face % 2 == 0 ? UInt8(250) : 70
        pixels += (0..<16).map { $0 % 4 == letter ? light : 5 }
      }
    }
    return try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "image", kind: .image(ImageSize(height: 4, width: 4, channels: 1))),
        Field(name: "letter", kind: .category(levels: ["a", "b", "c", "d"])),
        Field(name: "face", kind: .category(levels: (0..<faces).map { "face \($0)" })),
      ]),
      columns: [.grey(pixels, width: 16), .levels(letters), .levels(names)], source: "fonts.npz")
  }

  private func configuration(
    _ change: (inout RunConfiguration) -> Void = { _ in }
  ) -> RunConfiguration {
    var configuration = Fixture.configuration(given: ["letter"]) {
      $0.groups.sources = 2
      $0.groups.targets = 2
      $0.conditionDropout = 0.2
      $0.splitBy = "face"
    }
    configuration.model.group = "face"
    change(&configuration)
    return configuration
  }

  private func trainer(
    _ run: RunDirectory, _ configuration: RunConfiguration, data: DataSet? = nil,
    _ executor: any Executor = ProbeExecutor()
  ) throws -> Trainer {
    try Trainer(
      data: data ?? Self.data(), configuration: configuration, run: run, executor: executor)
  }

  @Test(arguments: [[1], [3], [2, 4, 7]])
  func stoppedRunEndsWithTheSameBytes(steps: [Int]) throws {
    let folder = try TemporaryFolder()
    let (whole, parts) = (try folder.run("whole"), try folder.run("parts"))
    #expect(try trainer(whole, configuration()).run() == .finished)
    for (index, step) in steps.enumerated() {
      var last = 0
      _ = try trainer(parts, configuration()).run(
        index > 0 ? .resuming : .new,
        isInterrupted: { last >= step }, onProgress: { last = $0.step })
      #expect(try Checkpoint.load(parts.checkpointPath).state.step == step)
    }
    #expect(try trainer(parts, configuration()).run(.resuming) == .finished)
    #expect(!bytes(whole.modelPath).isEmpty)
    #expect(bytes(whole.modelPath) == bytes(parts.modelPath))
  }

  @Test func modelFileKnowsItsGroups() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let trainer = try trainer(run, configuration())
    #expect(trainer.model.roles.generated == ["image"])
    #expect(try trainer.run() == .finished)
    let model = try TrainedModel.load(run.path)
    #expect(model.model.isGrouped && model.model.configuration.group == "face")
    #expect(model.provenance.configuration.training.groups.sources == 2)
    let metrics = try run.metrics()
    #expect(metrics.count == 3)
    #expect(metrics.allSatisfy { $0.train.elbo.isFinite && $0.validation?.elbo.isFinite == true })
  }

  /// Fewer training records than a batch, and than the targets of one group: each epoch's means are
  /// over the targets that were scored.
  @Test(arguments: [(faces: 3, targets: 3), (3, 5), (2, 4), (2, 20)])
  func boundIsAMeanOverWhatWasScored(faces: Int, targets: Int) throws {
    let folder = try TemporaryFolder()
    let configuration = configuration {
      $0.training.groups.targets = targets
      $0.training.batch = 60
      $0.training.optimizer.learningRate = 1e-9
      $0.training.splitBy = nil
      $0.training.epochs = 1
    }
    let trainer = try trainer(folder.run(), configuration, data: Self.data(faces: faces))
    #expect(trainer.configuration.training.batch % targets == 0)
    var epochs: [EpochMetrics] = []
    _ = try trainer.run(onEpoch: { epochs.append($0) })
    // Networks that haven't learned yet know nothing of 16 pixels: ln 2 for each.
    let line = try #require(epochs.first)
    #expect(abs(line.train.elbo / (-16 * 0.693) - 1) < 0.15, "\(line.train.elbo)")
    #expect(line.train.elbo / (line.validation?.elbo ?? 0) < 1.15)
  }

  /// A Gaussian's deviation is fitted by the same bound.
  @Test func gaussianIsFitted() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    _ = try trainer(run, configuration { $0.model.likelihood = ["image": .gaussian] }).run()
    let model = try TrainedModel.load(run.path)
    let deviation = try #require(model.tensors["decoder.image.logDeviation"]?.values.first)
    #expect(deviation < 0 && deviation > -5)
  }

  @Test func settingsThatDontFitAreRefused() throws {
    let run = RunDirectory("unused")
    #expect(
      sentence { _ = try trainer(run, configuration { $0.training.groups.targets = 3 }) }
        == "training.batch must be a multiple of training.groups.targets (3), got 8.")
    #expect(
      sentence { _ = try trainer(run, configuration { $0.training.groups.sources = 0 }) }
        .contains("training.groups.sources must be at least 1"))
    #expect(
      sentence { _ = try trainer(run, configuration { $0.model.group = "fase" }) }
        .hasPrefix("No field is named 'fase'; the nearest is 'face'"))
    #expect(
      sentence { _ = try trainer(run, configuration { $0.model.prior.fields = ["letter"] }) }
        == "model.prior.fields: expected fields that are the same throughout a group, got 'letter', "
        + "which differs within a level of 'face'; leave it out; the decoder sees it anyway.")
    let numbers = try Fixture.numbers()
    let byNumber = configuration {
      $0.given = ["group"]
      $0.model.group = "x"
      $0.training.splitBy = nil
    }
    #expect(
      sentence { _ = try trainer(run, byNumber, data: numbers) }
        == "model.group: expected a category, got 'x', a number; group by a category.")
    #expect(try RunConfiguration.decode(yaml: "model: {group: face}").model.group == "face")
  }

  /// From one letter of a face that training never saw, the others are drawn as brightly.
  @Test func styleOfOneMemberDrawsTheOthers() throws {
    let folder = try TemporaryFolder()
    let run = try folder.run()
    let settings = configuration {
      $0.training.conditionDropout = 0
      $0.training.epochs = 40
      $0.training.optimizer.learningRate = 0.02
      $0.training.klWeight = .constant(0.1)
      $0.model.recognition.hidden = [16]
      $0.model.decoder.hidden = [16]
      $0.model.activation = .tanh
      $0.model.prior.kind = .standard
    }
    let data = try Self.data(faces: 24)
    let trainer = try trainer(run, settings, data: data)
    #expect(try trainer.run() == .finished)
    let model = try TrainedModel.load(run.path)
    let session = try model.makeSession(ReferenceExecutor())
    let program = try model.model.recognitionProgram(batch: 1)
    let recognition = try session.compile(program)
    var form = DrawingForm()
    form.drawsStyle = false
    let decoder = try session.compile(model.model.drawingProgram(batch: 1, form))
    let (image, label) = (
      try model.model.variable("image"), try model.model.variable("letter")
    )
    let filler = try RecordFiller(
      program, model: model.model, records: data.records, preprocessing: model.preprocessing)
    let position = RandomPosition(seed: 1, step: 0)
    var seen: Set<Bool> = []
    for record in trainer.split.test + trainer.split.validation {
      [record].withUnsafeBufferPointer { filler.fill(recognition, records: $0, at: position) }
      try recognition.run(at: position)
      decoder.withInput(.style) { _ = $0.update(from: recognition.output(.gaussian(.mean))) }
      let isBright = record / 4 % 2 == 0
      seen.insert(isBright)
      for letter in 0..<4 {
        decoder.withIndexInput(.field(label, .own)) { $0[0] = Int32(letter) }
        try decoder.run(at: position)
        for (pixel, value) in decoder.output(.value(image)).enumerated() {
          let isRight = pixel % 4 == letter ? (value > 0.6) == isBright : value < 0.15
          #expect(isRight, "record \(record) as \(letter), pixel \(pixel): \(value)")
        }
      }
    }
    #expect(seen == [false, true])
  }
}
