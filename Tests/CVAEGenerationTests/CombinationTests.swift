import CVAEGeneration
import CVAEModels
import ConditionalData
import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// Where one column decides another, only combinations of training records are drawn: even by networks that have
/// learned nothing yet.
@Suite struct CombinationTests {
  private static let codes = (0..<12).map { Double(100 + 7 * $0 * $0) }
  private static let scores = [1.5, 20, 37, 80]
  /// The code of three records only.
  private static let rare = 11

  private static func score(_ code: Int) -> Int { code * 7 % 4 }

  /// Rows of a code and the score that it decides, which every ninth of them lack together, and of a region.
  private static func rows(scoreFirst: Bool) throws -> DataSet {
    let code = (0..<300).map { $0 < 3 ? rare : $0 % 11 }
    let missing = (0..<300).map { $0 % 9 == 4 }
    let columns: [(Field, RecordColumn)] = [
      (
        Field(name: "code", kind: FieldKind(DiscreteKind(values: codes)), mayBeMissing: true),
        .numbers((0..<300).map { missing[$0] ? nil : codes[code[$0]] })
      ),
      (
        Field(name: "score", kind: FieldKind(DiscreteKind(values: scores)), mayBeMissing: true),
        .numbers((0..<300).map { missing[$0] ? nil : scores[score(code[$0])] })
      ),
      (
        Field(name: "region", kind: .category(levels: ["n", "s"])),
        .levels((0..<300).map { Int32($0 % 2) })
      ),
    ]
    let ordered = scoreFirst ? [columns[1], columns[2], columns[0]] : columns
    return try DataSet(
      schema: RecordSchema(fields: ordered.map(\.0)), columns: ordered.map(\.1),
      source: "tiny.csv", forms: ["code": .decimals(0), "score": .decimals(1)], isTable: true)
  }

  private static func model(_ given: [String], scoreFirst: Bool) throws -> TrainedModel {
    let data = try rows(scoreFirst: scoreFirst)
    var configuration = TinyTrained.rowConfiguration
    let roles = try Roles.named(given, schema: data.schema)
    let combinations = Combinations(
      nil, data, training: (0..<300).map { Int32($0) }, roles: roles)
    configuration.combinations = combinations.names
    #expect(combinations.names == [["code", "score"]])
    return try TinyTrained.trained(
      data, roles: roles, configuration, acceptsMissing: true, combinations: combinations.table)
  }

  private func generate(
    _ values: [String: GivenValue], _ model: TrainedModel, _ executor: any Executor
  ) throws -> [(code: Double?, score: Double?)] {
    let request = DrawRequest(try Conditions(values, count: 300, model: model), seed: 3)
    let made = try Generator(model, executor: executor, batch: 64).draw(request)[0]
    func numbers(_ name: String) throws -> [Double?] {
      let column = try #require(made.records[name] ?? made.conditions.records[name])
      return (0..<300).map { column.number($0) }
    }
    return Array(zip(try numbers("code"), try numbers("score")))
  }

  private func expectCombinations(
    _ rows: [(code: Double?, score: Double?)], _ comment: Comment
  ) throws {
    for row in rows {
      guard let code = row.code else {
        #expect(row.score == nil, comment)
        continue
      }
      let place = try #require(Self.codes.firstIndex(of: code))
      #expect(row.score == Self.scores[Self.score(place)], comment)
    }
    #expect(rows.count == 300)
  }

  @Test(arguments: [false, true])
  func combinationsHold(scoreFirst: Bool) throws {
    let model = try Self.model(["any"], scoreFirst: scoreFirst)
    for executor in [ReferenceExecutor() as any Executor, OneDNNExecutor(threads: 1)] {
      let free = try generate([:], model, executor)
      try expectCombinations(free, "nothing given")
      #expect(Set(free.map(\.code)).count > 6 && Set(free.map(\.score)).count == 5)
      for score in Self.scores {
        let rows = try generate(["score": .number(score)], model, executor)
        try expectCombinations(rows, "score \(score)")
        #expect(rows.allSatisfy { $0.score == score && $0.code != nil })
      }
      let code = Self.codes[5]
      let rows = try generate(["code": .number(code)], model, executor)
      try expectCombinations(rows, "code")
      #expect(rows.allSatisfy { $0.code == code })
    }
  }

  @Test(arguments: [false, true])
  func rangesHold(scoreFirst: Bool) throws {
    let model = try Self.model(["any"], scoreFirst: scoreFirst)
    let executor = OneDNNExecutor(threads: 1)
    for values in [
      ["score": .range(10...40)], ["code": .range(200...500)],
      ["score": .range(10...40), "code": .range(100...400)],
      ["score": .number(37), "code": .range(100...600)],
    ] as [[String: GivenValue]] {
      let rows = try generate(values, model, executor)
      try expectCombinations(rows, "\(values)")
      for (name, value) in values {
        guard case .range(let range) = value else { continue }
        let numbers = rows.map { name == "code" ? $0.code : $0.score }
        #expect(numbers.allSatisfy { $0.map(range.contains) == true }, "\(values)")
      }
    }
    #expect(throws: InvalidGiven.self) {
      _ = try generate(["score": .range(21...30)], model, executor)
    }
  }

  /// A given score excludes codes although it isn't drawn itself, and the other way round.
  @Test(arguments: ["code", "score"])
  func combinationsHoldUnderFixedRoles(given: String) throws {
    let model = try Self.model([given], scoreFirst: false)
    for value in given == "code" ? Array(Self.codes.dropLast()) : Self.scores {
      let rows = try generate([given: .number(value)], model, ReferenceExecutor())
      try expectCombinations(
        rows.filter { $0.code != nil } + rows.filter { $0.code == nil }.map { _ in (nil, nil) },
        "\(given) \(value)")
    }
  }

  // Item and size decide the price, but for one rare combination.
  private static let items = ["cap", "hat", "shoe"]
  private static let sizes = [1.0, 2, 3, 4]
  private static func price(_ item: Int, _ size: Int) -> Double {
    [[5, 6, 7, 8], [7, 5, 8, 6], [6, 8, 5, 5]][item][size]
  }

  private static func priced(order: [Int]) throws -> TrainedModel {
    let rows = (0..<300).map { ($0 * 7 % 3, $0 * 11 / 3 % 4) }
    let columns: [(Field, RecordColumn)] = [
      (
        Field(name: "item", kind: .category(levels: items)), .levels(rows.map { Int32($0.0) })
      ),
      (
        Field(name: "size", kind: FieldKind(DiscreteKind(values: sizes))),
        .numbers(rows.map { sizes[$0.1] })
      ),
      (
        Field(name: "price", kind: FieldKind(DiscreteKind(values: [5, 6, 7, 8]))),
        .numbers(rows.map { price($0.0, $0.1) })
      ),
    ]
    let ordered = order.map { columns[$0] }
    let data = try DataSet(
      schema: RecordSchema(fields: ordered.map(\.0)), columns: ordered.map(\.1),
      source: "tiny.csv", forms: ["size": .decimals(0), "price": .decimals(0)], isTable: true)
    var configuration = TinyTrained.rowConfiguration
    let roles = try Roles.named(["any"], schema: data.schema)
    let combinations = Combinations(
      nil, data, training: (0..<300).map { Int32($0) }, roles: roles)
    configuration.combinations = combinations.names
    let names = ordered.map(\.0.name)
    // Any two of the three decide the last but for ties: the first found counts.
    #expect(combinations.names.map(Set.init) == [Set(names)])
    return try TinyTrained.trained(
      data, roles: roles, configuration, acceptsMissing: true, combinations: combinations.table)
  }

  /// In any order of the columns, and whatever is given, only triples of training records are drawn.
  @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
  func triplesHold(order: [Int]) throws {
    let model = try Self.priced(order: order)
    let requests: [[String: GivenValue]] = [
      [:], ["item": .level(1)], ["size": .number(3)], ["price": .number(8)],
      ["price": .range(6...7)], ["item": .levels([0, 2]), "price": .range(7...8)],
      ["item": .level(2), "price": .number(8)],
    ]
    for executor in [ReferenceExecutor() as any Executor, OneDNNExecutor(threads: 1)] {
      for values in requests {
        let request = DrawRequest(try Conditions(values, count: 200, model: model), seed: 5)
        let made = try Generator(model, executor: executor, batch: 64).draw(request)[0]
        func column(_ name: String) throws -> RecordColumn {
          try #require(made.records[name] ?? made.conditions.records[name])
        }
        let (item, size, price) = (try column("item"), try column("size"), try column("price"))
        for row in 0..<200 {
          let number = try #require(size.number(row))
          let place = try #require(Self.sizes.firstIndex(of: number))
          let own = Int(try #require(item.level(row)))
          #expect(price.number(row) == Self.price(own, place), "\(values)")
        }
      }
    }
  }

  /// One column decides two others, which are drawn before it: only pairs of theirs that it goes with.
  @Test func whatOneColumnDecidesGoesTogether() throws {
    // Codes 0 to 11 have a row and a column of a grid in which other places are empty.
    let places = (0..<12).map { ($0 % 4, ($0 * 5 + $0 / 4) % 6) }
    let code = (0..<360).map { $0 * 7 % 12 }
    let fields = [("row", 4), ("column", 6), ("code", 12)].map { name, count in
      Field(name: name, kind: .category(levels: (0..<count).map { "\(name) \($0)" }))
    }
    let data = try DataSet(
      schema: RecordSchema(fields: fields),
      columns: [
        .levels(code.map { Int32(places[$0].0) }), .levels(code.map { Int32(places[$0].1) }),
        .levels(code.map { Int32($0) }),
      ], source: "tiny.csv", isTable: true)
    var configuration = TinyTrained.rowConfiguration
    let roles = try Roles.named(["any"], schema: data.schema)
    let combinations = Combinations(
      nil, data, training: (0..<360).map { Int32($0) }, roles: roles)
    configuration.combinations = combinations.names
    #expect(combinations.names == [["code", "row"], ["code", "column"]])
    let model = try TinyTrained.trained(
      data, roles: roles, configuration, acceptsMissing: true, combinations: combinations.table)
    let request = DrawRequest(try Conditions([:], count: 300, model: model), seed: 5)
    let made = try Generator(model, executor: OneDNNExecutor(threads: 1), batch: 64)
      .draw(request)[0]
    let drawn = try fields.map { try #require(made.records[$0.name]) }
    for row in 0..<300 {
      let levels = drawn.compactMap { $0.level(row).map { Int($0) } }
      #expect(levels.count == 3 && places[levels[2]] == (levels[0], levels[1]))
    }
  }

  /// A rare code is drawn where it is asked for, and only there.
  @Test(arguments: [false, true])
  func rareLevelsAreDrawnOnRequest(scoreFirst: Bool) throws {
    let model = try Self.model(["any"], scoreFirst: scoreFirst)
    let executor = OneDNNExecutor(threads: 1)
    let code = Self.codes[Self.rare]
    #expect(try generate([:], model, executor).allSatisfy { $0.code != code })
    let asked = try generate(["code": .number(code)], model, executor)
    #expect(asked.allSatisfy { $0.code == code })
    let range = try generate(["code": .range(code - 1...code + 1)], model, executor)
    #expect(range.allSatisfy { $0.code == code })
  }

  @Test func contradictionsAreSaid() throws {
    let model = try Self.model(["any"], scoreFirst: false)
    func said(_ code: Int, _ score: Double) throws -> [String] {
      try Conditions(
        ["code": .number(Self.codes[code]), "score": .number(score)], count: 2, model: model
      ).uncovered(by: model)
    }
    #expect(try said(1, Self.scores[Self.score(1)]) == [])
    #expect(
      try said(1, Self.scores[(Self.score(1) + 1) % 4])
        == [
          "hardly any training record has 'code' = 107 together with 'score' = 1.5, as 'code' decides 'score'; "
            + "all stay as given, and the model guesses the rest."
        ])
    #expect(try said(Self.rare, Self.scores[0]) == [])
    // No score from 1 to 2 goes with the first code, whose score is another.
    let ranges = [1.0...2, 1...100].map { range in
      ["code": GivenValue.number(Self.codes[1]), "score": .range(range)]
    }
    let texts = try ranges.map {
      try Conditions($0, count: 2, model: model).uncovered(by: model)
    }
    #expect(
      texts[0] == [
        "hardly any training record has 'code' = 107 together with what is asked of 'score'; all stay as given, "
          + "and the model guesses the rest."
      ])
    #expect(texts[1] == [])
  }

  /// What fewer than five records have is in no table.
  @Test func rareCombinationsAreNotQuoted() throws {
    let model = try Self.model(["any"], scoreFirst: false)
    let table = try #require(model.model.exclusions.first { $0.sources.map(\.name) == ["code"] })
    let values = try #require(model.tensors[table.table.name]).values
    // Four scores, and none.
    let row = { (place: Int) in Array(values[5 * place..<5 * place + 5]) }
    #expect(row(Self.rare) == [0, 0, 0, 0, 0])
    #expect(row(13) == [0, 0, 0, 0, 0], "An unknown code excludes nothing.")
    for code in 0..<11 {
      #expect(row(code) == (0..<5).map { $0 == Self.score(code) ? 0 : 1 })
    }
    #expect(row(12) == [1, 1, 1, 1, 0], "A missing code goes with a missing score.")
    let back = try #require(model.model.exclusions.first { $0.sources.map(\.name) == ["score"] })
    let excluded = try #require(model.tensors[back.table.name]).values
    // Whatever the rare code's score is, it is drawn with none.
    for score in 0..<4 { #expect(excluded[13 * score + Self.rare] == Exclusion.ofRare) }
    let alone = try #require(
      model.model.exclusions.first { $0.sources.isEmpty && $0.target.name == "code" })
    let anywhere = try #require(model.tensors[alone.table.name]).values
    #expect(anywhere == (0..<13).map { $0 == Self.rare ? Exclusion.ofRare : 0 })
  }

  /// A record with an unseen combination has a finite score.
  @Test func unseenCombinationsHaveAScore() throws {
    let model = try Self.model(["any"], scoreFirst: false)
    let data = try Self.rows(scoreFirst: false)
    let program = try model.model.evaluationProgram(batch: 1)
    let compiled = try model.makeSession(ReferenceExecutor()).compile(program)
    func score(_ code: Double, _ score: Double) throws -> Float {
      let records = try Records(
        schema: data.schema, columns: [.numbers([code]), .numbers([score]), .levels([0])])
      let filler = try RecordFiller(
        program, model: model.model, records: records, preprocessing: model.preprocessing)
      [0].withUnsafeBufferPointer {
        filler.fill(compiled, records: $0, at: RandomPosition(seed: 1, step: 0))
      }
      try compiled.run(at: RandomPosition(seed: 1, step: 0))
      return compiled.output(.logLikelihood)[0]
    }
    let seen = try score(Self.codes[1], Self.scores[Self.score(1)])
    let unseen = try score(Self.codes[1], Self.scores[(Self.score(1) + 1) % 4])
    #expect(unseen.isFinite && unseen < seen - 8 && unseen > seen - 14, "\(seen), \(unseen)")
  }
}
