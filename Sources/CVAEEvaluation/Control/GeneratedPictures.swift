import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

/// Pictures that a model drew, `count` under each level, as `cvae generate` writes them: the
/// expected value of each pixel.
struct GeneratedPictures {
  /// Level by level.
  let rows: LabelledRows

  /// Draws at temperature 1. Given fields other than the category are those of random test records
  /// of the level, so that they occur together as they do in the data.
  ///
  /// - Parameter control: How far the condition is followed; 1 as the model was trained.
  init(
    _ model: TrainedModel, subject: ControlSubject, records: ControlRecords, perLevel: Int,
    control: Double = 1, executor: any Executor
  ) throws {
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
    let conditions = try Self.conditions(
      model, of: sources, levels: wanted, category: subject.category.name, data: records.data)
    let generator = try Generator(
      model, executor: executor, batch: min(250, wanted.count), control: control)
    let generated = try generator.generate(conditions, seed: model.seed)
    var pixels: [Float] = []
    for column in generated.columns where column.field.name == subject.image.name {
      if case .pixels(let values) = column.values { pixels = values }
    }
    rows = LabelledRows(pixels, width: subject.image.width, levels: wanted)
  }

  /// The given fields of records, with other levels in one of them.
  static func conditions(
    _ model: TrainedModel, of records: [Int32], levels: [Int32], category: String, data: DataSet
  ) throws -> Conditions {
    var columns: [String: Conditions.Column] = [:]
    for field in model.model.givenInputs.map(\.field) {
      if field.name == category {
        columns[field.name] = .levels(levels)
        continue
      }
      switch data.columns[try data.schema.index(of: field.name)] {
      case .levels(let values): columns[field.name] = .levels(records.map { values[Int($0)] })
      case .reals(let values, let width):
        columns[field.name] = .reals(
          records.flatMap { values[Int($0) * width..<(Int($0) + 1) * width] })
      case .bytes(let values, let width):
        columns[field.name] = .reals(
          records.flatMap {
            values[Int($0) * width..<(Int($0) + 1) * width].map { Float($0) / 255 }
          })
      }
    }
    return Conditions(count: records.count, columns: columns)
  }
}
