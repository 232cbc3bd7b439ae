import CVAEModels
public import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import Synchronization
public import TensorGraph

/// Draws records from a trained model: every field, or part of a picture, that isn't given.
///
/// ```swift
/// let model = try TrainedModel.load("runs/fashion")
/// let generator = try Generator(model, executor: OneDNNExecutor(), batch: 64)
/// let boots = try Conditions(["label": .level(9)], count: 64, model: model)
/// let records = try generator.draw(DrawRequest(boots, seed: 1))[0]
/// ```
///
/// Record number i of a seed is the same for any count and thread count: all batches have the same size, and
/// random numbers are addressed by the record. So more records than memory has room for can be drawn and written
/// block by block:
///
/// ```swift
/// for first in stride(from: 0, to: count, by: generator.recordsAtOnce) {
///   let size = min(generator.recordsAtOnce, count - first)
///   var block = DrawRequest(
///     try Conditions(["label": .level(9)], count: size, first: first, model: model), seed: 1)
///   block.first = first
///   try generator.draw(block)[0].table().writeRows(to: &file, as: .csv)
/// }
/// ```
public final class Generator: Sendable {
  package let model: TrainedModel
  private let batch: Int
  private let control: Double
  private let workers: [DrawingWorker]
  private let ways = Mutex<[DrawingForm: Way]>([:])

  /// How records are drawn in one form.
  private struct Way: Sendable {
    let program: ModelProgram
    let filler: RecordFiller
    /// Columns of generated fields in which some record has a value.
    let given: [String: RecordColumn]
  }

  /// Batches that a thread takes at once.
  private static let batchesAtOnce = 16

  /// Prepares for batches of `batch` records, at least 1.
  ///
  /// - Parameter control: How far the condition is followed: 1 as the model was trained, above 1
  ///   further away from what is drawn without a condition.
  /// - Throws: ``ControlNotLearned`` for another control than 1 with a model without unknown conditions, or
  ///   with one that draws rows column by column.
  public init(
    _ model: TrainedModel, executor: any Executor, batch: Int = 64, control: Double = 1
  ) throws {
    try ControlNotLearned.check(control, model: model)
    self.model = model
    self.batch = max(1, batch)
    self.control = control
    // The columns of rows are small: several threads with programs of their own are faster than one program on
    // all threads.
    let isOfRows = model.model.drawsColumnByColumn
    let count =
      isOfRows ? min(executor.threads, ProcessInfo.processInfo.activeProcessorCount) : 1
    let made = Parallel.map(count) { _ in
      Result {
        try DrawingWorker(
          model, executor: isOfRows ? executor.with(threads: 1) : executor, batch: max(1, batch))
      }
    }
    workers = try made.map { try $0.get() }
  }

  /// How many records make a block, where many are drawn: enough for all threads, and few enough to need little
  /// memory.
  public var recordsAtOnce: Int {
    // A token takes as long as many other values do.
    let values = model.schema.fields.reduce(0) {
      $0 + ($1.textKind.map { Self.valuesOfToken * $0.longest } ?? $1.width)
    }
    let records = Self.valuesAtOnce / max(1, values)
    return max(workers.count, records / batch) * batch
  }

  private static let valuesAtOnce = 1 << 21
  private static let valuesOfToken = 32

  /// Draws the request's answers for each condition, one set of records for each sample.
  ///
  /// Unknown conditions need a model that was trained with unknown conditions; for others see
  /// ``GeneratedRecords/drawnConditions``.
  ///
  /// - Throws: ``DrawFailure`` for a style or number of records that doesn't fit the conditions, and numbers
  ///   that are not finite; what the executor throws.
  public func draw(_ request: DrawRequest) throws -> [GeneratedRecords] {
    try request.check(model)
    var conditions = request.conditions
    // Under fixed roles, rows of a table are never drawn under an unknown condition: it is drawn first.
    let drawsUnknown = !model.model.acceptsMissing || conditions.areOfRows(model)
    let drawn =
      drawsUnknown
      ? conditions.drawUnknown(model: model, seed: request.seed, first: request.first) : []
    return try (0..<max(1, request.samples)).map { sample in
      let draws = Draws(request, sample: request.firstSample + sample, model)
      return GeneratedRecords(
        conditions: conditions, given: model.model.givenFields,
        records: try records(conditions, request, draws), forms: model.preprocessing.forms,
        drawnConditions: drawn)
    }
  }

  private func records(
    _ conditions: Conditions, _ request: DrawRequest, _ draws: Draws
  ) throws -> Records {
    let form = form(conditions, request)
    let way = conditions.restrictions.isEmpty ? try way(form, conditions) : nil
    let part = min(
      batch * Self.batchesAtOnce, (recordsAtOnce / workers.count + batch - 1) / batch * batch)
    let starts = Array(stride(from: 0, to: conditions.count, by: part))
    let results = Mutex<[Int: Result<[[RecordColumn]], any Error>]>([:])
    let next = Atomic<Int>(0)
    _ = Parallel.map(min(workers.count, starts.count)) { index in
      while true {
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard place < starts.count else { return }
        let range = starts[place]..<min(starts[place] + part, conditions.count)
        let done = Result {
          try drawn(range, of: conditions, request, draws, way, form, by: workers[index])
        }
        results.withLock { $0[place] = done }
      }
    }
    let found = results.withLock { $0 }
    let batches = try starts.indices.flatMap { try found[$0]?.get() ?? [] }
    let fields = model.model.generatedFields.map { $0.missing(false) }
    let columns = fields.indices.map { place -> RecordColumn in
      batches.isEmpty
        ? .missing(fields[place], count: 0) : .joining(batches.map { $0[place] })
    }
    // Texts are drawn last, wherever they stand in a record.
    let order = model.schema.fields.compactMap { field in
      fields.firstIndex { $0.name == field.name }
    }
    return Records(
      trusting: RecordSchema(trusting: order.map { fields[$0] }), order.map { columns[$0] },
      count: conditions.count)
  }

  /// The batches of a part.
  private func drawn(
    _ range: Range<Int>, of conditions: Conditions, _ request: DrawRequest, _ draws: Draws,
    _ way: Way?, _ form: DrawingForm, by worker: DrawingWorker
  ) throws -> [[RecordColumn]] {
    let address = { @Sendable (record: Int) in
      request.numbers?[record] ?? Int32(truncatingIfNeeded: request.first + record)
    }
    var (known, rows) = (conditions, range)
    if !conditions.restrictions.isEmpty {
      known = try worker.restricted(
        conditions.selecting(Array(range)), conditions.restrictions,
        first: request.first + range.lowerBound, draws)
      rows = 0..<range.count
    }
    let way = try way ?? self.way(form, known)
    return try stride(from: rows.lowerBound, to: rows.upperBound, by: batch).map { start in
      let own = start..<min(start + batch, rows.upperBound)
      return try worker.draw(
        DrawingBatch(
          rows: own, records: own.map { range.lowerBound + $0 - rows.lowerBound }, given: way.given,
          address: address, styles: request.styles, form: form, control: control),
        way.program, way.filler, draws)
    }
  }

  private func form(_ conditions: Conditions, _ request: DrawRequest) -> DrawingForm {
    var form = DrawingForm()
    form.drawsStyle = request.styles == nil
    form.sharesConditions =
      model.model.drawsColumnByColumn && conditions.isUniform && conditions.restrictions.isEmpty
    form.isControlled = control != 1
    form.drawsPixels = request.drawsPixels
    form.steps = model.model.longestTexts
    return form
  }

  /// The program of a form, the same for all workers, and a filler that writes `conditions` into it.
  private func way(_ form: DrawingForm, _ conditions: Conditions) throws -> Way {
    let records = conditions.records
    let read = form.sharesConditions ? records.selecting(0..<1) : records
    let kept = try ways.withLock { ways in
      if let known = ways[form] { return known }
      let program = try model.model.drawingProgram(batch: batch, form)
      // Without records, which nobody needs after this request.
      let filler = try RecordFiller(
        program, model: model.model, records: read.selecting(0..<0),
        preprocessing: model.preprocessing, meaning: .requested)
      let made = Way(program: program, filler: filler, given: [:])
      ways[form] = made
      return made
    }
    return Way(
      program: kept.program, filler: try kept.filler.reading(read, absent: conditions.absent),
      given: given(records))
  }

  private func given(_ records: Records) -> [String: RecordColumn] {
    var given: [String: RecordColumn] = [:]
    for field in model.model.generatedFields {
      if let column = records[field.name], column.validity?.isEmpty != true {
        given[field.name] = column
      }
    }
    return given
  }
}

/// What decides the random numbers of records.
struct Draws: Sendable {
  let seed: UInt64
  private(set) var sample: Int
  private(set) var temperature: Double
  let detailTemperature: Double
  let tokens: TokenChoice
  let texts: [String: TextRestrictions]
  /// Whether values may be missing as they are in training records.
  let allowsMissing: Bool

  init(_ request: DrawRequest, sample: Int, _ model: TrainedModel) {
    seed = request.seed
    self.sample = sample
    temperature = request.temperature
    detailTemperature =
      request.detailTemperature
      ?? (model.model.leavesDetailsAtMean ? 0 : request.temperature)
    tokens = request.tokens
    texts = request.texts
    allowsMissing = request.allowsMissing
  }

  /// The samples for columns that must lie in sets or ranges; they come after those of whole rows.
  var restricted: Draws {
    var draws = self
    draws.sample += 1 << 24
    draws.temperature = 1
    return draws
  }

  var position: RandomPosition {
    RandomPosition(seed: seed, step: UInt32(truncatingIfNeeded: sample))
  }
}
