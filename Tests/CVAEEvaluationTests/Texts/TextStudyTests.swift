import CVAEGeneration
import CVAETraining
import ConditionalData
import Foundation
import OneDNNExecution
import RecordTypes
import Testing

@testable import CVAEEvaluation

/// Models that hear the level of a text, and models that don't.
@Suite struct TextStudyTests {
  private func study(
    obeys: Bool = true, data: DataSet, model: TrainedModel? = nil
  ) throws -> TextStudy {
    let model = try model ?? LetterTexts.model(of: data, obeys: obeys)
    var settings = TextSettings()
    settings.generated = 200
    settings.read = 40
    settings.probed = 60
    return try Evaluator(model: model, executor: OneDNNExecutor(threads: 1))
      .texts(of: data, settings: settings)
  }

  /// Of a model that obeys.
  private static let shared = Result { try TextStudyTests().study(data: LetterTexts.data()) }

  @Test func aModelThatObeysIsToldFromOneThatDoesnt() throws {
    let data = try LetterTexts.data()
    let report = try #require(try Self.shared.get().reports.first)
    #expect(report.field == "text" && report.units == .characters && report.generated == 200)
    let control = try #require(report.control.first)
    #expect(report.control.count == 1 && control.field == "level")
    #expect(control.judge.testAccuracy.mean == 1 && control.judge.trainingTexts == 60)
    // One text in thirty is "cccc", which the judge can't tell; at the lower temperature one in forty.
    #expect(control.accuracy.mean > 0.95 && control.accuracy.mean < 1)
    #expect(control.cool.accuracy.mean >= control.accuracy.mean && control.cool.temperature == 0.7)
    #expect(control.ratio?.mean == control.accuracy.mean)
    #expect(control.perLevel.map(\.name) == ["<a>", "b"])
    #expect(control.perLevel.map(\.generated) == [40, 40])
    // The most probable text is four letters of the new level, which has none of the old one.
    let transfer = try #require(control.transfer)
    #expect(transfer.records == 40)
    #expect(transfer.accuracy.mean == 1 && transfer.kept.mean == 0 && transfer.f1.mean == 0)
    // There are two such texts, and another record's text may be of the new level.
    #expect(transfer.unique == 2.0 / 40)
    #expect(try #require(transfer.baseline).mean > 0.1)
    // These texts have a single word, so nothing of them can be kept.
    #expect(control.rewriting == transfer)
    // Under the standard prior style is the latent.
    let leakage = try #require(control.leakage)
    #expect(leakage.style == leakage.latent)
    #expect(leakage.chance.mean >= 0.5 && leakage.chance.mean < 0.7)
    // "aaaa" or "bbbb" has as many letters of the text as that has of its level: 32 in all patterns' 60.
    let f1 = try #require(report.reconstruction).f1.mean
    #expect(abs(f1 - 32.0 / 60) < 0.05)
    #expect(try #require(report.reconstruction?.baseline).mean != f1)

    let deaf = try #require(try study(obeys: false, data: data).reports.first?.control.first)
    // The judge is the same, whatever the model writes.
    #expect(deaf.judge == control.judge)
    #expect(abs(deaf.accuracy.mean - 0.5) < 0.1)
    #expect(deaf.perLevel[1].accuracy.mean < 0.2)
    #expect(try #require(deaf.transfer).accuracy.mean < 0.7)
  }

  /// What speaks for the old level is written anew, and the rest stays.
  @Test func rewritingKeepsWhatDoesNotSpeakForTheOldLevel() throws {
    let model = try LetterTexts.model(of: LetterTexts.data())
    let data = try DataSet(
      schema: LetterTexts.schema,
      columns: [.texts(["a c", "c a", "b c", "a c"]), .levels([0, 0, 1, 0])],
      source: "letters")
    let inputs = try TransferInputs(data, records: [0, 1, 2, 3], from: [:], model: model)
    let executor = OneDNNExecutor(threads: 1)
    let styles = try StyleReader(model, executor: executor).styles(of: inputs).styles(seed: nil)
    let changed = Conditions(
      inputs.conditions.records.setting(LetterTexts.level, to: .levels([1, 1, 0, 0])))
    let asked = try TextRewriter(model, executor: executor).restrictions(
      of: LetterTexts.text, inputs, rows: [0, 1, 2, 3], conditions: changed, styles: styles,
      keep: 0.5)
    guard case .each(let each) = asked else {
      Issue.record("Expected a restriction for each text.")
      return
    }
    #expect(each.map { $0?.beginning } == ["", "c", "", "a c"])
    #expect(each.map { $0?.pieces } == [[" c"], [""], [" c"], []])
    var request = DrawRequest(changed, seed: 1)
    request.styles = styles
    request.texts = ["text": asked]
    request.tokens.beams = 4
    let drawn = try Generator(model, executor: executor).draw(request)[0].records["text"]
    let texts = (0..<4).map { drawn?.text($0) ?? "" }
    // Under its own condition a text stays as it is.
    #expect(texts[3] == "a c")
    #expect(texts[0] == "bb c" && texts[2] == "aa c")
    // No letter goes on where a word that stays ends.
    #expect(texts[1].utf8.first == 99 && !"abc".utf8.contains(Array(texts[1].utf8)[1]))
  }

  /// Levels of test records that are those of training texts exchanged change the judge's accuracy, and not the judge.
  @Test func theJudgeLearnsFromTrainingTextsAlone() throws {
    let data = try LetterTexts.data(testLevels: [1, 0])
    let control = try #require(try study(data: data).reports.first?.control.first)
    #expect(control.judge.testAccuracy.mean == 0)
    #expect(control.accuracy.mean > 0.95)
  }

  @Test func equalCallsGiveEqualStudies() throws {
    let data = try LetterTexts.data()
    let (first, second) = (try Self.shared.get(), try study(data: data))
    #expect(first.reports == second.reports && first.sheets == second.sheets)
  }

  @Test func sheetsHaveWhatTheyName() throws {
    let sheets = try Self.shared.get().sheets
    #expect(sheets.map(\.title) == ["Texts by level", "Transfers", "Reconstructions"])
    #expect(
      sheets.allSatisfy { sheet in sheet.rows.allSatisfy { $0.count == sheet.headings.count } })
    let samples = sheets[0].rows
    #expect(samples.map { $0[0] } == ["<a>", "<a>", "<a>", "b", "b", "b"])
    #expect(samples.allSatisfy { row in !row[1].contains(row[0] == "b" ? "a" : "b") })
    #expect(sheets[1].rows.count == 12)
    #expect(
      sheets[1].rows.allSatisfy { $0[0] != $0[2] && $0[3] == ($0[2] == "b" ? "bbbb" : "aaaa") })
  }

  /// Where any field may be given, texts are drawn under all others; nothing is carried over.
  @Test func rowsOfAnyGivenField() throws {
    let data = try LetterTexts.data()
    let model = try LetterTexts.rowModel(of: data)
    let study = try study(data: data, model: model)
    let report = try #require(study.reports.first)
    let control = try #require(report.control.first)
    #expect(control.field == "level" && control.judge.testAccuracy.mean == 1)
    #expect(control.transfer == nil && control.leakage == nil && report.references == nil)
    #expect(try #require(report.reconstruction).records == 40)
    #expect(study.sheets.map(\.title) == ["Texts by level", "Reconstructions"])
  }

  @Test func unseenDataHaveNoCopies() throws {
    let model = try LetterTexts.model(of: LetterTexts.data())
    #expect(try #require(Self.shared.get().reports.first?.copies).test.whole.mean == 1)
    let report = try #require(study(data: LetterTexts.data(salt: 1), model: model).reports.first)
    #expect(report.copies == nil)
    #expect(!report.tables.text.contains("of the training"))
  }

  @Test func theJSONHasItsKeys() throws {
    let study = try Self.shared.get()
    let text = try EvaluationSummary(bounds: nil, control: nil, fidelity: nil, texts: study).json
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(whole.keys.sorted() == ["texts"])
    let report = try #require((whole["texts"] as? [[String: Any]])?.first)
    #expect(
      report.keys.sorted() == [
        "control", "copies", "diversity", "field", "generated", "reconstruction", "references",
        "units",
      ])
    #expect(report["references"] is NSNull)
    func keys(_ key: String, of object: [String: Any]) -> [String]? {
      (object[key] as? [String: Any])?.keys.sorted()
    }
    #expect(keys("copies", of: report) == ["generated", "runLength", "test"])
    #expect(keys("diversity", of: report) == ["generated", "test", "texts"])
    #expect(keys("reconstruction", of: report) == ["baseline", "f1", "records"])
    let variety = try #require(report["diversity"] as? [String: Any])
    #expect(keys("test", of: variety) == ["distinct1", "distinct2", "unique"])
    let control = try #require((report["control"] as? [[String: Any]])?.first)
    #expect(
      control.keys.sorted() == [
        "accuracy", "cool", "field", "judge", "leakage", "perLevel", "ratio", "rewriting",
        "transfer",
      ])
    #expect(keys("judge", of: control) == ["testAccuracy", "trainingTexts"])
    #expect(keys("cool", of: control) == ["accuracy", "ratio", "temperature"])
    #expect(
      keys("transfer", of: control) == ["accuracy", "baseline", "f1", "kept", "records", "unique"])
    #expect(keys("leakage", of: control) == ["chance", "latent", "style"])
    let level = try #require((control["perLevel"] as? [[String: Any]])?.first)
    #expect(level.keys.sorted() == ["accuracy", "generated", "name", "testAccuracy"])
    #expect(keys("accuracy", of: level) == ["mean", "standardError"])
  }

  @Test func theTableSaysWhatItMeasures() throws {
    let table = try Self.shared.get().table
    #expect(
      table.hasPrefix(
        "'level' of 'text', judged by a linear classifier that learned from 60 real training "
          + "texts\n"
          + "  generated as requested"), "\(table)")
    for line in [
      "40 held-out texts carried to another 'level'", "characters kept, F1", "different texts",
      "\n  of another text ", "\n  different results ", "caution: only 5 % of the results differ",
    ] {
      #expect(table.contains(line), "\(line)")
    }
  }

  @Test func failuresAreSentences() throws {
    let pictures = try StripedPictures.data()
    let model = try StripedPictures.model(of: pictures)
    let evaluator = Evaluator(model: model, executor: OneDNNExecutor(threads: 1))
    #expect(throws: ControlFailure.noText(generated: ["image"])) {
      try evaluator.texts(of: pictures)
    }
    let data = try LetterTexts.data()
    let texts = Evaluator(
      model: try LetterTexts.model(of: data), executor: OneDNNExecutor(threads: 1))
    #expect(throws: ControlFailure.notACategory(field: "text", categories: ["level"])) {
      try texts.texts(of: data, by: "text")
    }
    let few = try LetterTexts.data(20, test: 3)
    #expect(
      throws: ControlFailure.tooFewRecords(split: "test", field: "text", count: 3, needed: 4)
    ) { try study(data: few) }
  }
}
