import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph

/// Looks for the most probable texts, instead of drawing them.
extension TextDrawing {
  /// A beginning of a text in a beam search.
  private struct Beginning {
    var tokens: [Int32] = []
    var score = 0.0
    var state = ByteSequences.whole
    /// The row that has its state.
    var row: Int
  }

  /// The most probable text of each of some rows of a batch that keeping so many beginnings finds.
  func search(
    from start: CompiledModel, _ rows: [Int], beams: Int, at position: RandomPosition
  ) throws -> [[UInt8]] {
    if rows.isEmpty { return [] }
    let (program, slots) = try program(for: rows.count * beams, atMost: batch, temperature: 1)
    let together = slots / beams
    var texts: [[UInt8]] = []
    for first in stride(from: 0, to: rows.count, by: together) {
      let records = Array(rows[first..<min(first + together, rows.count)])
      for slot in 0..<slots {
        read(start, row: records[min(slot / beams, records.count - 1)], into: slot, of: program)
      }
      texts += try search(records.count, program, beams: beams, at: position).map { tokens in
        Array(Self.withoutPartOfCharacter(vocabulary.decode(tokens)))
      }
    }
    return texts
  }

  private func search(
    _ count: Int, _ program: CompiledModel, beams: Int, at position: RandomPosition
  ) throws -> [[Int32]] {
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
      moveStates(of: program, to: &next, beams: beams)
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
  private func moveStates(
    of program: CompiledModel, to beginnings: inout [[Beginning]], beams: Int
  ) {
    let width = 2 * model.configuration.text.writer
    program.withOutput(.state) { from in
      program.withInput(.state) { to in
        for record in beginnings.indices {
          for index in beginnings[record].indices {
            let (row, source) = (record * beams + index, beginnings[record][index].row)
            _ = to.extracting(row * width..<(row + 1) * width)
              .update(fromContentsOf: from.extracting(source * width..<(source + 1) * width))
            beginnings[record][index].row = row
          }
        }
      }
    }
    for beginning in beginnings.joined() {
      see(Int(beginning.tokens.last ?? kind.endToken), in: beginning.row, of: program)
    }
  }
}
