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
      guard let column = conditions.records[input.field.name] else {
        preconditionFailure("The condition on '\(input.field.name)' is missing.")
      }
      if input.field.isCategory {
        fillLevels(program, prefix, input, column, rows)
      } else {
        fillNumbers(program, prefix, input, column, rows)
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
    guard let column = conditions.records[input.field.name] else {
      fillUnknown(program, prefix, input)
      return
    }
    if input.field.isCategory {
      fillLevels(program, prefix, input.known, column, rows)
      return
    }
    fillNumbers(program, prefix, input, column, rows)
    program.withInput(prefix + input.mask.name) { buffer in
      for row in 0..<batch { buffer[row] = column.isKnown(source(row, rows)) ? 1 : 0 }
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

  /// Where the row of a batch stands; rows behind the last repeat it.
  private func source(_ row: Int, _ rows: Range<Int>) -> Int {
    min(rows.lowerBound + row, rows.upperBound - 1)
  }

  private func fillLevels(
    _ program: any CompiledProgram, _ prefix: String, _ input: FieldInput, _ column: RecordColumn,
    _ rows: Range<Int>
  ) {
    program.withIndexInput(prefix + input.name) { buffer in
      for row in 0..<batch {
        buffer[row] = column.level(source(row, rows)) ?? input.missingLevel ?? 0
      }
    }
  }

  private func fillNumbers(
    _ program: any CompiledProgram, _ prefix: String, _ input: FieldInput, _ column: RecordColumn,
    _ rows: Range<Int>
  ) {
    let width = input.field.width
    program.withInput(prefix + input.name) { buffer in
      for index in 0..<batch * width {
        buffer[index] = seen(
          column, record: source(index / width, rows), component: index % width, of: input.field)
      }
    }
    guard let missing = input.missingName else { return }
    program.withInput(prefix + missing) { buffer in
      for row in 0..<batch { buffer[row] = column.isKnown(source(row, rows)) ? 0 : 1 }
    }
  }

  /// A value as networks see it, 0 where the record's isn't known as a whole.
  private func seen(
    _ column: RecordColumn, record: Int, component: Int, of field: Field
  ) -> Float {
    guard column.isKnown(record) else { return 0 }
    switch column.values {
    case .levels: return 0
    case .bytes(let bytes): return Float(bytes[record * column.width + component]) / 255
    case .intensities(let values): return values[record * column.width + component]
    case .numbers(let numbers):
      return model.preprocessing.standardised(
        numbers[record * column.width + component], field: field.name, component: component)
    }
  }
}
