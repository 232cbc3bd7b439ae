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

  /// One for each size of batch, compiled when it is first needed.
  private var programs: [(program: CompiledModel, filler: TrainingFiller)?]
  private let session: any ExecutionSession
  private let trainer: Trainer
  private let plan: BatchPlan
  private let position: RandomPosition
  private let errors: [FieldInput]
  /// Adds up the sums of several ranks; nil for a process alone.
  private let agreement: Agreement?

  init(_ trainer: Trainer, session: any ExecutionSession) throws {
    let most = max(trainer.split.validation.count, trainer.split.train.count)
    let batch = min(Self.largestBatch, most)
    plan = trainer.plan.hasTexts ? trainer.plan : BatchPlan(batch: batch)
    programs = [(program: CompiledModel, filler: TrainingFiller)?](
      repeating: nil, count: plan.sizes.count)
    self.trainer = trainer
    self.session = session
    position = RandomPosition(seed: trainer.configuration.training.seed, step: 0)
    let errors = trainer.model.fittedDeviations.map(\.input)
    self.errors = errors
    agreement = try trainer.executor.communicator.map { communicator in
      let terms = TermSums().numbers(levels: trainer.model.detailLevels.count)
      return try Agreement(communicator, count: terms.count + 2 * errors.count)
    }
    _ = try program(0)
  }

  /// The program of a size.
  private func program(_ place: Int) throws -> (program: CompiledModel, filler: TrainingFiller) {
    if let known = programs[place] { return known }
    let size = plan.sizes[place]
    let shape = trainer.groupShape.map {
      GroupShape(groups: size.records, sources: $0.sources, targets: 1)
    }
    let program =
      try shape.map { try trainer.model.groupEvaluationProgram($0) }
      ?? trainer.model.evaluationProgram(batch: size.records, steps: size.steps)
    let filler =
      try programs[0].map { $0.filler.filling(program, trainer) }
      ?? TrainingFiller(program, trainer, shape: shape, records: trainer.split.train)
    let made = (program: try session.compile(program), filler: filler)
    programs[place] = made
    return made
  }

  /// Runs over `records`; the last batch is filled up with repeats, whose rows don't count. Several ranks take
  /// batches in turn. Nil when the caller wanted to stop.
  func run(over records: [Int32], isInterrupted: () -> Bool) throws -> Result? {
    var result = Result()
    let (rank, ranks) = (trainer.shares.rank, trainer.shares.ranks)
    for (number, (batch, count)) in plan.complete(records).enumerated()
    where number % ranks == rank {
      let (program, own) = try program(batch.size)
      let filler = try own.grouping(records, of: trainer)
      batch.records.withUnsafeBufferPointer { filler.fill(program, $0, at: position) }
      try program.run(at: position)
      result.terms.add(program, rows: count, levels: trainer.model.detailLevels)
      for input in errors {
        result.squaredErrors[input, default: 0] += TermSums.sum(
          program, .squaredError(input), first: count)
        if program.model.gives(.targetCount(input)) {
          result.targets[input, default: 0] += TermSums.sum(
            program, .targetCount(input), first: count)
        }
      }
      if isInterrupted() { return nil }
    }
    return try allRanks(result)
  }

  /// The sums of all ranks.
  private func allRanks(_ own: Result) throws -> Result {
    guard let agreement else { return own }
    let terms = own.terms.numbers(levels: trainer.model.detailLevels.count)
    let sums = try agreement.reach(
      terms + errors.map { own.squaredErrors[$0] ?? 0 } + errors.map { own.targets[$0] ?? 0 }
    ).sums
    var all = Result(terms: TermSums(numbers: Array(sums.prefix(terms.count))))
    for (place, input) in errors.enumerated() {
      all.squaredErrors[input] = sums[terms.count + place]
      let targets = sums[terms.count + errors.count + place]
      if targets > 0 { all.targets[input] = targets }
    }
    return all
  }
}
