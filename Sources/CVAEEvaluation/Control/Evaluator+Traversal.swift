import CVAEGeneration
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
  ///   - record: The index in `data` of the record whose given fields the pictures have.
  /// - Returns: For each dimension its name, and the values of its pictures one after another.
  /// - Throws: what `RecordFiller` throws for data that don't fit the model.
  public func traversal(
    of subject: ControlSubject, dimensions: [Int], record: Int32, in data: DataSet
  ) throws -> [(label: String, values: [Float])] {
    let steps = 11
    let width = model.model.styleCount
    let conditions = try Conditions(
      records: [Int32](repeating: record, count: steps * dimensions.count), of: data,
      replacing: [:],
      model: model)
    var request = DrawRequest(conditions, seed: 0)
    var styles = [Float](repeating: 0, count: conditions.count * width)
    for (row, dimension) in dimensions.enumerated() {
      for step in 0..<steps {
        styles[(row * steps + step) * width + dimension] = Float(step) / Float(steps - 1) * 5 - 2.5
      }
    }
    request.styles = styles
    let generator = try Generator(model, executor: executor, batch: steps)
    let drawn = try generator.draw(request)[0].records[subject.image.name]
    guard case .intensities(let pixels)? = drawn?.values else {
      preconditionFailure("'\(subject.image.name)' is a generated image.")
    }
    let count = steps * subject.size.count
    return dimensions.enumerated().map { row, dimension in
      (label: "u\(dimension)", values: Array(pixels[row * count..<(row + 1) * count]))
    }
  }
}
