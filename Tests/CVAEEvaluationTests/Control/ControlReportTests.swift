import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEEvaluation

/// Models that hear the condition, and models that don't.
@Suite struct ControlReportTests {
  private let settings = ClassifierSettings(
    body: .perceptron(hidden: [16, 8]), epochs: 30, batch: 20, learningRate: 0.01,
    weightDecay: 0.01, dropout: 0, seed: 1)

  private func report(
    obeys: Bool = true, data: DataSet, model: TrainedModel? = nil
  ) throws -> ControlReport {
    let model = try model ?? StripedPictures.model(of: data, obeys: obeys)
    let evaluator = Evaluator(model: model, executor: OneDNNExecutor())
    let subject = try ControlSubject(model)
    let classifier = try evaluator.classifier(
      of: subject, in: data, settings: settings, stored: nil)
    return try evaluator.control(
      of: subject, in: data, classifier: classifier,
      settings: ControlSettings(levels: 3, perLevel: 12))
  }

  @Test func aModelThatObeysIsToldFromOneThatDoesnt() throws {
    let data = try StripedPictures.data()
    let obeying = try report(data: data)
    #expect(obeying.classifier.testAccuracy.mean == 1)
    #expect(obeying.accuracy.mean == 1)
    #expect(obeying.perLevel.map(\.name) == ["first", "second", "third"])
    #expect(obeying.perLevel.map(\.generated) == [12, 12, 12])
    #expect(obeying.classification.accuracy.mean == 1)
    #expect(obeying.classification.records == 60)
    let deaf = try report(obeys: false, data: data)
    // It draws the first row whatever is requested.
    #expect(deaf.perLevel.map(\.accuracy.mean) == [1, 0, 0])
    #expect(abs(deaf.accuracy.mean - 1.0 / 3) < 1e-9)
    #expect(abs(deaf.classification.accuracy.mean - 1.0 / 3) < 1e-9)
    #expect(deaf.frechetDistance.mean > obeying.frechetDistance.mean)
    #expect(obeying.frechetDistanceOfReal.mean < deaf.frechetDistance.mean)
    #expect(try #require(obeying.memorisation).nearShare.standardError != nil)
    #expect(abs(obeying.leakage.chance.mean - 1.0 / 3) < 1e-9)
    // Under the standard prior style is the latent.
    #expect(obeying.leakage.style == obeying.leakage.latent)
  }

  @Test func equalCallsGiveEqualReports() throws {
    let data = try StripedPictures.data()
    #expect(try report(data: data) == report(data: data))
  }

  @Test func unseenDataHaveNoCopies() throws {
    let model = try StripedPictures.model(of: StripedPictures.data())
    let report = try report(data: StripedPictures.data(salt: 3), model: model)
    #expect(report.memorisation == nil)
    #expect(report.accuracy.mean == 1)
    #expect(!report.table.contains("nearest"))
  }

  @Test func theJSONHasItsKeys() throws {
    let report = try report(data: StripedPictures.data())
    let text = try EvaluationSummary(bounds: nil, control: report, fidelity: nil).json
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(whole.keys.sorted() == ["control"])
    let control = try #require(whole["control"] as? [String: Any])
    #expect(
      control.keys.sorted() == [
        "accuracy", "classification", "classifier", "diversity", "field", "frechetDistance",
        "frechetDistanceOfReal", "leakage", "memorisation", "perLevel",
      ])
    for key in ["accuracy", "diversity", "frechetDistance", "frechetDistanceOfReal"] {
      let estimate = try #require(control[key] as? [String: Any], "\(key)")
      #expect(estimate.keys.sorted() == ["mean", "standardError"])
    }
    let leakage = try #require(control["leakage"] as? [String: Any])
    #expect(leakage.keys.sorted() == ["chance", "latent", "style"])
    let memorisation = try #require(control["memorisation"] as? [String: Any])
    #expect(memorisation.keys.sorted() == ["generated", "nearDistance", "nearShare", "test"])
    let levels = try #require(control["perLevel"] as? [[String: Any]])
    #expect(
      levels.first?.keys.sorted() == ["accuracy", "diversity", "generated", "name", "testAccuracy"])
  }

  @Test func theTableSaysWhatItMeasures() throws {
    let table = try report(data: StripedPictures.data()).table
    #expect(
      table.hasPrefix(
        "control of 'row', judged by a classifier that learned from real training pictures\n"
          + "  generated as requested                     1.000 ± 0.000\n"))
    #expect(table.contains("\nfirst "))
    #expect(table.contains("classified by the model itself"))
  }

  @Test func theLikeliestLevelHasTheLargestScore() {
    let scores = [[-1.0, -5], [-1.5, -1]]
    #expect(ModelClassification.likeliest(scores: scores, levels: [4, 7]) == [4, 7])
  }

  @Test func failuresAreSentences() throws {
    let linear = try LinearGaussian().model()
    #expect(throws: ControlFailure.noImage(generated: ["row"])) { try ControlSubject(linear) }
    let data = try StripedPictures.data()
    let model = try StripedPictures.model(of: data)
    let failure = ControlFailure.notACategory(field: "shape", categories: ["row"])
    #expect(throws: failure) { try ControlSubject(model, field: "shape") }
    #expect(
      "\(failure)"
        == "--control-field: expected a category that the model is given ('row'), got 'shape'.")
    let few = try StripedPictures.data(10, test: 2)
    #expect(
      throws: ControlFailure.tooFewRecords(split: "test", field: "row", count: 2, needed: 4)
    ) { try report(data: few, model: model.trained(on: few)) }
    #expect(
      "\(ControlFailure.noCategory(given: []))"
        == "Control is judged on categories: expected the model to be given one, got nothing; "
        + "evaluate with --only bounds.")
  }

  @Test func manyLevelsHaveFewerPicturesEach() {
    #expect(ControlSettings(levels: 10).perLevel == 200)
    #expect(ControlSettings(levels: 100).perLevel == 100)
    #expect(ControlSettings(levels: 100, perLevel: 300).perLevel == 300)
    #expect(ControlSettings(levels: 5000).perLevel == 10)
  }
}
