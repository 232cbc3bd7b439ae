import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph

/// Predicts a category of rows of which any field may be given: p(level | other fields), the mean of the decoder's
/// probabilities over z drawn under the other fields. Cells that are missing are drawn, too.
final class LevelPrediction: LevelScorer {
  private let programs: ProgramsByLength
  private let seed: UInt64

  /// - Parameter data: Records whose levels of the category are of no account.
  init(
    _ model: TrainedModel, input: FieldInput, data: DataSet, session: any ExecutionSession,
    batch: Int
  ) throws {
    seed = model.seed
    let unknown = data.setting([(input.field, .missing(input.field, count: data.count))])
    programs = try ProgramsByLength(
      model, data: unknown, session: session, masks: .nothingGiven, meaning: .requested
    ) { steps in
      var form = DrawingForm()
      form.steps = steps
      form.predicted = input
      return try model.model.drawingProgram(batch: batch, form)
    }
  }

  func run(_ rows: BatchRows.Rows, levels: [Int32], samples: Int) throws -> [[Double]] {
    var sums = [[Double]](
      repeating: [Double](repeating: 0, count: rows.count), count: levels.count)
    for sample in 0..<samples {
      let position = RandomPosition(seed: seed, step: UInt32(sample))
      let program = try programs.filled(with: rows.records, at: position)
      program.set(.temperature, 1)
      if program.model.reads(.complete) { program.set(.complete, 1) }
      try program.run(at: position)
      let probabilities = program.output(.prediction)
      let width = probabilities.count / rows.records.count
      for (place, level) in levels.enumerated() {
        for row in 0..<rows.count {
          sums[place][row] += Double(probabilities[row * width + Int(level)])
        }
      }
    }
    return sums.map { $0.map { log(max($0, .leastNormalMagnitude) / Double(samples)) } }
  }
}
