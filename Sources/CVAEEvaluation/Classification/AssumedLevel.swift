import CVAEModels

/// A level that every record of a batch is taken to have, whatever the data say.
struct AssumedLevel {
  let input: FieldInput
  let level: Int32

  /// Writes the level over what was read from the data.
  func write(to program: CompiledModel) {
    for part in [input, input.seen] where program.model.reads(.field(part, .own)) {
      program.withIndexInput(.field(part, .own)) { $0.update(repeating: level) }
    }
  }
}
