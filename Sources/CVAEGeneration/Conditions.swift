import CVAEModels
public import CVAETraining
import ConditionalData
public import RecordSchema
import TensorGraph

/// The conditions of a number of records: one column for each given field of a model, in the units
/// of the data.
public struct Conditions: Sendable {
  /// One given field's values.
  public enum Column: Sendable {
    /// Level indices; -1 stands for "any".
    case levels([Int32])
    /// Numbers `[count, width]`; NaN stands for "any".
    case reals([Float])
  }

  /// The number of records.
  public let count: Int
  /// By field name.
  public private(set) var columns: [String: Column]

  /// Columns that each have `count` records.
  public init(count: Int, columns: [String: Column]) {
    self.count = count
    self.columns = columns
  }

  /// One condition for `count` records: fields that are left out are "any".
  ///
  /// - Throws: ``UnknownName``, ``MisplacedCondition`` for a field that isn't given.
  public init(
    _ values: [String: GivenValue], count: Int, model: TrainedModel
  ) throws {
    let given = model.model.givenInputs.map(\.field)
    for name in values.keys.sorted() { try Self.check(name, model: model) }
    var columns: [String: Column] = [:]
    for field in given {
      switch (values[field.name] ?? .any, field.kind) {
      case (.level(let index), .category):
        columns[field.name] = .levels([Int32](repeating: Int32(index), count: count))
      case (_, .category):
        columns[field.name] = .levels([Int32](repeating: -1, count: count))
      case (.number(let number), .number):
        columns[field.name] = .reals([Float](repeating: Float(number), count: count))
      default:
        columns[field.name] = .reals([Float](repeating: .nan, count: count * field.width))
      }
    }
    self.init(count: count, columns: columns)
  }

  /// Checks that a field can be given.
  ///
  /// - Throws: ``MisplacedCondition`` for a field that the model generates, ``UnknownName`` for one
  ///   that it doesn't have.
  public static func check(_ name: String, model: TrainedModel) throws {
    let given = model.model.givenInputs.map(\.field.name)
    guard !given.contains(name) else { return }
    if model.schema.fields.contains(where: { $0.name == name }) {
      throw MisplacedCondition(field: name, given: given)
    }
    throw UnknownName(kind: "field", name: name, known: given)
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
  }

  /// Draws every unknown level or number from what the training records had, for a model that was
  /// trained without unknown conditions.
  ///
  /// Returns the names of fields in which something was drawn. p(x) = Σ p(y) p(x | y): drawing y from
  /// its training frequencies draws x from p(x). A number is drawn uniformly between the least and
  /// the greatest seen, one of a table from its column's own distribution.
  mutating func drawUnknown(model: TrainedModel, seed: UInt64) -> [String] {
    var drawn: [String] = []
    let position = RandomPosition(seed: seed, step: 0)
    for (name, column) in columns.sorted(by: { $0.key < $1.key }) {
      let purpose = RandomPurpose("condition " + name)
      switch column {
      case .levels(var levels):
        let counts = model.preprocessing.levelCounts[name] ?? []
        let total = Double(counts.reduce(0, +))
        guard levels.contains(-1), total > 0 else { continue }
        for row in levels.indices where levels[row] < 0 {
          var rest = position.uniform(purpose, record: UInt32(row), column: 0) * total
          let level = counts.firstIndex { count in
            rest -= Double(count)
            return rest < 0
          }
          levels[row] = Int32(level ?? counts.count - 1)
        }
        columns[name] = .levels(levels)
      case .reals(var numbers):
        guard numbers.contains(where: \.isNaN), let scale = model.preprocessing.scales[name] else {
          continue
        }
        let width = scale.minimum.count
        let map = model.preprocessing.quantiles[name]
        for index in numbers.indices where numbers[index].isNaN {
          if let map {
            let normal = position.normal(purpose, record: UInt32(index), column: 0)
            numbers[index] = map.number(Float(normal))
            continue
          }
          let share = position.uniform(
            purpose, record: UInt32(index / width), column: index % width)
          let (low, high) = (scale.minimum[index % width], scale.maximum[index % width])
          numbers[index] = Float(low + share * (high - low))
        }
        columns[name] = .reals(numbers)
      }
      drawn.append(name)
    }
    return drawn
  }

  /// Fields with numbers outside of what the training records had, each in a sentence.
  public func outOfRange(model: TrainedModel) -> [String] {
    columns.sorted { $0.key < $1.key }.compactMap { name, column in
      guard case .reals(let numbers) = column, let scale = model.preprocessing.scales[name] else {
        return nil
      }
      let width = scale.minimum.count
      for (index, number) in numbers.enumerated() {
        let (low, high) = (scale.minimum[index % width], scale.maximum[index % width])
        // Values are kept in Float, so the bounds are compared as such.
        if number < Float(low) || number > Float(high) {
          return "'\(name)' = \(number) lies outside of the trained range "
            + "\(Float(low)) to \(Float(high)); the model extrapolates."
        }
      }
      return nil
    }
  }
}

/// A condition on a field that the model generates.
public struct MisplacedCondition: Error, Equatable, Sendable, CustomStringConvertible {
  /// The field.
  public let field: String
  /// The fields that can be given.
  public let given: [String]

  /// One sentence a user can act on.
  public var description: String {
    "Field '\(field)' is generated by this model, so it can't be given; given are: "
      + "\(given.map { "'\($0)'" }.joined(separator: ", "))."
  }
}
