import CVAEGeneration
import CVAETraining
import RecordTypes
import TensorFiles

/// The records that `generate` draws, block by block: those that `--given` requests, or those of a table's rows.
final class RequestedRecords {
  private enum Source {
    case combinations(GenerationRequest)
    case rows(GivenRows, of: String, each: Int)
  }

  private let source: Source
  private let model: TrainedModel
  private var first = 0
  private var hasWarned = false

  /// Ten records of each combination of `given`, or one of each row of the table `path`, unless `count` says
  /// otherwise.
  init(
    given: [String], from path: String?, count: Int?, model: TrainedModel, seed: UInt64
  ) throws {
    self.model = model
    guard let path else {
      source = .combinations(
        try GenerationRequest(arguments: given, count: count ?? 10, model: model, seed: seed))
      return
    }
    var values: [String: GivenValue] = [:]
    for argument in try GenerationRequest.parse(
      given, known: model.schema.fields.map(\.name))
    {
      try Conditions.check(argument.fieldName, model: model)
      let value = try argument.value(for: model)
      guard value != .every else {
        throw InvalidGiven(
          place: "'\(argument.fieldName)'", expected: "one value for all rows of the table",
          actual: "'*'")
      }
      values[argument.fieldName] = value
    }
    source = .rows(
      try GivenRows(path, model: model, values: values, each: count ?? 1, seed: seed),
      of: path == ByteStream.standardInput ? ByteStream.standardInputName : path,
      each: count ?? 1)
  }

  /// The next records, at most `most`; nil at the end. Values that no training record has are warned of, once.
  func next(atMost most: Int) throws -> RecordBlock? {
    let block: RecordBlock?
    switch source {
    case .rows(let rows, _, _): block = try rows.next(atMost: most)
    case .combinations(let request):
      let end = min(first + most, request.count)
      block =
        first == end ? nil : RecordBlock(try request.conditions(first..<end), first: first)
      first = end
    }
    if !hasWarned, let block {
      let sentences = try uncovered(block)
      sentences.forEach(Terminal.warn)
      hasWarned = !sentences.isEmpty
    }
    return block
  }

  private func uncovered(_ block: RecordBlock) throws -> [String] {
    switch source {
    case .combinations(let request): return block.first == 0 ? try request.uncovered() : []
    case .rows(let rows, let path, _):
      return block.conditions.uncovered(by: model) { field, record in
        let isOfTable = rows.columns.contains { ByteText($0.name) == ByteText(field) }
        guard isOfTable, let line = block.line(of: record) else { return "--given" }
        return "\(path), line \(line)"
      }
    }
  }

  /// All records at once.
  ///
  /// - Throws: ``InvalidRequest`` where they are more than one command holds in memory.
  func all() throws -> RecordBlock {
    guard let block = try next(atMost: NumberCheck.mostRecords), try next(atMost: 1) == nil else {
      throw InvalidRequest(
        "expected at most 10,000,000 records, got more; write them as a table, or ask for fewer.")
    }
    return block
  }

  /// The records of each combination or row.
  ///
  /// - Parameter areNumbered: Whether the labels of rows begin with their numbers, so that files sort in their order.
  func groups(of block: RecordBlock, areNumbered: Bool) -> [RecordGroup] {
    switch source {
    case .combinations(let request): return request.groups
    case .rows(let rows, _, let each):
      let count = block.conditions.count / each
      let digits = String(count).count
      return (0..<count).map { row in
        let texts = block.texts(of: row * each)
        let parts = rows.columns.map { column in
          let isAbsent = block.conditions.isAbsent(column.name, row * each)
          let text = texts[column.index] ?? (isAbsent ? "missing" : "any")
          return rows.columns.count == 1 ? text : "\(column.name) = \(text)"
        }
        let number = String(row + 1)
        let prefix = String(repeating: "0", count: digits - number.count) + number + " "
        return RecordGroup(
          label: (areNumbered ? prefix : "") + parts.joined(separator: ", "),
          rows: row * each..<(row + 1) * each)
      }
    }
  }
}
