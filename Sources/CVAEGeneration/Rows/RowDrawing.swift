import CVAEModels
import CVAETraining
import RecordTypes
import Synchronization
import TensorGraph

/// Draws rows column by column, on all threads of an executor.
///
/// A row is the same for any number of threads and in whatever company: batches are of one size, and random
/// numbers are addressed by the row.
struct RowDrawing: Sendable {
  /// One thread's programs.
  private final class Worker: Sendable {
    let programs: Mutex<RowPrograms>

    init(_ model: TrainedModel, executor: any Executor, batch: Int, drawsStyle: Bool) throws {
      programs = Mutex(
        try RowPrograms(model, executor: executor, batch: batch, drawsStyle: drawsStyle))
    }
  }

  private let model: TrainedModel
  private let batch: Int
  private let workers: [Worker]
  private let order: [Field]

  /// Batches that a thread takes at once.
  private static let batchesAtOnce = 16
  /// Answers of which one is taken where several columns are cut.
  private static let candidates = 16

  /// Nil for a model that draws all fields at once.
  init?(_ model: TrainedModel, executor: any Executor, batch: Int, drawsStyle: Bool = true) throws {
    order = model.model.rowOrder
    guard !order.isEmpty else { return nil }
    self.model = model
    self.batch = batch
    let made = Parallel.map(executor.threads) { _ in
      Result {
        try Worker(model, executor: executor, batch: batch, drawsStyle: drawsStyle)
      }
    }
    workers = try made.map { try $0.get() }
  }

  /// Draws a row for each condition: the generated fields, in the schema's order, without those that tell of
  /// absence.
  ///
  /// - Parameter styles: `[conditions, latent]`; nil where they are drawn.
  func records(
    _ conditions: Conditions, _ draws: Draws, temperature: Double, styles: [Float]? = nil
  ) throws -> Records {
    let known = conditions.tellingAbsence(model: model)
    let part = batch * Self.batchesAtOnce
    let starts = Array(stride(from: 0, to: known.count, by: part))
    let results = Mutex<[Int: Result<[[RecordColumn]], any Error>]>([:])
    let next = Atomic<Int>(0)
    _ = Parallel.map(min(workers.count, starts.count)) { index in
      workers[index].programs.withLock { programs in
        while true {
          let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard place < starts.count else { return }
          let range = starts[place]..<min(starts[place] + part, known.count)
          let done = Result {
            try drawn(
              range, of: known, draws, temperature: temperature, styles: styles, by: programs)
          }
          results.withLock { $0[place] = done }
        }
      }
    }
    let found = results.withLock { $0 }
    let batches = try starts.indices.flatMap { try found[$0]?.get() ?? [] }
    let fields = model.model.generatedInputs.map(\.field).filter { $0.absenceOf == nil }
    let places = fields.compactMap { field in order.firstIndex { $0.name == field.name } }
    return Records(
      trusting: RecordSchema(trusting: fields),
      places.map { place in .joining(batches.map { $0[place] }) }, count: known.count)
  }

  /// The batches of a part.
  private func drawn(
    _ range: Range<Int>, of known: Conditions, _ draws: Draws, temperature: Double,
    styles: [Float]?, by programs: RowPrograms
  ) throws -> [[RecordColumn]] {
    let isRestricted = !known.restrictions.isEmpty
    let own =
      isRestricted
      ? try restricted(
        known.selecting(Array(range)), known.restrictions, first: range.lowerBound, draws, programs)
      : known
    let rows = isRestricted ? 0..<range.count : range
    return try stride(from: rows.lowerBound, to: rows.upperBound, by: batch).map { start in
      try programs.draw(
        RowPrograms.Rows(
          known: own, range: start..<min(start + batch, rows.upperBound),
          first: UInt32(range.lowerBound + start - rows.lowerBound), styles: styles),
        draws, temperature: temperature)
    }
  }

  /// Draws what must be of a set or a range before all else: from the model's distribution under what is
  /// given, cut to the request, while all that nothing is asked of stays hidden.
  ///
  /// Where several columns are asked for so, each row has several candidates, of which one is taken by how
  /// probable the requests are under it: p(a, b ∣ a ∈ A, b ∈ B) ∝ p(a) 1[a ∈ A] · p(b ∣ a) 1[b ∈ B].
  ///
  /// - Source: Rubin, *The Calculation of Posterior Distributions by Data Augmentation: Comment*, 1987, for
  ///   sampling and importance resampling.
  private func restricted(
    _ conditions: Conditions, _ restrictions: [String: GivenValue], first: Int, _ draws: Draws,
    _ programs: RowPrograms
  ) throws -> Conditions {
    let count = restrictions.count == 1 ? 1 : Self.candidates
    var all = conditions.selecting((0..<conditions.count * count).map { $0 / count })
    for field in order where field.absenceOf.map({ restrictions[$0] != nil }) ?? false {
      all.set(field, to: .levels([Int32](repeating: 0, count: all.count)))
    }
    // Behind the numbers by which whole rows are drawn.
    let own = Draws(
      seed: draws.seed, sample: draws.sample + (1 << 24), leavesHoles: draws.leavesHoles)
    let columns = try programs.restrictedColumns()
    let batches = try stride(from: 0, to: all.count, by: batch).map { start in
      try columns.draw(
        RowPrograms.Rows(
          known: all, range: start..<min(start + batch, all.count),
          first: UInt32(first * count + start)),
        own, restrictions)
    }
    for (place, field) in order.enumerated() where restrictions[field.name] != nil {
      all.set(field, to: .joining(batches.map { $0.columns[place] }))
    }
    return all.selecting(chosen(batches.flatMap(\.shares), of: count, first: first, draws))
  }

  /// One candidate of each row.
  private func chosen(_ weights: [Double], of count: Int, first: Int, _ draws: Draws) -> [Int] {
    let purpose = RandomPurpose("candidate")
    return stride(from: 0, to: weights.count, by: count).map { start in
      let own = start..<start + count
      let total = own.reduce(0) { $0 + weights[$1] }
      guard total > 0 else { return start }
      var rest =
        draws.position.uniform(purpose, record: UInt32(first + start / count), column: 0) * total
      return own.first { row in
        rest -= weights[row]
        return rest < 0
      } ?? start
    }
  }
}
