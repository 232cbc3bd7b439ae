import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import OneDNNExecution
import RecordTypes
import Testing

@testable import CVAEEvaluation

/// Control of a model that draws the first row where the level is unknown.
@Suite struct ControlCurveTests {
  private func report(_ model: TrainedModel, data: DataSet) throws -> ControlReport {
    let evaluator = Evaluator(model: model, executor: OneDNNExecutor())
    let subject = try ControlSubject(model)
    let settings = ClassifierSettings(
      body: .perceptron(hidden: [16, 8]), epochs: 30, batch: 20, learningRate: 0.01,
      weightDecay: 0.01, dropout: 0, seed: 1)
    let classifier = try evaluator.classifier(
      of: subject, in: data, settings: settings, stored: nil)
    return try evaluator.control(
      of: subject, in: data, classifier: classifier,
      settings: ControlSettings(levels: 3, perLevel: 12))
  }

  private func report() throws -> ControlReport {
    let data = try StripedPictures.data()
    return try report(StripedPictures.model(of: data, acceptsMissing: true), data: data)
  }

  @Test func accuracyRisesWithControlAndDiversityFalls() throws {
    let report = try report()
    let points = try #require(report.curve).points
    #expect(points.map(\.strength) == [0, 0.5, 1, 1.5, 2, 3])
    // Without control every picture shows the first row; with it, the requested one.
    #expect(abs(points[0].accuracy.mean - 1.0 / 3) < 1e-9)
    #expect(points.dropFirst(2).map(\.accuracy.mean) == [1, 1, 1, 1])
    // The figures of the report itself.
    #expect(points[2].accuracy == report.accuracy)
    #expect(points[2].diversity == report.diversity)
    // Pixels go to black and white, and style changes them less and less.
    let diversities = try points.dropFirst(2).map { try #require($0.diversity).mean }
    #expect(diversities == diversities.sorted(by: >))
    #expect(Set(diversities).count == 4)
  }

  @Test func modelsThatCannotBeControlledHaveNoCurve() throws {
    let data = try StripedPictures.data()
    let plain = try report(StripedPictures.model(of: data), data: data)
    #expect(plain.curve == nil)
    #expect(!plain.table.contains("--control"))
    let text = try EvaluationSummary(bounds: nil, control: plain, fidelity: nil).json
    #expect(!text.contains("curve"))
  }

  @Test func modelsOfPartsOfPicturesHaveOne() throws {
    let data = try StripedPictures.data()
    var configuration = ModelConfiguration()
    configuration.latent = 1
    let masked = try TrainedModel.fixture(
      schema: StripedPictures.schema, given: ["any"], configuration,
      preprocessing: Preprocessing(scales: [:], levelCounts: ["row": [20, 20, 20]]),
      acceptsMissing: true)
    #expect(masked.model.acceptsMissing)
    let curve = try #require(try report(masked.trained(on: data), data: data).curve)
    #expect(curve.points.map(\.strength) == ControlCurve.strengths)
  }

  @Test func theJSONIsAListOfPoints() throws {
    let text = try EvaluationSummary(bounds: nil, control: report(), fidelity: nil).json
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let control = try #require(whole["control"] as? [String: Any])
    let points = try #require(control["curve"] as? [[String: Any]])
    #expect(points.count == 6)
    for point in points {
      #expect(point.keys.sorted() == ["accuracy", "diversity", "strength"])
      for key in ["accuracy", "diversity"] {
        let estimate = try #require(point[key] as? [String: Any], "\(key)")
        #expect(estimate.keys.sorted() == ["mean", "standardError"])
      }
    }
    #expect(points.last?["strength"] as? Double == 3)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let undefined = ControlCurve(points: [
      ControlCurve.Point(
        strength: 0.5, accuracy: Estimate(mean: 1, standardError: nil), diversity: nil)
    ])
    #expect(
      String(decoding: try encoder.encode(undefined), as: UTF8.self)
        == #"[{"accuracy":{"mean":1,"standardError":null},"diversity":null,"strength":0.5}]"#)
  }

  @Test func theTableHasALineForEachStrength() throws {
    let lines = try report().table.components(separatedBy: "\n").suffix(9)
    #expect(
      lines.prefix(3) == [
        "", "pictures by --control: 0 hides the condition from the decoder, 1 is as trained",
        "control                       as requested           diversity",
      ])
    let strengths = lines.suffix(6).map { line in String(line.prefix { $0 != " " }) }
    #expect(strengths == ["0", "0.5", "1", "1.5", "2", "3"])
    #expect(lines.last?.hasPrefix("3                            1.000 ± 0.000") == true)
  }
}
