import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph

/// Writes texts token by token.
///
/// The random number of a token is addressed by seed, field, record and place in the text, so that a record's text is
/// the same in any batch.
final class TextDrawing {
  private let input: FieldInput
  let kind: TextKind
  let vocabulary: TokenVocabulary
  let sequences: ByteSequences
  private let rules: TextRules
  private let purpose: RandomPurpose
  let model: ConditionalVAE
  private let session: any ExecutionSession
  let batch: Int
  /// The given texts that it attends to.
  private let memories: [MemoryRows]
  /// By the texts that they write at once; compiled when first needed.
  private var programs: [Int: CompiledModel] = [:]
  /// What each token adds in the step behind it, a row for each.
  private let tokenGates: CompiledModel

  /// Larger programs are no faster, and rows give the same bits in any of them.
  private static let sizes = [1, 8, 64]

  init(
    _ input: FieldInput, _ model: TrainedModel, session: any ExecutionSession, batch: Int
  ) throws {
    guard let kind = input.field.textKind,
      let vocabulary = model.preprocessing.vocabularies[input.field.name]
    else { preconditionFailure("'\(input.name)' is no text, or has no vocabulary.") }
    self.input = input
    self.kind = kind
    self.vocabulary = vocabulary
    self.batch = batch
    self.model = model.model
    self.session = session
    tokenGates = try session.compile(model.model.tokenGatesProgram(of: input))
    try tokenGates.run(at: RandomPosition(seed: 0, step: 0))
    rules = TextRules(input.field, model)
    sequences = rules.sequences
    purpose = model.model.purpose(.generated, of: input)
    memories = model.model.textSources(of: input).map {
      MemoryRows(
        source: $0, places: model.model.longestTexts[$0.field],
        width: 2 * model.model.configuration.text.reader)
    }
  }

  /// A program for at least so many texts, or the most that are written at once.
  func program(
    for texts: Int, atMost most: Int, temperature: Double
  ) throws -> (program: CompiledModel, slots: Int) {
    let slots = (Self.sizes.filter { $0 < most } + [most]).first { $0 >= texts } ?? most
    let program =
      try programs[slots]
      ?? session.compile(
        model.tokenProgram(of: input, batch: slots, steps: model.longestTexts))
    programs[slots] = program
    program.set(.temperature, Float(temperature))
    return (program, slots)
  }

  /// A text that is being written.
  private struct OpenText {
    /// Its number among all that are drawn.
    let number: Int
    /// The place of its record.
    let place: Int
    /// Its number among the texts of which one is chosen for the record.
    let candidate: Int
    var bytes: [UInt8] = []
    var tokens = 0
    var state = ByteSequences.whole
    /// Nil where nothing is asked of it.
    var restricted: RestrictedText?
  }

  /// What is asked of a record's text, and how many are drawn to choose one from.
  private struct Wish {
    var rule: TextRule?
    var candidates = 1
    var isBest = false
  }

  /// The wishes of records, many of which may be alike.
  private func wishes(
    _ restrictions: [TextRestriction?], _ choice: TokenChoice
  ) throws -> [Wish] {
    var known: [TextRestriction: Wish] = [:]
    return try restrictions.map { restriction in
      guard let restriction else { return Wish() }
      if let wish = known[restriction] { return wish }
      let rule = try rules.rule(restriction)
      let candidates = rule.isChosen ? TextRule.candidates : 1
      let wish =
        choice.beams == nil
        ? Wish(rule: rule, candidates: candidates)
        : Wish(rule: rule, candidates: 32, isBest: true)
      known[restriction] = wish
      return wish
    }
  }

  /// The texts of the first `count` records of a batch.
  ///
  /// Those that are finished make room for others, and the last ones go on in a smaller program.
  ///
  /// - Parameters:
  ///   - start: What ``ConditionalVAE/drawingProgram(batch:_:)`` gave, after it has run.
  ///   - numbers: The numbers that address each record's random numbers.
  ///   - restrictions: What is asked of each record's text. Of several that are drawn for a record, one is chosen: in the ratio of
  ///     the model's probability to that by which each was drawn, or, where the most probable text is wanted, that which
  ///     the model finds most probable.
  /// - Throws: `InvalidGiven` where no text is as restricted.
  func draw(
    from start: CompiledModel, count: Int, numbers: [Int32], _ choice: TokenChoice,
    _ restrictions: [TextRestriction?], at position: RandomPosition
  ) throws -> TextStorage {
    var texts = [[UInt8]](repeating: [], count: count)
    var rows = Array(0..<count)
    if let beams = choice.beams {
      let free = rows.filter { restrictions[$0] == nil }
      let found = try search(from: start, free, beams: min(beams, batch), at: position)
      for (row, text) in zip(free, found) { texts[row] = text }
      rows.removeAll { restrictions[$0] == nil }
    }
    let drawn = try draw(
      from: start, rows, try wishes(rows.map { restrictions[$0] }, choice), numbers: numbers,
      choice, at: position)
    for (row, text) in zip(rows, drawn) { texts[row] = text }
    return TextStorage(texts)
  }

  /// The texts of some rows of a batch, drawn token by token.
  private func draw(
    from start: CompiledModel, _ rows: [Int], _ wishes: [Wish], numbers: [Int32],
    _ choice: TokenChoice, at position: RandomPosition
  ) throws -> [[UInt8]] {
    // One for each text that is drawn: the row, and the text's number among those of which one is chosen.
    let texts = wishes.enumerated().flatMap { place, wish in
      (0..<wish.candidates).map { (place: place, candidate: $0) }
    }
    let all = texts.count
    let most = Self.sizes.last ?? batch
    var (program, slots) = try program(
      for: all, atMost: most, temperature: choice.temperature)
    var draw = TokenDraw(choice, vocabulary: kind.vocabulary)
    var finished = [OpenText?](repeating: nil, count: all)
    var open = [OpenText?](repeating: nil, count: slots)
    var next = 0
    while true {
      for slot in 0..<slots where open[slot] == nil && next < all {
        let (place, candidate) = texts[next]
        open[slot] = OpenText(
          number: next, place: place, candidate: candidate,
          restricted: wishes[place].rule.map(RestrictedText.init))
        read(start, row: rows[place], into: slot, of: program)
        next += 1
      }
      let left = open.count { $0 != nil }
      if left == 0 { break }
      if left <= slots / 8 {
        let old = program
        let places = open.indices.filter { open[$0] != nil }
        (program, slots) = try self.program(
          for: left, atMost: most, temperature: choice.temperature)
        move(places, from: old, to: program)
        open = places.map { open[$0] } + [OpenText?](repeating: nil, count: slots - left)
      }
      try program.run(at: position)
      program.withOutput(.prediction) { weights in
        for slot in 0..<slots {
          guard var text = open[slot] else { continue }
          let own = weights.extracting(slot * kind.vocabulary..<(slot + 1) * kind.vocabulary)
          let number = UInt32(bitPattern: numbers[rows[text.place]])
          let token = self.next(&text, own, &draw, wishes[text.place].rule) { column in
            position.uniform(purpose, record: number, column: column)
          }
          see(token, in: slot, of: program)
          let isDone = token == Int(kind.endToken) || text.tokens == kind.longest
          if isDone { finished[text.number] = text }
          open[slot] = isDone ? nil : text
        }
      }
      program.withOutput(.state) { state in
        program.withInput(.state) { _ = $0.update(fromContentsOf: state) }
      }
    }
    var first = 0
    return zip(rows, wishes).map { row, wish in
      let own = finished[first..<first + wish.candidates]
      first += wish.candidates
      let chosen = Self.chosen(own.compactMap { $0 }, wish) {
        position.uniform(
          purpose, record: UInt32(bitPattern: numbers[row]),
          column: 2 * wish.candidates * kind.longest)
      }
      return Array(Self.withoutPartOfCharacter(chosen?.bytes ?? []))
    }
  }

  /// Draws a text's next token.
  ///
  /// - Parameter share: A number in [0, 1) by its column.
  private func next(
    _ text: inout OpenText, _ weights: UnsafeBufferPointer<Float>, _ draw: inout TokenDraw,
    _ rule: TextRule?, share: (Int) -> Double
  ) -> Int {
    let column = 2 * text.candidate * kind.longest + text.tokens
    var follows = sequences.follows[Int(text.state)]
    if let rule {
      let left = kind.longest - text.tokens
      var allowed = text.restricted?.allowed(by: rule, in: text.state, left: left)
      if text.state == ByteSequences.whole, text.restricted?.forced == nil {
        text.restricted?.chooseWord(
          rule, behind: text.bytes, weights, mustForce: allowed == nil,
          share: share(column + kind.longest))
        if text.restricted?.forced != nil {
          allowed = text.restricted?.allowed(by: rule, in: text.state, left: left)
        }
      }
      guard let allowed else { preconditionFailure("No token leads to what is asked of a text.") }
      follows = allowed
    }
    let token = follows.withUnsafeBufferPointer { draw.token(weights, $0, share: share(column)) }
    text.tokens += 1
    if token != Int(kind.endToken) {
      text.state = sequences.state(text.state, behind: token)
      text.bytes += vocabulary.pieces[token]
    }
    if let rule {
      text.restricted?.append(
        token, rule, bytes: text.bytes, text.state, left: kind.longest - text.tokens,
        probability: weights[token], allowed: draw.total)
    }
    return token
  }

  /// One of the texts that were drawn for a record.
  private static func chosen(
    _ texts: [OpenText], _ wish: Wish, share: () -> Double
  ) -> OpenText? {
    if texts.count < 2 { return texts.first }
    let scores = texts.map {
      (wish.isBest ? $0.restricted?.logProbability : $0.restricted?.logWeight) ?? 0
    }
    let most = scores.max() ?? 0
    if wish.isBest { return texts[scores.firstIndex(of: most) ?? 0] }
    let weights = scores.map { exp($0 - most) }
    var rest = share() * weights.reduce(0, +)
    for (text, weight) in zip(texts, weights) {
      rest -= weight
      if rest < 0 { return text }
    }
    return texts.last
  }

  /// Begins a record's text: what the record adds to the network, and no state.
  func read(
    _ start: CompiledModel, row: Int, into slot: Int, of program: CompiledModel
  ) {
    for (output, place) in [
      (OutputSlot.textStart(input), InputSlot.textStart), (.textShift(input), .textShift),
    ] {
      start.withOutput(output) { values in
        program.withInput(place) { own in
          let width = values.count / batch
          _ = own.extracting(slot * width..<(slot + 1) * width)
            .update(fromContentsOf: values.extracting(row * width..<(row + 1) * width))
        }
      }
    }
    for memory in memories { memory.read(start, row, into: slot, of: program) }
    program.withInput(.state) { state in
      let width = 2 * model.configuration.text.writer
      state.extracting(slot * width..<(slot + 1) * width).update(repeating: 0)
    }
    see(Int(kind.endToken), in: slot, of: program)
  }

  /// Makes a token the one before the next of a text.
  func see(_ token: Int, in slot: Int, of program: CompiledModel) {
    let width = 4 * model.configuration.text.writer
    tokenGates.withOutput(.tokenGates) { rows in
      program.withInput(.tokenGates) { own in
        _ = own.extracting(slot * width..<(slot + 1) * width)
          .update(fromContentsOf: rows.extracting(token * width..<(token + 1) * width))
      }
    }
  }

  /// Takes texts over into the first rows of another program.
  private func move(_ slots: [Int], from old: CompiledModel, to new: CompiledModel) {
    let text = model.configuration.text
    for (place, width) in [
      (InputSlot.state, 2 * text.writer), (.tokenGates, 4 * text.writer),
      (.textStart, 4 * text.writer), (.textShift, text.embedding),
    ] {
      old.withInput(place) { from in
        new.withInput(place) { to in
          for (row, slot) in slots.enumerated() {
            _ = to.extracting(row * width..<(row + 1) * width)
              .update(fromContentsOf: from.extracting(slot * width..<(slot + 1) * width))
          }
        }
      }
    }
    for memory in memories { memory.move(slots, from: old, to: new) }
  }

  /// A text that was cut at its longest may end within a character.
  static func withoutPartOfCharacter(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var end = bytes.count
    while end > 0, String(validating: bytes[..<end], as: UTF8.self) == nil, bytes.count - end < 4 {
      end -= 1
    }
    return bytes[..<end]
  }
}
