import CVAEModels
public import CVAETraining
public import ConditionalData
public import RecordTypes

/// Records whose style is to be carried over to other conditions, in the terms of a model.
public struct TransferInputs: Sendable {
  /// One record for each input, with the model's fields.
  public let data: DataSet
  /// The inputs' conditions.
  public let conditions: Conditions
  /// The inputs' numbers in their data, or in the list of picture files.
  public let numbers: [Int32]

  /// The number of inputs.
  public var count: Int { data.count }

  /// Chooses records of a data set.
  ///
  /// - Parameters:
  ///   - records: Indices in `source`.
  ///   - from: The inputs' own conditions, where the data lack them or should be overruled.
  /// - Throws: ``TransferFailure``, `DataFileFailure` for data without a generated field, ``UnknownName`` for a level
  ///   that the model doesn't know, ``MisplacedCondition`` for a field of `from` that isn't given.
  public init(
    _ source: DataSet, records: [Int32], from: [String: GivenValue], model: TrainedModel
  ) throws {
    guard !records.isEmpty else { throw TransferFailure.noInput(source: source.source) }
    try source.check(records)
    let named = try Self.columns(from, count: records.count, model: model)
    if let absent = AbsentColumns(
      model.model.inputs.filter { !$0.isAbsence && named[$0.name] == nil }.map(\.field), in: source),
      !absent.names.allSatisfy(model.roles.isGiven)
    {
      throw absent.failure(mayBeEmpty: false)
    }
    var columns: [String: RecordColumn] = [:]
    if let chosen = try source.selecting(records, without: Set(named.keys), model: model) {
      for (field, column) in zip(chosen.schema.fields, chosen.columns) {
        columns[field.name] = column
      }
    }
    columns.merge(named) { $1 }
    try self.init(columns, source: source.source, numbers: records, model: model)
  }

  /// Takes pictures of the size of the model's image.
  ///
  /// - Parameters:
  ///   - pictures: Each `[height, width, channels]` in row-major order.
  ///   - source: What they are called in messages.
  ///   - from: The pictures' own condition.
  /// - Throws: ``TransferFailure`` where a given field isn't named, or the model generates something
  ///   else than one image; ``MisplacedCondition``.
  public init(
    pictures: [[UInt8]], source: String, from: [String: GivenValue], model: TrainedModel
  ) throws {
    let generated = model.model.generatedFields
    guard generated.count == 1, let size = generated[0].imageSize else {
      throw TransferFailure.noPictures(generated: generated.map(\.name))
    }
    guard !pictures.isEmpty else { throw TransferFailure.noInput(source: source) }
    for picture in pictures where picture.count != size.count {
      throw InvalidRecords(
        expected: "pictures of \(size.count) bytes, like the model's image",
        actual: "\(picture.count)",
        advice: "scale them to its size")
    }
    var columns = try Self.columns(from, count: pictures.count, model: model)
    columns[generated[0].name] = .bytes(pictures.flatMap { $0 }, size: size)
    try self.init(
      columns, source: source, numbers: pictures.indices.map(Int32.init), model: model)
  }

  private init(
    _ columns: [String: RecordColumn], source: String, numbers: [Int32], model: TrainedModel
  ) throws {
    let fields = model.model.inputs.filter { !$0.isAbsence }.map(\.field)
    let found = try fields.map { field in
      guard let column = columns[field.name] else {
        throw model.roles.isGiven(field.name)
          ? TransferFailure.unknownCondition(field: field.name, source: source)
          : TransferFailure.lacksField(field.name, source: source)
      }
      return column
    }
    data = try DataSet(schema: RecordSchema(trusting: fields), columns: found, source: source)
    let given = zip(fields, found).filter { model.roles.isGiven($0.0.name) }
    conditions = Conditions(
      Records(
        trusting: RecordSchema(trusting: given.map(\.0)), given.map(\.1), count: numbers.count))
    try conditions.requireKnown(model)
    self.numbers = numbers
  }

  /// The named conditions, the same for each input.
  private static func columns(
    _ values: [String: GivenValue], count: Int, model: TrainedModel
  ) throws -> [String: RecordColumn] {
    for name in values.keys.sorted() where values[name] == .every {
      throw TransferFailure.notOneValue(field: name)
    }
    let conditions = try Conditions(values, count: count, model: model)
    return values.keys.reduce(into: [:]) { $0[$1] = conditions.records[$1] }
  }
}
