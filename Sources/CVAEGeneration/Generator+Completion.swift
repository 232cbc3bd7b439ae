import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

extension RecordDrawing {
  /// Fills the unknown pixels of each picture with `samples` answers.
  func complete(
    _ records: PartialRecords, field: Field, size: ImageSize, samples: Int, seed: UInt64,
    temperature: Double
  ) throws -> Completion {
    precondition(samples >= 1, "A completion has at least one answer.")
    precondition(records.pictures.allSatisfy { $0.size == size }, "Pictures are as the model's.")
    program.setScalar(ProgramInput.temperature.rawValue, Float(temperature))
    var answers = [[[UInt8]]](repeating: [], count: samples)
    for start in stride(from: 0, to: records.count, by: batch) {
      let rows = start..<min(start + batch, records.count)
      fill(records, rows)
      for sample in 0..<samples {
        try program.run(at: RandomPosition(seed: seed, step: UInt32(sample)))
        try program.withOutput(field.name) { numbers in
          try GenerationFailure.check(numbers.prefix(rows.count * size.count), of: field)
          for (index, row) in rows.enumerated() {
            let expected = numbers.extracting(index * size.count..<(index + 1) * size.count)
            answers[sample].append(records.pictures[row].filled(with: expected))
          }
        }
      }
    }
    return Completion(records: records, samples: samples, pictures: answers)
  }

  /// Rows behind the last record repeat it, and are not read.
  private func fill(_ records: PartialRecords, _ rows: Range<Int>) {
    func source(_ row: Int) -> Int { min(rows.lowerBound + row, rows.upperBound - 1) }
    program.withIndexInput(ProgramInput.records.rawValue) { buffer in
      for row in 0..<batch { buffer[row] = records.numbers[source(row)] }
    }
    filler.fill(program, records.conditions, rows: rows)
    for input in model.model.maskedInputs {
      let (width, cells) = (input.field.width, input.field.cells.count)
      program.withInput(input.name) { buffer in
        for row in 0..<batch {
          let bytes = records.pictures[source(row)].bytes
          for column in 0..<width { buffer[row * width + column] = Float(bytes[column]) / 255 }
        }
      }
      program.withInput(input.mask.name) { buffer in
        for row in 0..<batch {
          let mask = records.pictures[source(row)].mask
          for cell in 0..<cells { buffer[row * cells + cell] = mask.isKnown[cell] ? 1 : 0 }
        }
      }
    }
  }
}

extension PartialPicture {
  /// The picture with values in 0…1 in place of what is unknown.
  func filled(with expected: UnsafeBufferPointer<Float>) -> [UInt8] {
    bytes.indices.map { index in
      if mask.isKnown[index / size.channels] { return bytes[index] }
      let value = expected[index]
      return value > 0 ? UInt8((min(value, 1) * 255).rounded()) : 0
    }
  }
}
