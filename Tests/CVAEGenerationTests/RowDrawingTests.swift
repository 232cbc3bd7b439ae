import CVAEGeneration
import CVAETraining
import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

/// Rows of a table, drawn column by column.
@Suite struct RowDrawingTests {
  private func generate(
    _ values: [String: GivenValue], count: Int, batch: Int = 4, threads: Int = 1,
    allowsMissing: Bool = true, labelsMayBeMissing: Bool = false
  ) throws -> GeneratedRecords {
    let model = try TinyTrained.rowModel(labelsMayBeMissing: labelsMayBeMissing)
    var request = DrawRequest(try Conditions(values, count: count, model: model), seed: 3)
    request.allowsMissing = allowsMissing
    return try Generator(model, executor: OneDNNExecutor(threads: threads), batch: batch)
      .draw(request)[0]
  }

  private func levels(_ records: GeneratedRecords, _ name: String) -> [Int32] {
    records.records[name]?.levels ?? []
  }

  private func numbers(_ records: GeneratedRecords, _ name: String) -> [Double?] {
    guard let column = records.records[name] else { return [] }
    return (0..<column.count).map { column.number($0) }
  }

  /// 150 rows are three parts of 16 batches, which threads share.
  @Test(
    arguments: [
      [:], ["label": .level(1)], ["size": .range(1...2), "tag": .levels([0, 1])],
    ] as [[String: GivenValue]])
  func aRowIsTheSameInAnyCompany(values: [String: GivenValue]) throws {
    let alone = try generate(values, count: 150)
    let shared = try generate(values, count: 150, threads: 2)
    let few = try generate(values, count: 7)
    for name in ["label", "tag"] {
      #expect(levels(alone, name) == levels(shared, name))
      #expect(Array(levels(alone, name).prefix(7)) == levels(few, name))
    }
    let sizes = [alone, shared, few].map { numbers($0, "size") }
    #expect(sizes[0].count == 150 && sizes[0] == sizes[1])
    #expect(Array(sizes[0].prefix(7)) == sizes[2])
    #expect(Set(sizes[0]).count > 5)
  }

  /// Rows are addressed by their numbers, whatever batch or part they fall into.
  @Test(
    arguments: [
      [:], ["size": .range(1...2), "tag": .levels([0, 1])],
    ] as [[String: GivenValue]])
  func aRowIsTheSameInAnyBatch(values: [String: GivenValue]) throws {
    let model = try TinyTrained.rowModel()
    let found = try [4, 150].map { batch in
      try Generator(model, executor: ReferenceExecutor(), batch: batch).draw(
        DrawRequest(Conditions(values, count: 150, model: model), seed: 3))[0]
    }
    for name in ["label", "tag"] {
      #expect(levels(found[0], name) == levels(found[1], name))
      #expect(Set(levels(found[0], name)).count > 1)
    }
    #expect(numbers(found[0], "size") == numbers(found[1], "size"))
  }

  @Test func whatIsGivenHoldsInEveryRow() throws {
    let records = try generate(["label": .level(2), "size": .number(1.25)], count: 40)
    #expect(levels(records, "label") == [Int32](repeating: 2, count: 40))
    // Off the column's grid, and yet as it was given.
    #expect(numbers(records, "size") == [Double?](repeating: 1.25, count: 40))
    #expect(Set(levels(records, "tag")) == [0, 1])
  }

  @Test func rangesAndSetsHoldInEveryRow() throws {
    let records = try generate(["label": .levels([0, 2]), "size": .range(2...2.5)], count: 200)
    #expect(Set(levels(records, "label")) == [0, 2])
    let sizes = numbers(records, "size").compactMap(\.self)
    #expect(sizes.count == 200)
    #expect(sizes.allSatisfy { $0 >= 2 && $0 <= 2.5 } && Set(sizes).count > 3)
  }

  /// What is given as missing is missing in every row, and what else is given holds beside it.
  @Test(
    arguments: [
      ["size": .missing], ["label": .missing], ["label": .missing, "size": .missing],
      ["label": .missing, "size": .number(1.5)], ["size": .missing, "label": .level(1)],
      ["label": .missing, "size": .range(1...2)], ["size": .missing, "label": .levels([0, 2])],
      ["size": .missing, "tag": .levels([0, 1])], ["label": .missing, "tag": .levels([0, 1])],
      ["label": .missing, "size": .range(1...2), "tag": .levels([0, 1])],
      ["size": .missing, "label": .levels([0, 2]), "tag": .levels([0, 1])],
    ] as [[String: GivenValue]], [true, false])
  func whatIsGivenAsMissingIsMissing(values: [String: GivenValue], allowsMissing: Bool) throws {
    let records = try generate(
      values, count: 150, allowsMissing: allowsMissing, labelsMayBeMissing: true)
    for (name, value) in values {
      let column = try #require(records.records[name])
      #expect(column.count == 150)
      for row in 0..<150 {
        let (level, number) = name == "size" ? (nil, column.number(row)) : (column.level(row), nil)
        switch value {
        case .missing: #expect(!column.isKnown(row), "\(name) of row \(row)")
        case .number(let wanted): #expect(number == wanted)
        case .range(let range): #expect(number.map(range.contains) == true)
        case .level(let wanted): #expect(level.map { Int($0) } == wanted)
        case .levels(let wanted): #expect(level.map { wanted.contains(Int($0)) } == true)
        case .any, .every, .text: Issue.record("Not given.")
        }
      }
    }
    #expect(Set(levels(records, "tag")).count == 2)
  }

  @Test func holesAreLeftOrFilled() throws {
    let holed = try generate([:], count: 200)
    #expect(numbers(holed, "size").contains(nil))
    #expect(holed.records.schema.fields.map(\.name) == ["label", "size", "tag"])
    let filled = try generate([:], count: 200, allowsMissing: false)
    #expect(!numbers(filled, "size").contains(nil))
  }

  @Test func numbersLieOnTheirGridWithinTheirRange() throws {
    for size in numbers(try generate([:], count: 200), "size").compactMap(\.self) {
      #expect(size >= 0 && size <= 5.8 && abs(size * 10 - (size * 10).rounded()) < 1e-4)
    }
  }

  /// The first column's distribution is the same whether it is drawn with the row or from a set before it.
  @Test func setsAreDrawnFromTheModelsDistribution() throws {
    let all = levels(try generate([:], count: 6000, batch: 64), "label")
    let cut = levels(try generate(["label": .levels([0, 2])], count: 6000, batch: 64), "label")
    let kept = all.filter { $0 != 1 }
    let expected = Double(kept.count { $0 == 0 }) / Double(kept.count)
    let found = Double(cut.count { $0 == 0 }) / Double(cut.count)
    #expect(abs(found - expected) < 0.04, "\(found) instead of \(expected)")
  }

  @Test func controlIsRefused() throws {
    let model = try TinyTrained.rowModel()
    #expect(throws: ControlNotLearned.ofRows) {
      _ = try Generator(model, executor: ReferenceExecutor(), batch: 4, control: 2)
    }
  }
}
