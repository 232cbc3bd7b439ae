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
  private let kind: TextKind
  private let vocabulary: TokenVocabulary
  private let program: CompiledModel
  /// The given texts that it attends to.
  private let sources: [FieldInput]
  private let sequences: ByteSequences
  private let purpose: RandomPurpose
  private let batch: Int
  private let model: ConditionalVAE

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
    sequences = ByteSequences(vocabulary.pieces, vocabulary: kind.vocabulary)
    purpose = model.model.purpose(.generated, of: input)
    sources = model.model.textSources(of: input)
    program = try session.compile(
      model.model.tokenProgram(of: input, batch: batch, steps: model.model.longestTexts))
  }

  /// The texts of the first `count` records of a batch.
  ///
  /// - Parameters:
  ///   - start: What ``ConditionalVAE/drawingProgram(batch:_:)`` gave, after it has run.
  ///   - numbers: The numbers that address each record's random numbers.
  func draw(
    from start: CompiledModel, count: Int, numbers: [Int32], _ choice: TokenChoice,
    at position: RandomPosition
  ) throws -> TextStorage {
    if let beams = choice.beams {
      return try search(from: start, count: count, beams: min(beams, batch), at: position)
    }
    read(start, rows: Array(0..<batch))
    program.withInput(.state) { $0.update(repeating: 0) }
    program.withIndexInput(.seen) { $0.update(repeating: kind.endToken) }
    program.set(.temperature, Float(choice.temperature))
    let draw = TokenDraw(choice: choice, sequences: sequences, endToken: Int(kind.endToken))
    var texts = [[UInt8]](repeating: [], count: count)
    var states = [ByteSequences.State](repeating: ByteSequences.whole, count: count)
    var isOpen = [Bool](repeating: true, count: count)
    for step in 0..<kind.longest {
      try program.run(at: position)
      var tokens = [Int32](repeating: kind.endToken, count: batch)
      program.withOutput(.prediction) { weights in
        for row in 0..<count where isOpen[row] {
          let own = UnsafeBufferPointer(
            rebasing: weights[row * kind.vocabulary..<(row + 1) * kind.vocabulary])
          let share = position.uniform(
            purpose, record: UInt32(bitPattern: numbers[row]), column: step)
          let token = draw.token(own, in: states[row], share: share)
          guard token != Int(kind.endToken) else {
            isOpen[row] = false
            continue
          }
          tokens[row] = Int32(token)
          states[row] = sequences.state(states[row], behind: token)
          texts[row] += vocabulary.pieces[token]
        }
      }
      guard isOpen.contains(true) else { break }
      program.withOutput(.state) { state in
        program.withInput(.state) { _ = $0.update(fromContentsOf: state) }
      }
      program.withIndexInput(.seen) { _ = $0.update(fromContentsOf: tokens) }
    }
    return TextStorage(texts.map(Self.withoutPartOfCharacter))
  }

  /// Writes what records add to the network into the program's rows.
  private func read(_ start: CompiledModel, rows: [Int]) {
    for (output, slot) in [
      (OutputSlot.textStart(input), InputSlot.textStart), (.textShift(input), .textShift),
    ] {
      start.withOutput(output) { values in
        program.withInput(slot) { own in
          let width = own.count / batch
          for (row, source) in rows.enumerated() {
            for column in 0..<width { own[row * width + column] = values[source * width + column] }
          }
        }
      }
    }
    for source in sources { read(source, from: start, rows: rows) }
  }

  /// Writes what was read of a given text into the program's rows; a single one is there for all records.
  private func read(_ source: FieldInput, from start: CompiledModel, rows: [Int]) {
    let places = model.longestTexts[source.field]
    func copy<Element>(
      _ values: UnsafeBufferPointer<Element>, _ own: UnsafeMutableBufferPointer<Element>
    ) {
      let width = own.count / (places * batch)
      let records = values.count / (places * width)
      for place in 0..<places {
        for (row, record) in rows.enumerated() {
          let from = (place * records + min(record, records - 1)) * width
          let to = (place * batch + row) * width
          _ = own.extracting(to..<to + width)
            .update(fromContentsOf: values.extracting(from..<from + width))
        }
      }
    }
    start.withOutput(.memory(source)) { values in
      program.withInput(.memory(source)) { copy(values, $0) }
    }
    start.withIndexInput(.field(source, .own)) { values in
      program.withIndexInput(.field(source, .own)) { copy(UnsafeBufferPointer(values), $0) }
    }
    start.withIndexInput(.lengths(source, .own)) { lengths in
      program.withIndexInput(.lengths(source, .own)) { own in
        for (row, record) in rows.enumerated() {
          own[row] = lengths[min(record, lengths.count - 1)]
        }
      }
    }
  }

  /// A beginning of a text in a beam search.
  private struct Beginning {
    var tokens: [Int32] = []
    var score = 0.0
    var state = ByteSequences.whole
    /// The row that has its state.
    var row: Int
  }

  /// The most probable text of each record that keeping so many beginnings finds.
  private func search(
    from start: CompiledModel, count: Int, beams: Int, at position: RandomPosition
  ) throws -> TextStorage {
    let together = batch / beams
    var texts: [[UInt8]] = []
    for first in stride(from: 0, to: count, by: together) {
      let records = Array(first..<min(first + together, count))
      read(start, rows: (0..<batch).map { records[min($0 / beams, records.count - 1)] })
      texts += try search(records.count, beams: beams, at: position).map { tokens in
        Array(Self.withoutPartOfCharacter(vocabulary.decode(tokens)))
      }
    }
    return TextStorage(texts)
  }

  private func search(
    _ count: Int, beams: Int, at position: RandomPosition
  ) throws -> [[Int32]] {
    program.withInput(.state) { $0.update(repeating: 0) }
    program.withIndexInput(.seen) { $0.update(repeating: kind.endToken) }
    program.set(.temperature, 1)
    let size = kind.vocabulary
    var open = (0..<count).map { [Beginning(row: $0 * beams)] }
    var best = [Beginning?](repeating: nil, count: count)
    for _ in 0..<kind.longest {
      try program.run(at: position)
      var next = [[Beginning]](repeating: [], count: count)
      program.withOutput(.prediction) { weights in
        for record in 0..<count {
          var found: [Beginning] = []
          for beginning in open[record] {
            let own = UnsafeBufferPointer(
              rebasing: weights[beginning.row * size..<(beginning.row + 1) * size])
            found += continuations(of: beginning, own, most: beams)
          }
          found.sort { $0.score > $1.score }
          for beginning in found.prefix(beams) {
            if beginning.tokens.last == kind.endToken {
              if beginning.score > best[record]?.score ?? -.infinity { best[record] = beginning }
            } else if beginning.score > best[record]?.score ?? -.infinity {
              next[record].append(beginning)
            }
          }
        }
      }
      guard next.contains(where: { !$0.isEmpty }) else { break }
      moveStates(to: &next, beams: beams)
      open = next
    }
    // What is still open is as long as a text can be.
    return (0..<count).map { record in
      let longest = open[record].max { $0.score < $1.score }
      return (best[record] ?? longest)?.tokens ?? []
    }
  }

  /// The most probable continuations by one token.
  private func continuations(
    of beginning: Beginning, _ weights: UnsafeBufferPointer<Float>, most: Int
  ) -> [Beginning] {
    let states = sequences.states(behind: beginning.state)
    var top: [(weight: Float, token: Int)] = []
    for (token, weight) in weights.enumerated() where weight > 0 {
      if top.count == most, weight <= top[most - 1].weight { continue }
      if states[token] == ByteSequences.none { continue }
      let place = top.firstIndex { $0.weight < weight } ?? top.count
      top.insert((weight, token), at: place)
      if top.count > most { top.removeLast() }
    }
    return top.map { weight, token in
      var next = beginning
      next.tokens.append(Int32(token))
      next.score += log(Double(weight))
      next.state = states[token]
      return next
    }
  }

  /// Gives each beginning a row of its own, with the state of the one that it goes on from.
  private func moveStates(to beginnings: inout [[Beginning]], beams: Int) {
    var tokens = [Int32](repeating: kind.endToken, count: batch)
    program.withOutput(.state) { from in
      program.withInput(.state) { to in
        let width = to.count / batch
        for record in beginnings.indices {
          for index in beginnings[record].indices {
            let (row, source) = (record * beams + index, beginnings[record][index].row)
            for column in 0..<width { to[row * width + column] = from[source * width + column] }
            beginnings[record][index].row = row
            tokens[row] = beginnings[record][index].tokens.last ?? kind.endToken
          }
        }
      }
    }
    program.withIndexInput(.seen) { _ = $0.update(fromContentsOf: tokens) }
  }

  /// A text that was cut at its longest may end within a character.
  private static func withoutPartOfCharacter(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var end = bytes.count
    while end > 0, String(validating: bytes[..<end], as: UTF8.self) == nil, bytes.count - end < 4 {
      end -= 1
    }
    return bytes[..<end]
  }
}
