import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

/// Texts of which a beginning, words or a length are asked, out of models with their first weights.
@Suite struct TextRestrictionTests {
  private static let words = ["red", "green", "blue", "große", "猫", "battery", "charger"]

  /// Each text ten times, so that pairs are learned.
  private static func model(
    _ tokens: TokenUnit, longest: Int = 32, given: [String] = ["label"]
  ) throws -> TrainedModel {
    let texts = (0..<120).map { row in
      (0..<1 + row % 4).map { words[(row * 5 + $0 * 3) % words.count] }.joined(separator: " ")
    }
    let data = try DataSet(
      schema: RecordSchema(fields: [
        Field(
          name: "text", kind: FieldKind(TextKind(longest: longest, tokens: tokens, merges: 40))),
        TinyTrained.label,
      ]),
      columns: [
        RecordColumn(.texts(TextStorage(texts.map { Array($0.utf8) }))),
        .levels((0..<120).map { Int32($0 % 3) }),
      ], source: "tiny.csv", isTable: true)
    return try TinyTrained.textModel(of: data, given: given, embedding: 8, reader: 4, writer: 12)
  }

  private static func texts(
    _ model: TrainedModel, _ restriction: TextRestriction, count: Int = 16, batch: Int = 64,
    _ change: (inout DrawRequest) -> Void = { _ in }
  ) throws -> [String] {
    var request = DrawRequest(
      try Conditions(["label": .level(1)], count: count, model: model), seed: 3)
    request.texts = ["text": .all(restriction)]
    change(&request)
    let made = try Generator(model, executor: OneDNNExecutor(threads: 1), batch: batch)
      .draw(request)[0]
    let column = try #require(made.records["text"])
    return try (0..<count).map { try #require(column.text($0)) }
  }

  private static func countOfWords(_ text: String) -> Int {
    text.utf8.split { $0 == 0x20 || (0x09...0x0d).contains($0) }.count
  }

  /// Whether a word stands in a text, with neither letter nor digit beside it.
  private static func has(_ text: String, _ word: String) -> Bool {
    let (bytes, own) = (Array(text.utf8), Array(word.utf8))
    func isOfWord(_ byte: UInt8) -> Bool {
      byte >= 0x80 || Character(Unicode.Scalar(byte)).isLetter
        || Character(Unicode.Scalar(byte)).isNumber
    }
    return bytes.indices.contains { start in
      let end = start + own.count
      return end <= bytes.count && bytes[start..<end].elementsEqual(own)
        && (start == 0 || !isOfWord(bytes[start - 1]) || !isOfWord(own[0]))
        && (end == bytes.count || !isOfWord(bytes[end]) || !isOfWord(own[own.count - 1]))
    }
  }

  @Test(arguments: TokenUnit.allCases, ["The ba", "große 猫", "r", " ", "a\r\nb"])
  func textsBeginAsAsked(tokens: TokenUnit, beginning: String) throws {
    var restriction = TextRestriction()
    restriction.beginning = beginning
    let texts = try Self.texts(Self.model(tokens), restriction)
    #expect(texts.allSatisfy { $0.utf8.starts(with: beginning.utf8) })
    #expect(Set(texts).count > 8)
  }

  /// A token that reaches beyond the beginning is drawn like others.
  @Test func aTokenMayRunPastTheBeginning() throws {
    let model = try Self.model(.pairs)
    let pieces = try #require(model.preprocessing.vocabularies["text"]).pieces
    let piece = try #require(pieces.max { $0.count < $1.count })
    #expect(piece.count > 3)
    var restriction = TextRestriction()
    restriction.beginning = String(decoding: piece.prefix(2), as: UTF8.self)
    let texts = try Self.texts(model, restriction, count: 200)
    // By single bytes, hardly any would go on like that.
    #expect(texts.contains { $0.utf8.starts(with: piece) })
  }

  @Test(arguments: TokenUnit.allCases, [1...1, 5...5, 2...3, 0...1])
  func textsAreAsLongAsAsked(tokens: TokenUnit, length: ClosedRange<Int>) throws {
    let model = try Self.model(tokens)
    var restriction = TextRestriction()
    restriction.length = length
    let counts = try Self.texts(model, restriction, count: 64).map(Self.countOfWords)
    #expect(counts.allSatisfy(length.contains))
    #expect(Set(counts).count == min(length.count, 2))
    restriction.unit = .characters
    #expect(
      try Self.texts(model, restriction).allSatisfy { length.contains($0.unicodeScalars.count) })
  }

  /// Blanks are no words.
  @Test(arguments: TokenUnit.allCases, [LengthUnit.words, .characters])
  func aTextWithoutWordsIsEmpty(tokens: TokenUnit, unit: LengthUnit) throws {
    var restriction = TextRestriction()
    restriction.length = 0...0
    restriction.unit = unit
    let texts = try Self.texts(Self.model(tokens), restriction)
    #expect(texts.allSatisfy { $0.isEmpty })
  }

  /// The longest texts, for which every token is needed.
  @Test func aTextMayNeedEveryToken() throws {
    let model = try Self.model(.bytes, longest: 12)
    var restriction = TextRestriction()
    restriction.length = 6...6
    #expect(try Self.texts(model, restriction).allSatisfy { Self.countOfWords($0) == 6 })
    restriction.length = nil
    restriction.words = ["red", "blue"]
    restriction.beginning = "ok"
    let texts = try Self.texts(model, restriction)
    #expect(texts.allSatisfy { Self.has($0, "red") && Self.has($0, "blue") })
  }

  @Test(arguments: TokenUnit.allCases)
  func wordsOccur(tokens: TokenUnit) throws {
    let model = try Self.model(tokens)
    var restriction = TextRestriction()
    restriction.words = ["battery", "große", "red"]
    let free = try Self.texts(model, restriction)
    #expect(free.allSatisfy { text in restriction.words.allSatisfy { Self.has(text, $0) } })
    restriction.length = 4...4
    restriction.beginning = "red"
    let texts = try Self.texts(model, restriction)
    for text in texts {
      #expect(restriction.words.allSatisfy { Self.has(text, $0) }, "\(text)")
      #expect(Self.countOfWords(text) == 4 && text.utf8.starts(with: "red".utf8), "\(text)")
    }
    // In either order.
    let order = texts.map { $0.contains(/battery.*große/) }
    #expect(Set(order).count == 2)
    // The most probable of several is as asked, too.
    let best = try Self.texts(model, restriction) { $0.tokens.beams = 4 }
    #expect(best.allSatisfy { Self.countOfWords($0) == 4 && Self.has($0, "battery") })
  }

  /// Scripts without blanks between words need none around them.
  @Test func wordsOfOtherScriptsStandAnywhere() throws {
    var restriction = TextRestriction()
    restriction.words = ["猫"]
    restriction.length = 6...6
    restriction.unit = .characters
    let texts = try Self.texts(Self.model(.bytes), restriction)
    #expect(texts.allSatisfy { $0.unicodeScalars.count == 6 && $0.contains("猫") })
    #expect(texts.contains { !$0.contains(" 猫") })
  }

  /// Holes are filled, and all else is as given, to the byte.
  @Test(arguments: TokenUnit.allCases)
  func holesAreFilled(tokens: TokenUnit) throws {
    let models = try [14, 32].map { try Self.model(tokens, longest: $0) }
    let patterns = [
      "a*b", "red *e", "*große", "猫* is *", "*, * re", " **x", "ab*", "*", "a*b*c*d*e*f*g",
      "ed* red",
    ]
    for (model, pattern) in models.flatMap({ model in patterns.map { (model, $0) } }) {
      let pieces = pattern.utf8.split(
        separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
      var restriction = TextRestriction()
      restriction.beginning = String(decoding: pieces[0], as: UTF8.self)
      restriction.pieces = pieces.dropFirst().map { String(decoding: $0, as: UTF8.self) }
      for text in try Self.texts(model, restriction, count: 4) {
        var rest = Array(text.utf8)[...]
        #expect(rest.starts(with: pieces[0]), "\(pattern): \(text)")
        rest = rest.dropFirst(pieces[0].count)
        let ending = pieces[pieces.count - 1]
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
          let place = rest.dropFirst().indices.first { rest[$0...].starts(with: piece) }
          #expect(place != nil, "\(pattern): \(text)")
          rest = rest[(place.map { $0 + piece.count } ?? rest.endIndex)...]
        }
        let isFilled = ending.isEmpty || rest.count > ending.count
        #expect(rest.suffix(ending.count).elementsEqual(ending) && isFilled, "\(pattern): \(text)")
      }
    }
    var restriction = TextRestriction()
    restriction.beginning = "red "
    restriction.pieces = [" red", ""]
    let all = try Self.texts(models[1], restriction)
    #expect(try Self.texts(models[1], restriction, batch: 7) == all)
    #expect(Set(all).count > 8)
    restriction.length = 3...3
    #expect(throws: InvalidGiven.self) { try Self.texts(models[1], restriction) }
  }

  @Test func aRecordsTextIsTheSame() throws {
    let model = try Self.model(.pairs)
    var restriction = TextRestriction()
    restriction.words = ["battery"]
    restriction.length = 3...4
    restriction.beginning = "The "
    let all = try Self.texts(model, restriction)
    #expect(Set(all).count > 8)
    #expect(try Self.texts(model, restriction, batch: 7) == all)
    #expect(try Self.texts(model, restriction, count: 3) == Array(all[..<3]))
    #expect(
      try Self.texts(model, TextRestriction()) == Self.texts(model, TextRestriction(), batch: 1))
  }

  /// Whatever is accepted is met, however little room there is.
  @Test(arguments: TokenUnit.allCases)
  func whatIsAcceptedIsMet(tokens: TokenUnit) throws {
    let position = RandomPosition(seed: 8, step: 0)
    let models = try [9, 20].map { try Self.model(tokens, longest: $0) }
    let all = ["red", "redder", "er red", "große", "猫", "a b", "-", "blue"]
    var met = 0
    for number in 0..<60 {
      func below(_ limit: Int, _ column: Int) -> Int {
        Int(position.uniform("request", record: UInt32(number), column: column) * Double(limit))
      }
      var restriction = TextRestriction()
      restriction.beginning = ["", "", "re", "red ", "große", "x-"][below(6, 0)]
      restriction.words = (0..<below(4, 1)).map { all[below(all.count, 2 + $0)] }
      restriction.unit = below(2, 8) == 0 ? .words : .characters
      let least = below(restriction.unit == .words ? 6 : 12, 9)
      if below(4, 10) > 0 { restriction.length = least...least + below(3, 11) }
      guard
        let texts = try? Self.texts(models[below(2, 12)], restriction, count: 2)
      else { continue }
      met += 1
      for text in texts {
        #expect(text.utf8.starts(with: restriction.beginning.utf8), "\(restriction): \(text)")
        let isApart = restriction.unit == .words && restriction.length != nil
        for word in restriction.words {
          let isThere = isApart ? Self.has(text, word) : text.utf8.contains(word.utf8)
          #expect(isThere, "\(restriction): \(text)")
        }
        let length =
          restriction.unit == .words ? Self.countOfWords(text) : text.unicodeScalars.count
        #expect(restriction.length?.contains(length) != false, "\(restriction): \(text)")
      }
    }
    #expect(met > 20 && met < 60)
  }

  @Test func whatCantBeIsRefused() throws {
    let model = try Self.model(.bytes)
    func refusal(_ change: (inout TextRestriction) -> Void) -> String? {
      var restriction = TextRestriction()
      change(&restriction)
      let error = #expect(throws: InvalidGiven.self) { try Self.texts(model, restriction) }
      return error?.description
    }
    #expect(
      refusal {
        $0.beginning = "one two"
        $0.words = ["three", "two"]
        $0.length = 2...2
      }
        == "'text': expected a text of at most 2 words, got 3, as the beginning and what must occur have "
        + "so many.")
    #expect(
      refusal {
        $0.words = ["two three"]
        $0.length = 1...1
      }
        == "'text': expected a text of at most 1 word, got 2, as the beginning and what must occur have "
        + "so many.")
    #expect(
      refusal { $0.length = 17...17 }
        == "'text': expected what fits into 32 tokens, the most that this model writes, got at least 33 "
        + "tokens.")
    #expect(refusal { $0.beginning = String(repeating: "a", count: 33) } != nil)
    #expect(
      refusal { $0.words = ["red", ""] }
        == "'text.contains': expected words with commas between them, got 'red,'.")
    let other = #expect(throws: MisplacedRestriction.self) {
      try Self.texts(model, TextRestriction()) { $0.texts = ["label": .all(TextRestriction())] }
    }
    #expect(
      other?.description == "'label' is no text that this model generates; these are: 'text'.")
  }

  @Test func aGivenTextCantBeRestricted() throws {
    let model = try Self.model(.bytes, given: ["any"])
    var request = DrawRequest(
      try Conditions(["text": .text("red")], count: 2, model: model), seed: 3)
    request.texts = ["text": .all(TextRestriction())]
    let generator = try Generator(model, executor: OneDNNExecutor(threads: 1), batch: 4)
    let error = #expect(throws: MisplacedRestriction.self) { try generator.draw(request) }
    #expect(
      error?.description
        == "The texts of 'text' are given whole, so nothing can be asked of them; leave one of the two out."
    )
  }
}
