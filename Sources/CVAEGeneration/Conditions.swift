import CVAEModels
public import CVAETraining
import ConditionalData
public import RecordTypes
import TensorGraph

/// The conditions of a number of records: one column for each field of a model that can be given, in the
/// units of the data.
public struct Conditions: Sendable {
  /// One field's values.
  public enum Column: Sendable {
    /// Level indices; -1 stands for "any".
    case levels([Int32])
    /// Numbers `[count, width]`; NaN stands for "any".
    case reals([Float])
  }

  /// The number of records.
  public let count: Int
  /// By field name.
  public internal(set) var columns: [String: Column]
  /// Sets of levels and ranges of numbers that unknown values of all records must be of, by field name: of
  /// rows of which any field may be given, which draw them under all else that is known.
  public internal(set) var restrictions: [String: GivenValue] = [:]
  /// Whether it is one condition that all records are under.
  public internal(set) var isUniform = false

  /// Columns that each have `count` records.
  public init(count: Int, columns: [String: Column]) {
    self.count = count
    self.columns = columns
  }

  /// One condition for `count` records: fields that are left out are "any". Sets of levels and ranges
  /// of numbers are drawn from in each record, as often as training records have each value.
  ///
  /// - Parameter seed: Decides what is drawn.
  /// - Throws: ``UnknownName``, ``MisplacedCondition`` for a field that can't be given.
  public init(
    _ values: [String: GivenValue], count: Int, model: TrainedModel, seed: UInt64 = 1
  ) throws {
    for name in values.keys.sorted() { try Self.check(name, model: model) }
    var columns: [String: Column] = [:]
    for field in model.conditionFields {
      let draws = ConditionDraws(field, model: model, seed: seed)
      let value = Self.restriction(values[field.name], model) == nil ? values[field.name] : nil
      switch (value ?? .any, field.kind) {
      case (.level(let index), .category):
        columns[field.name] = .levels([Int32](repeating: Int32(index), count: count))
      case (.levels(let levels), .category):
        columns[field.name] = .levels((0..<count).map { draws.level(of: levels, record: $0) })
      case (_, .category):
        columns[field.name] = .levels([Int32](repeating: -1, count: count))
      case (.number(let number), .number):
        columns[field.name] = .reals([Float](repeating: Float(number), count: count))
      case (.range(let range), .number):
        columns[field.name] = .reals((0..<count).map { draws.number(within: range, record: $0) })
      default:
        columns[field.name] = .reals([Float](repeating: .nan, count: count * field.width))
      }
    }
    self.init(count: count, columns: columns)
    restrictions = values.compactMapValues { Self.restriction($0, model) }
    isUniform =
      count > 0 && restrictions.isEmpty
      && !values.values.contains { value in
        switch value {
        case .levels, .range: true
        case .level, .number, .every, .any: false
        }
      }
  }

  /// A set or range, where the model draws it under what else is known.
  private static func restriction(_ value: GivenValue?, _ model: TrainedModel) -> GivenValue? {
    guard model.model.masksRows else { return nil }
    return switch value {
    case .levels, .range: value
    case .level, .number, .every, .any, nil: nil
    }
  }

  /// Checks that a field can be given.
  ///
  /// - Throws: ``MisplacedCondition`` for a field that the model generates, ``UnknownName`` for one
  ///   that it doesn't have.
  public static func check(_ name: String, model: TrainedModel) throws {
    let known = model.conditionFields.map(\.name)
    guard !known.contains(name) else { return }
    if model.schema.fields.contains(where: { $0.name == name && $0.absenceOf == nil }) {
      throw MisplacedCondition(field: name, given: known)
    }
    if model.preprocessing.leftOut.contains(name) {
      throw MisplacedCondition(field: name, given: known, wasLeftOut: true)
    }
    throw UnknownName(kind: "field", name: name, known: known)
  }

  /// Several conditions one after the other; all have the same fields.
  public init(joining parts: [Conditions]) {
    var columns: [String: Column] = [:]
    for name in parts.first?.columns.keys.sorted() ?? [] {
      var levels: [Int32] = []
      var numbers: [Float] = []
      var isCategory = false
      for part in parts {
        switch part.columns[name] {
        case .levels(let more):
          isCategory = true
          levels += more
        case .reals(let more): numbers += more
        case nil: preconditionFailure("A part lacks the condition on '\(name)'.")
        }
      }
      columns[name] = isCategory ? .levels(levels) : .reals(numbers)
    }
    self.init(count: parts.reduce(0) { $0 + $1.count }, columns: columns)
    restrictions = parts.first?.restrictions ?? [:]
  }

  /// The same with what is known of absences: a number that is given isn't missing.
  func tellingAbsence(model: TrainedModel) -> Conditions {
    var result = self
    for input in model.model.maskedInputs {
      guard let number = input.field.absenceOf, case .reals(let numbers) = columns[number] else {
        continue
      }
      let width = numbers.count / max(1, count)
      result.columns[input.field.name] = .levels(
        (0..<count).map { numbers[$0 * width].isNaN ? -1 : 0 })
    }
    return result
  }

  /// Whether they are those of a table's rows under fixed roles.
  func areOfRows(_ model: TrainedModel) -> Bool {
    !model.model.masksRows && model.isOfTable
  }

  /// Draws every unknown level or number from what the training records had, for a model that was
  /// trained without unknown conditions.
  ///
  /// Returns the names of fields in which something was drawn. p(x) = Σ p(y) p(x | y): drawing y from
  /// its training frequencies draws x from p(x).
  mutating func drawUnknown(model: TrainedModel, seed: UInt64) -> [String] {
    var drawn: [String] = []
    defer { if !drawn.isEmpty { isUniform = false } }
    for field in model.conditionFields {
      let draws = ConditionDraws(field, model: model, seed: seed)
      switch columns[field.name] {
      case .levels(var levels):
        let all = Array(field.levels.indices)
        guard levels.contains(-1) else { continue }
        for row in levels.indices where levels[row] < 0 {
          levels[row] = draws.level(of: all, record: row)
        }
        columns[field.name] = .levels(levels)
      case .reals(var numbers):
        guard numbers.contains(where: \.isNaN) else { continue }
        for index in numbers.indices where numbers[index].isNaN {
          numbers[index] = draws.number(
            component: index % field.width, record: index / field.width)
        }
        columns[field.name] = .reals(numbers)
      case nil: continue
      }
      drawn.append(field.name)
    }
    return drawn
  }
}

extension TrainedModel {
  /// Whether it was trained on a table.
  public var isOfTable: Bool {
    !schema.fields.contains(where: \.isImage)
      && (!preprocessing.quantiles.isEmpty || !preprocessing.forms.isEmpty)
  }

  /// The fields that a request can set: the given ones, and all of rows of which any may be given.
  public var conditionFields: [Field] {
    let rows = model.maskedInputs.map(\.field).filter { !$0.isImage && $0.absenceOf == nil }
    let names = Set((model.givenInputs.map(\.field) + rows).map(\.name))
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

  /// One sentence a user can act on.
  public var description: String {
    (wasLeftOut
      ? "Column '\(field)' was left out when this model was trained, so it can't be given; others can: "
      : "Field '\(field)' is generated by this model, so it can't be given; given are: ")
      + "\(given.map { "'\($0)'" }.joined(separator: ", "))."
  }
}
