import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEEvaluation

/// Probabilities of levels against closed forms.
@Suite struct ClassificationTests {
  private let linear = LinearGaussian()
  private let all = Array(0..<5 as Range<Int32>)

  private func classification(
    shift: [Double] = [0, 0], _ data: DataSet? = nil, records: [Int32]? = nil, batch: Int = 500
  ) throws -> Classification {
    try Evaluator(model: linear.model(shift: shift), executor: ReferenceExecutor(), batch: batch)
      .classify(data ?? linear.data(), by: "tag", records: records ?? all, samples: 3)
  }

  /// log p(y | x) of a record, with the training shares 2/5 and 3/5.
  private func exact(_ record: Int) -> [Double] {
    let joint = [0, 1].map { linear.exact(record, tag: $0) + log([0.4, 0.6][$0]) }
    let total = log(joint.reduce(0) { $0 + exp($1) })
    return joint.map { $0 - total }
  }

  @Test func underTheExactPosteriorProbabilitiesAreExact() throws {
    let found = try classification()
    #expect(found.field.levels == ["left", "right"])
    for record in 0..<5 {
      for (own, wanted) in zip(found.logProbabilities(of: record), exact(record)) {
        #expect(abs(own - wanted) < 1e-5, "record \(record)")
      }
      let likeliest = exact(record)[1] > exact(record)[0] ? 1 : 0
      #expect(found.level(of: record) == likeliest, "record \(record)")
    }
    #expect(Set((0..<5).map(found.level)).count == 2)
  }

  @Test(arguments: [1, 2, 3, 5])
  func batchesDontMatter(batch: Int) throws {
    let whole = try classification(shift: [0.3, 0.2])
    let own = try classification(shift: [0.3, 0.2], batch: batch)
    #expect(own.logProbabilities == whole.logProbabilities)
    let two = try classification(shift: [0.3, 0.2], records: [4, 1], batch: batch)
    #expect(two.records == [4, 1])
    #expect(Array(two.logProbabilities(of: 0)) == Array(whole.logProbabilities(of: 4)))
    #expect(Array(two.logProbabilities(of: 1)) == Array(whole.logProbabilities(of: 1)))
  }

  /// What the data say of the level changes nothing, not even that they say nothing.
  @Test func levelsOfTheDataDontMatter() throws {
    let whole = try classification()
    let data = try linear.data()
    let row = try #require(data.schema.fields.first)
    let bare = try DataSet(
      schema: RecordSchema(fields: [row]), columns: [data.columns[0]], source: "bare")
    #expect(try classification(bare).logProbabilities == whole.logProbabilities)
    let partial = data.setting([(data.schema.fields[1], .levels([1, nil, nil, 0, nil]))])
    #expect(try classification(partial).logProbabilities == whole.logProbabilities)
    let report = try ClassificationReport(whole, of: partial)
    #expect(report.labelled == 2)
    #expect(try ClassificationReport(whole, of: bare).labelled == 0)
  }

  /// Another condition that the data lack is unknown, if the model accepts that.
  @Test func otherConditionsMayBeUnknown() throws {
    let size = Field(name: "size", kind: .number)
    let schema = try RecordSchema(fields: LinearGaussian.schema.fields + [size])
    let data = try linear.data()
    func found(_ sizes: [Double?]?, acceptsMissing: Bool = true) throws -> [Double] {
      let scale = { FieldScale(mean: $0, standardDeviation: $1, minimum: $0, maximum: $1) }
      let model = try TrainedModel.fixture(
        schema: schema, given: ["tag", "size"], ModelConfiguration(),
        preprocessing: Preprocessing(
          scales: ["row": scale(linear.mean, linear.deviation), "size": scale([0], [1])],
          levelCounts: ["tag": [2, 3]]), acceptsMissing: acceptsMissing)
      let column = sizes.map { [(size, RecordColumn.numbers($0))] } ?? []
      return try Evaluator(model: model, executor: ReferenceExecutor())
        .classify(data.setting(column), by: "tag", records: all, samples: 1).logProbabilities
    }
    let lacking = try found(nil)
    #expect(try found([nil, nil, nil, nil, nil]) == lacking)
    let partial = try found([5, nil, nil, nil, nil])
    #expect(partial[0] != lacking[0])
    #expect(partial.dropFirst(2) == lacking.dropFirst(2))
    #expect(throws: UnknownName.self) { try found(nil, acceptsMissing: false) }
  }

  @Test func tableHasAColumnForEachLevel() throws {
    let lines = try classification().table.lines()
    #expect(lines.count == 5)
    for (record, line) in lines.enumerated() {
      let object = try JSONDecoder().decode([String: Cell].self, from: Data(line.utf8))
      #expect(object.keys.sorted() == ["p(left)", "p(right)", "tag"])
      for (level, name) in ["left", "right"].enumerated() {
        let own = try #require(object["p(\(name))"]?.number)
        #expect(abs(own - exp(exact(record)[level])) < 1e-5)
      }
      #expect(object["tag"]?.text == (exact(record)[1] > exact(record)[0] ? "right" : "left"))
    }
    let clash = Classification(
      field: Field(name: "p(a)", kind: .category(levels: ["a", "b"])), records: [0],
      logProbabilities: [0, -800], samples: 1, shares: [0.5, 0.5])
    #expect(clash.table.lines() == [#"{"p(a)":"a","p(a) 2":1.0,"p(b)":0.0}"#])
  }

  private struct Cell: Decodable {
    var text: String?
    var number: Double?

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = try? container.decode(String.self)
      number = try? container.decode(Double.self)
    }
  }

  @Test func failuresAreSentences() throws {
    let evaluator = try Evaluator(model: linear.model(), executor: ReferenceExecutor())
    let data = try linear.data()
    func failure(_ name: String, records: [Int32] = [0], samples: Int = 1) -> String {
      do {
        _ = try evaluator.classify(data, by: name, records: records, samples: samples)
        return "none"
      } catch { return "\(error)" }
    }
    #expect(
      failure("row")
        == "--field: expected a category, got 'row', a vector of 3 numbers; name a category.")
    #expect(failure("tog").hasPrefix("No field is named 'tog'; the nearest is 'tag'"))
    #expect(failure("tag", samples: 0).contains("at least 1 importance sample"))
    #expect(failure("tag", records: []).contains("at least one record"))
    let extreme = try DataSet(
      schema: LinearGaussian.schema,
      columns: [.numbers([0, 0, 0, 1e30, 0, 0], width: 3), .levels([0, 1] as [Int32])],
      source: "extreme")
    let steep = try Evaluator(model: linear.model(slope: 1), executor: ReferenceExecutor())
    #expect(throws: EvaluationFailure.notFinite(record: 1, source: "extreme")) {
      try steep.classify(extreme, by: "tag", records: [0, 1], samples: 2)
    }
    let other = try DataSet(
      schema: RecordSchema(fields: [Field(name: "tag", kind: .number)]),
      columns: [.numbers([1, 2, 3, 4, 5])], source: "other")
    let found = try classification()
    #expect(throws: TrainingFailure.self) { try ClassificationReport(found, of: other) }
  }
}
