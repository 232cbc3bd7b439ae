import CVAEModels
public import CVAETraining
import ConditionalData
public import RecordTypes
import TensorGraph

/// The conditions of a number of records: the fields of a model that can be given, in the units of the data.
public struct Conditions: Sendable {
  /// The given values; a missing one is unknown, "any".
  public private(set) var records: Records
  /// Sets of levels and ranges of numbers that unknown values of all records must lie in, by field name; only for
  /// rows of which any field may be given, whose model draws such values under everything else that is known.
  public internal(set) var restrictions: [String: GivenValue] = [:]
  /// The records in which a field is missing, which is known, not to be drawn, by the field's name.
  public private(set) var absent: [String: Bitmap] = [:]
  /// Whether all records have the same condition.
  public internal(set) var isUniform = false

  /// Conditions that differ from record to record.
  public init(_ records: Records) { self.records = records }

  /// The number of records.
  public var count: Int { records.count }

  /// One condition for `count` records: fields that are left out are "any". Where a model draws rows of which any
  /// field may be given, a field that training records lack may be given as missing. Sets of levels and ranges
  /// of numbers are drawn from in each record, as often as training records have each value.
  ///
  /// - Parameters:
  ///   - first: The number of the first of these records, where they are a block of many.
  ///   - seed: Decides what is drawn.
  /// - Throws: ``UnknownName``, ``MisplacedCondition`` for a field that can't be given, ``InvalidGiven`` for
  ///   a value that its field can't have.
  public init(
    _ values: [String: GivenValue], count: Int, first: Int = 0, model: TrainedModel,
    seed: UInt64 = 1
  ) throws {
    for name in values.keys.sorted() { try Self.check(name, model: model) }
    let count = max(0, count)
    let fields = model.conditionFields
    let columns = try fields.map { field in
      let isRestriction = Self.restriction(values[field.name], model) != nil
      let value = values[field.name] ?? .any
      try value.check(field)
      if value == .missing, !field.mayBeMissing {
        throw InvalidGiven(
          place: "'\(field.name)'", expected: "a value of \(field.kind.summary), or any",
          actual: "a missing value, which "
            + (model.model.masksRows ? "no training record has" : "this model never draws"))
      }
      let draws = ConditionDraws(field, model: model, seed: seed)
      return isRestriction
        ? .missing(field, count: count) : Self.column(value, field, first..<first + count, draws)
    }
    self.init(Records(trusting: RecordSchema(trusting: fields), columns, count: count))
    restrictions = values.compactMapValues { Self.restriction($0, model) }
    absent = values.filter { $0.value == .missing }.mapValues { _ in
      Bitmap(repeating: true, count: count)
    }
    isUniform =
      count > 0 && restrictions.isEmpty && !values.values.contains(where: \.isSetOrRange)
  }

  private static func column(
    _ value: GivenValue, _ field: Field, _ records: Range<Int>, _ draws: ConditionDraws
  ) -> RecordColumn {
    let count = records.count
    return switch value {
    case .level(let index): .levels([Int32](repeating: Int32(index), count: count))
    case .levels(let levels):
      .levels(records.map { draws.level(of: levels, record: $0) } as [Int32])
    case .number(let number): .numbers([Double](repeating: number, count: count))
    case .range(let range):
      .numbers(records.map { draws.number(within: range, record: $0) } as [Double])
    case .text(let text):
      RecordColumn(.texts(TextStorage(records.map { _ in Array(text.utf8) })))
    case .every, .any, .missing: .missing(field, count: count)
    }
  }

  /// A set or range, if the model draws from it under everything else that is known.
  private static func restriction(_ value: GivenValue?, _ model: TrainedModel) -> GivenValue? {
    guard model.model.masksRows, let value, value.isSetOrRange else { return nil }
    return value
  }

  /// Checks that a field can be given.
  ///
  /// - Throws: ``MisplacedCondition`` for a field that the model generates, ``UnknownName`` for one
  ///   that it doesn't have.
  public static func check(_ name: String, model: TrainedModel) throws {
    let known = model.conditionFields.map(\.name)
    guard !known.contains(name) else { return }
    if model.schema.fields.contains(where: { $0.name == name }) {
      throw MisplacedCondition(field: name, given: known)
    }
    if model.preprocessing.leftOut.contains(name) {
      throw MisplacedCondition(
        field: name, given: known, wasLeftOut: true,
        reason: model.preprocessing.reasonsLeftOut[name])
    }
    throw UnknownName(kind: "field", name: name, known: known)
  }

  /// Several conditions one after the other; all have the same fields, and there is at least one.
  public init(joining parts: [Conditions]) {
    self.init(.joining(parts.map(\.records)))
    restrictions = parts.first?.restrictions ?? [:]
    for name in Set(parts.flatMap(\.absent.keys)) {
      absent[name] = Bitmap(
        parts.flatMap { part in (0..<part.count).map { part.isAbsent(name, $0) } })
    }
  }

  /// The conditions of some records.
  public func selecting(_ rows: some Collection<Int>) -> Conditions {
    var selected = Conditions(records.selecting(rows))
    selected.absent = absent.mapValues { bits in Bitmap(rows.map { bits[$0] }) }
    return selected
  }

  /// Whether a record is known to lack a field's value.
  public func isAbsent(_ name: String, _ row: Int) -> Bool { absent[name]?[row] == true }

  /// Says in which records a field is known to be missing.
  mutating func setAbsent(_ name: String, _ records: Bitmap) {
    absent[name] = records.setCount == 0 ? nil : records
  }

  /// Whether a record has an unknown value.
  public func lacksSomething(_ row: Int) -> Bool {
    records.columns.contains { !$0.isKnown(row) }
  }

  /// Sets a field of all records.
  mutating func set(_ field: Field, to column: RecordColumn) {
    set([(field, column)])
  }

  /// Sets several fields of all records.
  mutating func set(_ changes: [(field: Field, column: RecordColumn)]) {
    if changes.isEmpty { return }
    records = records.setting(changes)
    isUniform = false
  }

  /// Whether they are conditions of a table's rows under fixed roles.
  func areOfRows(_ model: TrainedModel) -> Bool {
    !model.model.masksRows && model.isOfTable
  }

  /// Draws every unknown level or number as often as it occurs in the training records, for a model that
  /// was trained without unknown conditions.
  ///
  /// - Parameter first: The number of the first record.
  ///
  /// Returns the names of fields in which something was drawn. p(x) = Σ p(y) p(x | y): drawing y from
  /// its training frequencies draws x from p(x).
  mutating func drawUnknown(model: TrainedModel, seed: UInt64, first: Int = 0) -> [String] {
    var drawn: [(field: Field, column: RecordColumn)] = []
    for field in model.conditionFields {
      guard let column = records[field.name], column.hasMissing else { continue }
      let draws = ConditionDraws(field, model: model, seed: seed)
      if field.isCategory {
        let all = Array(field.levels.indices)
        let levels: [Int32] = (0..<count).map {
          column.level($0) ?? draws.level(of: all, record: first + $0)
        }
        drawn.append((field, .levels(levels)))
      } else if case .numbers = column.values {
        let numbers = (0..<count * column.width).map { index -> Double in
          let (record, component) = (index / column.width, index % column.width)
          return column.number(record, component: component)
            ?? draws.number(component: component, record: first + record)
        }
        drawn.append((field, .numbers(numbers, width: column.width)))
      }
    }
    set(drawn)
    return drawn.map(\.field.name)
  }
}

extension GivenValue {
  /// Whether several values fit it, so that each record has its own.
  fileprivate var isSetOrRange: Bool {
    switch self {
    case .levels, .range: true
    case .level, .number, .text, .every, .any, .missing: false
    }
  }

  /// Checks that a field can be set to the value.
  ///
  /// - Throws: ``InvalidGiven``.
  func check(_ field: Field) throws {
    let (isFit, actual): (Bool, String) =
      switch self {
      case .any, .missing: (true, "")
      case .text(let text): (field.isText, "'\(text)'")
      case .every: (field.isCategory, "every level")
      case .level(let index): (field.levels.indices.contains(index), "level \(index)")
      case .levels(let indices):
        (!indices.isEmpty && indices.allSatisfy(field.levels.indices.contains), "levels \(indices)")
      case .number(let number): (field.isNumber && number.isFinite, "\(number)")
      case .range(let range):
        (
          field.isNumber && range.lowerBound.isFinite && range.upperBound.isFinite
            && (field.kind.content as? DiscreteKind)?.values.contains(where: range.contains)
              != false,
          "\(range.lowerBound)..\(range.upperBound)"
        )
      }
    guard !isFit else { return }
    if case .range(let range) = self, let discrete = field.kind.content as? DiscreteKind {
      let nearest = discrete.values[discrete.index(nearest: range.lowerBound)]
      throw InvalidGiven(
        place: "'\(field.name)'",
        expected: "a range with one of its \(discrete.values.count) numbers in it, of which "
          + "\(nearest) is the nearest", actual: actual)
    }
    throw InvalidGiven(
      place: "'\(field.name)'", expected: "a value of \(field.kind.summary), or any",
      actual: actual)
  }
}

extension TrainedModel {
  /// Whether it was trained on a table.
  public var isOfTable: Bool {
    !schema.fields.contains { $0.kind.content.isMaskedByCell }
      && (!preprocessing.quantiles.isEmpty || !preprocessing.forms.isEmpty
        || !preprocessing.vocabularies.isEmpty)
  }

  /// The fields that a request can set: the given ones, or all fields of rows of which any may be given.
  public var conditionFields: [Field] {
    let names = Set((model.givenFields + model.rowFields).map(\.name))
    return schema.fields.filter { names.contains($0.name) }
  }
}

/// A condition on a field that the model generates, or knows nothing of.
public struct MisplacedCondition: Error, Equatable, Sendable, CustomStringConvertible {
  /// The field.
  public let field: String
  /// The fields that can be given.
  public let given: [String]

  /// Whether the model knows nothing of it, as a column that was left out of the training.
  public var wasLeftOut = false
  /// Why it was left out, as a clause behind "as"; nil where that isn't known.
  public var reason: String?

  /// One sentence a user can act on.
  public var description: String {
    (wasLeftOut
      ? "Column '\(field)' was left out when this model was trained"
        + (reason.map { ", as \($0)" } ?? "") + ", so it can't be given; "
        + "others can: "
      : "Field '\(field)' is generated by this model, so it can't be given; given are: ")
      + "\(given.map { "'\($0)'" }.joined(separator: ", "))."
  }
}
