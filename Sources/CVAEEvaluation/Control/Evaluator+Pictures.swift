import CVAEGeneration
import CVAETraining
import RecordTypes
import TensorGraph

extension Evaluator {
  /// Pictures that the model draws, `perLevel` under each level, level by level, as `cvae generate`
  /// writes them: the expected value of each pixel.
  ///
  /// Draws at temperature 1. Given fields other than the category are those of random test records
  /// of the level, so that they occur together as they do in the data.
  ///
  /// - Parameter control: How far the condition is followed; 1 as the model was trained.
  func pictures(
    of subject: ControlSubject, records: ControlRecords, perLevel: Int, control: Double = 1
  ) throws -> LabelledRows {
    var sources: [Int32] = []
    var wanted: [Int32] = []
    let testLevels = records.levels(of: records.test)
    for level in records.levels {
      let own = zip(records.test, testLevels).filter { $0.1 == level }.map(\.0)
      let drawn = ControlRecords.sample(
        own.isEmpty ? records.test : own, count: perLevel, purpose: "conditions", seed: model.seed)
      sources += (0..<perLevel).map { drawn[$0 % drawn.count] }
      wanted += [Int32](repeating: level, count: perLevel)
    }
    let recorded = try Conditions(
      records: sources, of: records.data, replacing: [:], model: model)
    let conditions = Conditions(
      recorded.records.setting(subject.category, to: .levels(wanted)))
    let generator = try Generator(
      model, executor: executor, batch: min(250, wanted.count), control: control)
    let generated = try generator.draw(DrawRequest(conditions, seed: model.seed)).first
    guard case .intensities(let pixels) = generated?.records[subject.image.name]?.values else {
      preconditionFailure("'\(subject.image.name)' is a generated image.")
    }
    return LabelledRows(pixels, width: subject.image.width, levels: wanted)
  }
}
