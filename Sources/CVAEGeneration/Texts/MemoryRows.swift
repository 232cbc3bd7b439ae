import CVAEModels
import TensorGraph

/// Copies what was read of a given text from record to record of programs. Rows are ordered by place, then by record.
struct MemoryRows {
  let source: FieldInput
  /// Places of the longest text.
  let places: Int
  /// Numbers that stand for a place.
  let width: Int

  /// Takes a record of a drawing program over into one that writes tokens. A single record there stands for all.
  func read(
    _ start: CompiledModel, _ row: Int, into slot: Int, of program: CompiledModel
  ) {
    start.withOutput(.memory(source)) { memory in
      copy(memory, start, rows: [row], into: [slot], of: program)
    }
  }

  /// Takes records over into the first ones of another program that writes tokens.
  func move(_ slots: [Int], from old: CompiledModel, to new: CompiledModel) {
    old.withInput(.memory(source)) { memory in
      copy(UnsafeBufferPointer(memory), old, rows: slots, into: Array(slots.indices), of: new)
    }
  }

  private func copy(
    _ memory: UnsafeBufferPointer<Float>, _ other: CompiledModel, rows: [Int], into slots: [Int],
    of program: CompiledModel
  ) {
    program.withInput(.memory(source)) { copy(memory, width, rows, into: $0, slots) }
    other.withIndexInput(.field(source, .own)) { tokens in
      program.withIndexInput(.field(source, .own)) {
        copy(UnsafeBufferPointer(tokens), 1, rows, into: $0, slots)
      }
    }
    other.withIndexInput(.lengths(source, .own)) { lengths in
      program.withIndexInput(.lengths(source, .own)) { own in
        for (row, slot) in zip(rows, slots) { own[slot] = lengths[min(row, lengths.count - 1)] }
      }
    }
  }

  private func copy<Element>(
    _ values: UnsafeBufferPointer<Element>, _ width: Int, _ rows: [Int],
    into own: UnsafeMutableBufferPointer<Element>, _ slots: [Int]
  ) {
    let (records, count) = (values.count / (places * width), own.count / (places * width))
    for place in 0..<places {
      for (row, slot) in zip(rows, slots) {
        let from = (place * records + min(row, records - 1)) * width
        let to = (place * count + slot) * width
        _ = own.extracting(to..<to + width)
          .update(fromContentsOf: values.extracting(from..<from + width))
      }
    }
  }
}
