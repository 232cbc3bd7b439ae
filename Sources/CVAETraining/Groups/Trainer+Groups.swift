import CVAEModels
import ConditionalData
import RecordTypes
import TensorGraph

extension Trainer {
  /// How many groups and members a step reads; nil where each record has a z of its own.
  var groupShape: GroupShape? {
    guard model.isGrouped else { return nil }
    let training = configuration.training
    return GroupShape(
      groups: training.batch / training.groups.targets, sources: training.groups.sources,
      targets: training.groups.targets)
  }
}

extension TrainingConfiguration {
  /// The records of a batch out of `count`: of groups, as many as have whole sets of targets.
  func batch(of count: Int, isGrouped: Bool) -> Int {
    guard isGrouped else { return min(batch, count) }
    return max(1, min(batch, count) / groups.targets) * groups.targets
  }
}

/// Fills a program's inputs with records, or with the groups that they lead.
struct TrainingFiller {
  private enum Form {
    case records(RecordFiller, RareLevels?)
    case groups(GroupFiller, GroupBatches)
  }

  private let form: Form
  /// The records' numbers, where they are not their places.
  private var numbers: [Int32]?

  /// - Parameters:
  ///   - shape: What a batch reads of groups; nil for records.
  ///   - records: The records that groups are made of.
  ///   - rareLevels: Levels whose records are shown more often, unless records are grouped.
  init(
    _ program: ModelProgram, _ trainer: Trainer, shape: GroupShape?, records: [Int32],
    rareLevels: RareLevels? = nil
  ) throws {
    let (model, data) = (trainer.model, trainer.data.records)
    guard let shape, let field = model.configuration.group else {
      form = .records(
        try RecordFiller(
          program, model: model, records: data, preprocessing: trainer.preprocessing,
          masks: trainer.configuration.training.maskDistribution(for: trainer.model)),
        rareLevels)
      return
    }
    form = .groups(
      try GroupFiller(
        program, model: model, records: data, preprocessing: trainer.preprocessing),
      GroupBatches(try RecordGroups(trainer.data, by: field, records: records), shape: shape))
  }

  private init(_ form: Form) { self.form = form }

  /// The same for a program of another size.
  func filling(_ program: ModelProgram, _ trainer: Trainer) -> TrainingFiller {
    guard case .records(let filler, let rareLevels) = form else { return self }
    return TrainingFiller(.records(filler.filling(program, trainer.model), rareLevels))
  }

  /// The same for a window of a stored table's records, among which rare levels are looked for.
  func reading(_ window: RecordWindow, of trainer: Trainer) throws -> TrainingFiller {
    guard case .records(let filler, _) = form else { return self }
    var other = TrainingFiller(
      .records(
        try filler.reading(window.records, numbers: window.numbers),
        RareLevels(
          trainer.model, window.records, training: window.ofBlocks, behind: window.tableCount)))
    other.numbers = window.numbers
    return other
  }

  /// The same for groups made of other records.
  func grouping(_ records: [Int32], of trainer: Trainer) throws -> TrainingFiller {
    guard case .groups(let filler, let batches) = form,
      let field = trainer.model.configuration.group
    else { return self }
    return TrainingFiller(
      .groups(
        filler,
        GroupBatches(
          try RecordGroups(trainer.data, by: field, records: records), shape: batches.shape)))
  }

  /// - Parameter firstRow: Where the records stand in a batch of which they are a part.
  func fill(
    _ program: CompiledModel, _ records: UnsafeBufferPointer<Int32>, firstRow: Int = 0,
    at position: RandomPosition, conditionDropout: Double = 0
  ) {
    switch form {
    case .records(let filler, let rareLevels):
      guard var batch = rareLevels?.batch(records, firstRow: firstRow, at: position) else {
        let own = numbers.map { numbers in records.map { numbers[Int($0)] } }
        // With none given in any case, numbers address dropout and masks too.
        filler.fill(
          program, records: records, numbers: own,
          given: own.map { [Int32](repeating: -1, count: $0.count) }, at: position,
          conditionDropout: conditionDropout)
        return
      }
      if let numbers {
        for row in batch.records.indices where batch.given[row] < 0 {
          batch.numbers[row] = numbers[Int(batch.records[row])]
        }
      }
      batch.records.withUnsafeBufferPointer {
        filler.fill(
          program, records: $0, numbers: batch.numbers, given: batch.given, at: position,
          conditionDropout: conditionDropout)
      }
    case .groups(let filler, let batches):
      filler.fill(
        program, batches.batch(records, at: position), at: position,
        conditionDropout: conditionDropout)
    }
  }
}

/// Finds settings of groups that the data don't allow.
struct GroupCheck {
  let data: DataSet
  let configuration: RunConfiguration
  /// Whether pixels are hidden at random.
  let hasMasks: Bool

  /// Checks groups of `records`, the training split.
  ///
  /// - Throws: ``ConfigurationError``, ``ConfigurationFailure``, ``UnknownName``.
  func run(_ records: [Int32]) throws {
    guard let name = configuration.model.group else { return }
    guard !hasMasks else {
      throw ConfigurationError(
        key: "model.group", expected: "no group under 'given: any'", actual: "'\(name)'",
        remedy: "name the given fields, or leave the group out")
    }
    let used = data.schema.fields.filter { !configuration.ignore.contains($0.name) }
    if let text = used.first(where: \.isText) {
      throw ConfigurationError(
        key: "model.group", expected: "no text beside records that share z",
        actual: "'\(text.name)'", remedy: "leave the text or the group out")
    }
    let field = try data.schema.field(name)
    let column = data.columns[try data.schema.index(of: name)]
    guard field.isCategory else {
      throw ConfigurationError(
        key: "model.group", expected: "a category",
        actual: "'\(name)', \(field.kind.summary)", remedy: "group by a category")
    }
    let training = configuration.training
    guard training.batch % training.groups.targets == 0 else {
      throw ConfigurationFailure(
        source: nil,
        mistakes: [
          "training.batch must be a multiple of training.groups.targets "
            + "(\(training.groups.targets)), got \(training.batch)."
        ])
    }
    guard try RecordGroups(data, by: name, records: records).hasPairs else {
      throw ConfigurationError(
        key: "model.group", expected: "a field in which training records share a level",
        actual: "'\(name)', in which each has its own", remedy: "group by another field")
    }
    for seen in configuration.model.prior.fields ?? [] {
      try checkIsConstant(seen, in: column, of: name, records)
    }
  }

  /// What the prior sees must be the same throughout a group, since z is.
  private func checkIsConstant(
    _ seen: String, in groups: RecordColumn, of group: String, _ records: [Int32]
  ) throws {
    let column = data.columns[try data.schema.index(of: seen)]
    var first: [Int32: Int32] = [:]
    for record in records {
      guard let level = groups.level(Int(record)) else { continue }
      if let other = first[level], column.selecting([Int(record)]) != column.selecting([Int(other)])
      {
        throw ConfigurationError(
          key: "model.prior.fields", expected: "fields that are the same throughout a group",
          actual: "'\(seen)', which differs within a level of '\(group)'",
          remedy: "leave it out; the decoder sees it anyway")
      }
      first[level] = first[level] ?? record
    }
  }
}
