import CVAEModels
import ConditionalData
import RecordTypes
import TensorGraph

/// The inputs of a program that hold one variable of its records.
enum FillerPorts {
  case levels(value: Port<Int32>?, known: Port<Int32>?, seen: Port<Int32>?)
  case numbers(
    value: Port<Float>?, mask: Port<Float>?, target: Port<Float>?, unknown: Port<Float>?)
  case texts(
    value: TextPorts?, known: TextPorts?, mask: Port<Float>?, unknown: Port<Float>?)

  /// Nil where the program reads nothing of a variable.
  init?(_ input: FieldInput, _ program: ModelProgram, _ set: RecordSet) {
    if input.features.isIndex {
      let all = [input, input.known, input.seen].map {
        program.indexPortIfRead(.field($0, set))
      }
      self = .levels(value: all[0], known: all[1], seen: all[2])
      if all.allSatisfy({ $0 == nil }) { return nil }
    } else if input.isText {
      let all = [input, input.known].map { TextPorts($0, program, set) }
      self = .texts(
        value: all[0], known: all[1], mask: program.portIfRead(.field(input.mask, set)),
        unknown: input.hasUnknownFlag ? program.portIfRead(.unknown(input, set)) : nil)
      if all.allSatisfy({ $0 == nil }) { return nil }
    } else {
      let all = [input, input.mask, input.target].map { program.portIfRead(.field($0, set)) }
      self = .numbers(
        value: all[0], mask: all[1], target: all[2],
        unknown: input.hasUnknownFlag ? program.portIfRead(.unknown(input, set)) : nil)
      if all.allSatisfy({ $0 == nil }) { return nil }
    }
  }
}

/// The inputs for texts.
struct TextPorts {
  private let kind: TextKind
  private let tokens: Port<Int32>
  private let before: Port<Int32>
  private let lengths: Port<Int32>
  private let shares: Port<Float>

  /// Nil where the program doesn't read the text.
  init?(_ input: FieldInput, _ program: ModelProgram, _ set: RecordSet) {
    guard let kind = input.field.textKind,
      let tokens = program.indexPortIfRead(.field(input, set))
    else { return nil }
    self.kind = kind
    self.tokens = tokens
    before = program.indexPort(.before(input, set))
    lengths = program.indexPort(.lengths(input, set))
    shares = program.port(.tokenShares(input, set))
  }

  /// Writes the tokens of those records in which a text has the right role; the others have none.
  ///
  /// - Parameter field: The text's position among the records' fields; nil where they lack it.
  func write(
    _ reader: BatchReader, field: Int?, _ records: UnsafeBufferPointer<Int32>,
    to program: any CompiledProgram, isThere: (Int) -> Bool
  ) {
    let (none, count) = (Int32(kind.vocabulary), records.count)
    program.withInput(self.lengths) { lengths in
      program.withInput(self.tokens) { tokens in
        let steps = tokens.count / count
        if let field {
          reader.fillTokens(
            field: field, records: records, steps: steps, targets: tokens, lengths: lengths,
            none: none)
        }
        for row in 0..<count where field == nil || !isThere(row) {
          lengths[row] = 0
          for step in 0..<steps { tokens[step * count + row] = none }
        }
        program.withInput(self.before) { before in
          for index in before.indices {
            let token = index < count ? none : tokens[index - count]
            before[index] = token == none ? kind.endToken : token
          }
        }
        program.withInput(self.shares) { shares in
          for index in shares.indices {
            let length = lengths[index % count]
            shares[index] = Int32(index / count) < length ? 1 / Float(length) : 0
          }
        }
      }
    }
  }
}
