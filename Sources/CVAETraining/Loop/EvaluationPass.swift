import CVAEModels
import ConditionalData
import RecordTypes
import TensorGraph

/// Scores records with the parameters as they stand, each with one keyed sample of the posterior:
/// the same sample for a record in every epoch.
final class EvaluationPass {
  /// The results of a pass.
  struct Result {
    var terms = TermSums()
    /// Sums of squared errors, by variable.
    var squaredErrors: [FieldInput: Double] = [:]
    /// The numbers that they were summed over, of masked and partial fields.
    var targets: [FieldInput: Double] = [:]
  }

  /// Large enough to keep the processor busy, small enough to stay in its caches.
  private static let largestBatch = 256

  private let program: CompiledModel
  private let filler: TrainingFiller
  private let trainer: Trainer
  private let batch: Int
  private let position: RandomPosition
  private let errors: [FieldInput]

  init(_ trainer: Trainer, session: any ExecutionSession) throws {
    let most = max(trainer.split.validation.count, trainer.split.train.count)
    let batch = min(Self.largestBatch, most)
    self.batch = batch
    let shape = trainer.groupShape.map {
      GroupShape(groups: batch, sources: $0.sources, targets: 1)
    }
    let program =
      try shape.map { try trainer.model.groupEvaluationProgram($0) }
      ?? trainer.model.evaluationProgram(batch: batch)
    filler = try TrainingFiller(program, trainer, shape: shape, records: trainer.split.train)
    self.trainer = trainer
    self.program = try session.compile(program)
    position = RandomPosition(seed: trainer.configuration.training.seed, step: 0)
    errors = trainer.model.fittedDeviations.map(\.input)
  }

  /// Runs over `records`; the last batch is filled up with repeats, whose rows don't count. Nil
  /// when the caller wanted to stop.
  func run(over records: [Int32], isInterrupted: () -> Bool) throws -> Result? {
    var result = Result()
    let filler = try filler.grouping(records, of: trainer)
    var rows = [Int32](repeating: 0, count: batch)
    for start in stride(from: 0, to: records.count, by: batch) {
      let count = min(batch, records.count - start)
      for row in 0..<batch { rows[row] = records[start + min(row, count - 1)] }
      rows.withUnsafeBufferPointer { filler.fill(program, $0, at: position) }
      try program.run(at: position)
      result.terms.add(program, rows: count)
      for input in errors {
        result.squaredErrors[input, default: 0] += TermSums.sum(
          program, .squaredError(input), rows: count)
        if program.model.gives(.targetCount(input)) {
          result.targets[input, default: 0] += TermSums.sum(
            program, .targetCount(input), rows: count)
        }
      }
      if isInterrupted() { return nil }
    }
    return result
  }
}
