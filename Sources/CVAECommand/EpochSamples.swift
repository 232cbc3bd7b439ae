import CVAEGeneration
import CVAEModels
import CVAETraining
import Figures
import PictureData
import RecordTypes

/// The sheet of samples that training refreshes: ten for each level of the first given category.
enum EpochSamples {
  private static let levels = 12
  private static let samples = 10

  /// Nil where the model generates no image that can be shown, or has not been written yet.
  static func sheet(of run: RunDirectory) throws -> SampleSheet? {
    guard run.hasModel else { return nil }
    let model = try TrainedModel.load(run.path)
    guard model.model.generatedFields.contains(where: { $0.imageSize?.isDrawable == true })
    else { return nil }
    let request = try GenerationRequest(
      arguments: sampledCondition(of: model), count: samples, model: model, seed: 1)
    let generator = try Generator(
      model, executor: ComputingOptions.executor(), batch: request.count)
    let conditions = try request.conditions(0..<request.count)
    let records = try generator.draw(DrawRequest(conditions, seed: 1))[0]
    return SampleSheet(records, groups: request.groups)
  }

  private static func sampledCondition(of model: TrainedModel) -> [String] {
    let categories = model.model.givenInputs.map(\.field).filter(\.isCategory)
    guard let field = categories.first else { return [] }
    if field.levels.count <= levels { return ["\(field.name)=*"] }
    return []
  }
}
