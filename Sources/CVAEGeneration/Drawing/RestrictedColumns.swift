import CVAEModels
import CVAETraining
import RecordTypes
import TensorFiles
import TensorGraph

/// Draws columns of rows that must lie in sets or ranges, one after the other, while columns that are neither
/// known nor requested stay hidden.
///
/// If several columns are requested, each row has several candidates, and one is chosen by how probable the
/// requests are under it: p(a, b ∣ a ∈ A, b ∈ B) ∝ p(a) 1[a ∈ A] · p(b ∣ a) 1[b ∈ B].
///
/// - Source: Rubin, *The Calculation of Posterior Distributions by Data Augmentation: Comment*, 1987, for
///   sampling and importance resampling.
final class RestrictedColumns {
  private let model: TrainedModel
  private let batch: Int
  private let start: CompiledModel
  private let steps: [CompiledModel]
  private let inputs: [FieldInput]
  private let columns: [RowColumn]
  /// For each column, what levels of others exclude of its own.
  private let exclusions: [[ExcludedLevels]]

  /// How many candidates a row has where several columns are restricted.
  private static let candidates = 16
  private static let candidate = RandomPurpose("candidate")

  /// The rows of a batch.
  private struct Rows {
    let known: Conditions
    let range: Range<Int>
    /// The number by which the first row's random numbers are addressed; the others follow.
    let first: UInt32
    let position: RandomPosition
  }

  init(_ model: TrainedModel, session: any ExecutionSession, batch: Int) throws {
    self.model = model
    self.batch = batch
    start = try session.compile(
      model.model.rowStartProgram(batch: batch, steps: model.model.longestTexts))
    // Texts are written behind the columns.
    let inputs = model.model.generatedInputs.filter { !$0.isText }
    self.inputs = inputs
    columns = inputs.map { RowColumn($0, model: model) }
    exclusions = inputs.map { target in
      model.model.exclusions.filter { $0.target == target }.compactMap { exclusion in
        ExcludedLevels(exclusion, inputs: inputs, tensors: model.tensors)
      }
    }
    steps = try inputs.indices.map {
      try session.compile(model.model.rowColumnProgram(at: $0, batch: batch))
    }
  }

  /// The conditions with the columns of `restrictions` drawn.
  func draw(
    _ conditions: Conditions, _ restrictions: [String: GivenValue], first: Int, _ draws: Draws
  ) throws -> Conditions {
    let count = restrictions.count == 1 ? 1 : Self.candidates
    var all = conditions.selecting((0..<conditions.count * count).map { $0 / count })
    let filler = try RecordFiller(
      start.model, model: model.model, records: all.records, preprocessing: model.preprocessing,
      meaning: .requested
    ).reading(all.records, absent: all.absent)
    let batches = try stride(from: 0, to: all.count, by: batch).map { start in
      try drawBatch(
        Rows(
          known: all, range: start..<min(start + batch, all.count),
          first: UInt32(truncatingIfNeeded: first * count + start),
          position: draws.restricted.position),
        filler, restrictions)
    }
    all.set(
      inputs.enumerated().compactMap { place, input in
        input.isAbsence || restrictions[input.field.name] == nil
          ? nil : (input.field, .joining(batches.map { $0.columns[place] }))
      })
    return all.selecting(chosen(batches.flatMap(\.shares), of: count, first: first, draws))
  }

  /// One candidate of each row.
  private func chosen(_ weights: [Double], of count: Int, first: Int, _ draws: Draws) -> [Int] {
    stride(from: 0, to: weights.count, by: count).map { start in
      let own = start..<start + count
      let total = own.reduce(0) { $0 + weights[$1] }
      guard total > 0 else { return start }
      let record = UInt32(truncatingIfNeeded: first + start / count)
      var rest = draws.position.uniform(Self.candidate, record: record, column: 0) * total
      return own.first { row in
        rest -= weights[row]
        return rest < 0
      } ?? start
    }
  }

  /// A column for each variable in the order of drawing, up to the last restricted one, and for each row the
  /// probability of the sets and ranges.
  private func drawBatch(
    _ rows: Rows, _ filler: RecordFiller, _ restrictions: [String: GivenValue]
  ) throws -> (columns: [RecordColumn], shares: [Double]) {
    let last = rows.range.count - 1
    let records = (0..<batch).map { Int32(rows.range.lowerBound + min($0, last)) }
    let addresses = (0..<batch).map { Int32(bitPattern: rows.first &+ UInt32(min($0, last))) }
    records.withUnsafeBufferPointer {
      filler.fill(start, records: $0, numbers: addresses, at: rows.position)
    }
    start.set(.temperature, 1)
    try start.run(at: rows.position)
    var shares = [Double](repeating: 1, count: rows.range.count)
    let end = inputs.lastIndex { restrictions[$0.field.name] != nil } ?? -1
    var columns: [RecordColumn] = []
    var levels = inputs.indices.map { knownLevels($0, rows) }
    for place in inputs.indices.prefix(end + 1) {
      pass(from: place > 1 ? steps[place - 1] : start, to: steps[place])
      try steps[place].run(at: rows.position)
      let restriction = restrictions[inputs[place].field.name]
      columns.append(
        inputs[place].features.isIndex
          ? drawLevels(place, rows, restriction, &levels, &shares)
          : numbers(place, rows, restriction, &shares))
    }
    return (columns, shares)
  }

  private func pass(from: CompiledModel, to: CompiledModel) {
    from.withOutput(.state) { state in
      to.withInput(.state) { _ = $0.update(fromContentsOf: state) }
    }
  }

  /// The program of the next column, which sees what was drawn; nil after the last.
  private func next(_ place: Int) -> CompiledModel? {
    place + 1 < steps.count ? steps[place + 1] : nil
  }

  /// The given levels of a column, nil where none is given, or where it has numbers.
  private func knownLevels(_ place: Int, _ rows: Rows) -> [Int32?] {
    let input = inputs[place]
    guard input.features.isIndex, !input.isAbsence else {
      return [Int32?](repeating: nil, count: rows.range.count)
    }
    let given = rows.known.records[input.field.name]
    let discrete = input.field.kind.content as? DiscreteKind
    return rows.range.map { row in
      // The last level stands for a missing value.
      if rows.known.isAbsent(input.field.name, row) {
        return input.features.count.map { Int32($0 - 1) }
      }
      return discrete.map { kind in given?.number(row).map { Int32(kind.index(nearest: $0)) } }
        ?? given?.level(row)
    }
  }

  /// Draws the levels of a column that must lie in a set or a range.
  ///
  /// - Parameter all: The levels of all columns that are known or drawn so far.
  private func drawLevels(
    _ place: Int, _ rows: Rows, _ restriction: GivenValue?, _ all: inout [[Int32?]],
    _ shares: inout [Double]
  ) -> RecordColumn {
    let (input, count) = (inputs[place], rows.range.count)
    let given = rows.known.records[input.field.name]
    var levels = all[place]
    let discrete = input.field.kind.content as? DiscreteKind
    var set: [Int]? = nil
    if case .levels(let stated) = restriction { set = stated }
    if case .range(let range) = restriction, let discrete {
      set = discrete.values.indices.filter { range.contains(discrete.values[$0]) }
    }
    if input.isAbsence {
      // A number that is given, or must lie in a range, is never missing.
      levels = rows.range.map { row in
        if rows.known.isAbsent(input.field.name, row) { return 1 }
        return restriction != nil || given?.isKnown(row) == true ? 0 : nil
      }
    } else if let set, !set.isEmpty {
      steps[place].withOutput(.prediction) { prediction in
        let width = input.features.count ?? 0
        var weights = Array(prediction)
        for row in 0..<count where levels[row] == nil {
          for exclusion in exclusions[place] {
            exclusion.remove(from: &weights, at: row * width) { all[$0][row].map(Int.init) }
          }
        }
        weights.withUnsafeBufferPointer { weights in
          for row in 0..<count where levels[row] == nil {
            let drawn = columns[place].drawLevel(
              weights, row: row, within: set, first: rows.first, at: rows.position)
            levels[row] = drawn.level
            shares[row] *= drawn.share
          }
        }
      }
    }
    all[place] = levels
    let none = Int32(input.features.count ?? 0)
    next(place)?.withIndexInput(.seen) { seen in
      for row in 0..<batch { seen[row] = levels[min(row, count - 1)] ?? none }
    }
    guard let discrete else { return .levels(levels) }
    return .numbers(
      levels.map { $0.flatMap { Int($0) < discrete.values.count ? discrete.values[Int($0)] : nil } }
    )
  }

  private func numbers(
    _ place: Int, _ rows: Rows, _ restriction: GivenValue?, _ shares: inout [Double]
  ) -> RecordColumn {
    let (input, count) = (inputs[place], rows.range.count)
    let width = input.field.width
    var numbers = [Double?](repeating: nil, count: count * width)
    var seen = [Float](repeating: 0, count: count * width)
    if let given = rows.known.records[input.field.name] {
      start.withInput(.field(input, .own)) { filled in
        for index in 0..<count * width where given.isKnown(rows.range.lowerBound + index / width) {
          numbers[index] = given.number(
            rows.range.lowerBound + index / width, component: index % width)
          seen[index] = filled[index]
        }
      }
    }
    if case .range(let range) = restriction {
      steps[place].withOutput(.prediction) { prediction in
        for row in 0..<count where numbers[row] == nil {
          guard
            let drawn = columns[place].drawNumber(
              prediction, row: row, within: range, first: rows.first, at: rows.position)
          else { continue }
          (numbers[row], seen[row]) = (drawn.number, drawn.seen)
          shares[row] *= drawn.share
        }
      }
    }
    next(place)?.withInput(.seen) { buffer in
      for index in seen.indices { buffer[index] = seen[index] }
    }
    if input.isPartial {
      next(place)?.withInput(.presence) { buffer in
        for row in 0..<count { buffer[row] = numbers[row * width] == nil ? 0 : 1 }
      }
    }
    return RecordColumn(
      .numbers(numbers.map { $0 ?? 0 }), width: width,
      validity: Bitmap(count: numbers.count) { numbers[$0] != nil })
  }
}

/// The levels of a column that levels of others exclude.
private struct ExcludedLevels {
  private let exclusion: Exclusion
  /// The positions of the other columns.
  private let sources: [Int]
  private let table: [Float]
  private let width: Int

  /// Nil without other columns, and where one of them isn't drawn.
  init?(_ exclusion: Exclusion, inputs: [FieldInput], tensors: [String: StoredTensor]) {
    sources = exclusion.sources.compactMap { inputs.firstIndex(of: $0) }
    // What is asked for may be rare.
    guard !sources.isEmpty, sources.count == exclusion.sources.count,
      let values = tensors[exclusion.table.name]?.values
    else { return nil }
    self.exclusion = exclusion
    table = values
    width = exclusion.table.shape.columns
  }

  /// Removes the excluded levels from a row's probabilities, whose sum stays 1 unless nothing is left.
  ///
  /// - Parameter level: The level of another column in this row; nil where it isn't known.
  func remove(from weights: inout [Float], at start: Int, level: (Int) -> Int?) {
    let levels = sources.compactMap(level)
    guard levels.count == sources.count else { return }
    let row = exclusion.row(levels) * width
    var total: Float = 0
    for level in 0..<width {
      if table[row + level] != 0 { weights[start + level] = 0 }
      total += weights[start + level]
    }
    guard total > 0 else { return }
    for level in 0..<width { weights[start + level] /= total }
  }
}
