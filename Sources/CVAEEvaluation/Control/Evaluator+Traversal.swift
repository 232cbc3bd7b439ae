import CVAEModels
import CVAETraining
public import ConditionalData
import RecordTypes
import TensorGraph

extension Evaluator {
  /// Pictures of what single latent dimensions do: in each row one of them runs through its style
  /// from −2.5 to 2.5 standard deviations in 11 steps, while all others stay at 0.
  ///
  /// - Parameters:
  ///   - dimensions: One for each row, for example the most active.
  ///   - record: The one of `data` whose given fields the pictures have.
  /// - Returns: For each dimension its name, and the values of its pictures one after another.
  /// - Throws: what `BatchFiller` throws for data that don't fit the model.
  public func traversal(
    of subject: ControlSubject, dimensions: [Int], record: Int32, in data: DataSet
  ) throws -> [(label: String, values: [Float])] {
    let steps = 11
    let latent = model.model.configuration.latent
    let decoding = try model.model.decodingProgram(batch: steps)
    let filler = try BatchFiller(
      program: decoding, model: model.model, data: data, preprocessing: model.preprocessing)
    let program = try makeSession().compile(decoding)
    let position = RandomPosition(seed: 0, step: 0)
    [Int32](repeating: record, count: steps).withUnsafeBufferPointer {
      filler.fill(program, records: $0, at: position)
    }
    return try dimensions.map { dimension in
      program.withInput(ProgramInput.style.rawValue) { style in
        style.update(repeating: 0)
        for step in 0..<steps {
          style[step * latent + dimension] = Float(step) / Float(steps - 1) * 5 - 2.5
        }
      }
      try program.run(at: position)
      return (label: "u\(dimension)", values: program.output(subject.image.name))
    }
  }
}
