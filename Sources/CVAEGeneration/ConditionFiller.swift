import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

/// Writes conditions into a program's inputs.
struct ConditionFiller {
  let model: TrainedModel
  /// Rows of the program.
  let batch: Int

  /// Writes the conditions of some records; rows behind the last repeat it, and are not to be read.
  ///
  /// - Parameter prefix: What the inputs' names begin with.
  func fill(
    _ program: any CompiledProgram, _ conditions: Conditions, rows: Range<Int>,
    prefix: FieldPrefix? = nil
  ) {
    let prefix = prefix?.rawValue ?? ""
    for input in model.model.givenInputs {
      guard let column = conditions.columns[input.field.name] else {
        preconditionFailure("The condition on '\(input.field.name)' is missing.")
      }
      switch column {
      case .levels(let levels): fill(program, prefix, input, levels, rows)
      case .reals(let numbers): fill(program, prefix, input, numbers, rows)
      }
    }
    for input in model.model.maskedInputs where !input.field.isImage {
      fillKnown(program, conditions, prefix, input, rows)
    }
  }

  /// Writes what is given of a row's field.
  private func fillKnown(
    _ program: any CompiledProgram, _ conditions: Conditions, _ prefix: String,
    _ input: FieldInput, _ rows: Range<Int>
  ) {
    switch conditions.columns[input.field.name] {
    case .levels(let levels): fill(program, prefix, input.known, levels, rows)
    case .reals(let numbers):
      fill(program, prefix, input, numbers, rows)
      let width = input.field.width
      program.withInput(prefix + input.mask.name) { buffer in
        for row in 0..<batch {
          let source = min(rows.lowerBound + row, rows.upperBound - 1)
          buffer[row] = numbers[source * width].isNaN ? 0 : 1
        }
      }
    case nil: fillUnknown(program, prefix, input)
    }
  }

  private func fillUnknown(_ program: any CompiledProgram, _ prefix: String, _ input: FieldInput) {
    if let none = input.known.missingLevel {
      program.withIndexInput(prefix + input.known.name) { $0.update(repeating: none) }
    } else {
      program.withInput(prefix + input.name) { $0.update(repeating: 0) }
      program.withInput(prefix + input.mask.name) { $0.update(repeating: 0) }
    }
  }

  private func fill(
    _ program: any CompiledProgram, _ prefix: String, _ input: FieldInput, _ levels: [Int32],
    _ rows: Range<Int>
  ) {
    program.withIndexInput(prefix + input.name) { buffer in
      for row in 0..<batch {
        let level = levels[min(rows.lowerBound + row, rows.upperBound - 1)]
        buffer[row] = level >= 0 ? level : input.missingLevel ?? 0
      }
    }
  }

  private func fill(
    _ program: any CompiledProgram, _ prefix: String, _ input: FieldInput, _ numbers: [Float],
    _ rows: Range<Int>
  ) {
    let width = input.field.width
    let preprocessing = model.preprocessing
    program.withInput(prefix + input.name) { buffer in
      for index in 0..<batch * width {
        let row = min(rows.lowerBound + index / width, rows.upperBound - 1)
        let number = numbers[row * width + index % width]
        buffer[index] =
          number.isNaN
          ? 0
          : preprocessing.standardised(
            Double(number), field: input.field.name, component: index % width)
      }
    }
    guard let missing = input.missingName else { return }
    program.withInput(prefix + missing) { buffer in
      for row in 0..<batch {
        let source = min(rows.lowerBound + row, rows.upperBound - 1)
        buffer[row] = numbers[source * width].isNaN ? 1 : 0
      }
    }
  }
}
