import CVAETraining
import ConditionalData
import Foundation
import OneDNNExecution
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

@testable import CVAEEvaluation

@Suite struct ImageClassifierTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("swift-cvae-classifier-\(UUID().uuidString)")

  private func evaluator(_ data: DataSet) throws -> Evaluator {
    Evaluator(model: try StripedPictures.model(of: data), executor: OneDNNExecutor(threads: 1))
  }

  private func subject(_ data: DataSet) throws -> ControlSubject {
    try ControlSubject(StripedPictures.model(of: data))
  }

  @Test(arguments: [
    ClassifierBody.perceptron(hidden: [16, 8]),
    .convolutional(
      image: ImageSize(height: 4, width: 4, channels: 1), channels: [4, 8], hidden: 8),
  ])
  func aToyProblemIsLearned(body: ClassifierBody) throws {
    let data = try StripedPictures.data()
    let train = LabelledRows(data, image: 0, category: 1, records: (0..<60).map { $0 })
    let test = LabelledRows(data, image: 0, category: 1, records: (60..<120).map { $0 })
    let settings = ClassifierSettings(
      body: body, epochs: 40, batch: 20, learningRate: 0.01, weightDecay: 0.01, dropout: 0.1,
      seed: 1)
    let fitted = try FittedClassifier.train(
      on: train, levels: 3, settings: settings, executor: OneDNNExecutor())
    let scores = try fitted.score(test, executor: OneDNNExecutor())
    #expect(scores.accuracy.mean == 1)
    #expect(scores.features.count == 60 * 8)
    // The other executor sees the same network.
    let slow = try fitted.score(test, executor: ReferenceExecutor())
    #expect(slow.predicted == scores.predicted)
    #expect(
      !slow.features.isEmpty
        && zip(slow.features, scores.features).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test(arguments: [(28, [32, 64]), (8, [32, 64]), (1, [32, 64]), (64, [32, 64, 64])])
  func largePicturesAreHalvedMoreOften(side: Int, channels: [Int]) throws {
    let size = ImageSize(height: side, width: side, channels: 1)
    let body = ClassifierBody.forImages(of: size)
    #expect(body == .convolutional(image: size, channels: channels, hidden: 64))
    let network = ClassifierNetwork(body, width: size.count, levels: 2, seed: 1)
    #expect(network.features == 64)
    _ = try network.scoring(batch: 2)
  }

  @Test func equalCallsGiveEqualBytesAndAStoredOneIsUsedAgain() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let data = try StripedPictures.data()
    let (evaluator, subject) = (try evaluator(data), try subject(data))
    let paths = ["a", "b"].map { folder.appendingPathComponent($0).path }
    for path in paths { try evaluator.classifier(of: subject, in: data).save(to: path) }
    #expect(
      FileManager.default.contents(atPath: paths[0])
        == FileManager.default.contents(atPath: paths[1]))
    let stored = try #require(try ImageClassifier.load(paths[0]))
    func epochs(_ data: DataSet) throws -> Int {
      var epochs = 0
      _ = try self.evaluator(data).classifier(of: subject, in: data, stored: stored) { epoch, _ in
        epochs = epoch
      }
      return epochs
    }
    #expect(try epochs(data) == 0)
    #expect(try epochs(StripedPictures.data(salt: 1)) == 5)
    #expect(try ImageClassifier.load(folder.appendingPathComponent("c").path) == nil)
    try refuseUnsoundHeaders(SafetensorsFile.read(paths[0]))
  }

  /// Layers and fields that can't be are refused, and end no process.
  private func refuseUnsoundHeaders(_ file: SafetensorsFile) throws {
    let path = folder.appendingPathComponent("changed").path
    let text = try #require(file.metadata["classifier"])
    for (old, new) in [
      (#""hidden":64"#, #""hidden":0"#), (#""hidden":64"#, #""hidden":4611686018427387904"#),
      (#""channels":[32,"#, #""channels":[-1,"#), (#""kind":"image""#, #""kind":"number""#),
      (#""kind":"category""#, #""kind":"number""#),
    ] {
      var changed = file
      changed.metadata["classifier"] = text.replacing(old, with: new)
      #expect(changed != file, "\(text)")
      try changed.write(to: path)
      #expect(throws: ModelFileFailure.self, "\(new)") { try ImageClassifier.load(path) }
    }
  }

  @Test func anotherFileIsRefused() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model").path
    try SafetensorsFile(tensors: ["x": StoredTensor(shape: [1], values: [1])]).write(to: path)
    let failure = #expect(throws: ModelFileFailure.self) { try ImageClassifier.load(path) }
    #expect(
      "\(try #require(failure))"
        == "\(path): expected a classifier that 'cvae evaluate' wrote, got a file without "
        + "'classifier' in its header; name another file with --classifier, or remove this one.")
  }
}
