import CVAEGeneration
import CVAETraining
import ConditionalData
import Foundation
import OneDNNExecution
import RecordTypes
import Testing

@testable import CVAEEvaluation

/// Categories of texts out of models of which any field may be given.
@Suite struct TextClassificationTests {
  private let executor = OneDNNExecutor(threads: 1)

  private func exp(_ found: Classification, _ record: Int) -> [Double] {
    found.logProbabilities(of: record).map { Foundation.exp($0) }
  }

  /// The probabilities are the shares in which levels are drawn under the text.
  @Test func probabilitiesAreSharesOfDraws() throws {
    let model = try LetterTexts.rowModel(of: LetterTexts.data())
    let data = try DataSet(
      schema: LetterTexts.schema, columns: [.texts(["aaca", "bb"]), .levels([1, 1])],
      source: "letters")
    let found = try Evaluator(model: model, executor: executor).classify(
      data, by: "level", records: [0, 1], samples: 64)
    let draws = 4000
    for record in 0..<2 {
      let texts = RecordColumn.texts([data.columns[0].text(record)]).selecting(
        [Int](repeating: 0, count: draws))
      let given = Conditions(
        Records(
          trusting: LetterTexts.schema, [texts, .missing(LetterTexts.level, count: draws)],
          count: draws))
      var request = DrawRequest(given, seed: 5)
      request.allowsMissing = false
      let drawn = try Generator(model, executor: executor).draw(request)[0].records["level"]
      let share = Double((0..<draws).count { drawn?.level($0) == 1 }) / Double(draws)
      let probability = exp(found, record)[1]
      // Four standard errors, and what 64 samples of z leave open.
      #expect(abs(share - probability) < 0.05)
      #expect(exp(found, record).reduce(0, +).isNearly(1))
    }
    #expect(exp(found, 0) != exp(found, 1))
  }

  /// A record's result depends neither on its own level nor on other records.
  @Test func aResultIsItsRecordsAlone() throws {
    let model = try LetterTexts.rowModel(of: LetterTexts.data())
    func classified(_ levels: [Int32], _ records: [Int32], batch: Int) throws -> [[Double]] {
      let data = try DataSet(
        schema: LetterTexts.schema, columns: [.texts(["bbbb", "a", "cc"]), .levels(levels)],
        source: "letters")
      let found = try Evaluator(model: model, executor: executor, batch: batch).classify(
        data, by: "level", records: records, samples: 3)
      return records.indices.map { exp(found, $0) }
    }
    let all = try classified([0, 0, 0], [0, 1, 2], batch: 4)
    #expect(try classified([1, 0, 1], [0, 1, 2], batch: 4) == all)
    #expect(try classified([0, 0, 0], [2, 0], batch: 4) == [all[2], all[0]])
  }
}

extension Double {
  fileprivate func isNearly(_ other: Double) -> Bool { abs(self - other) < 1e-6 }
}
