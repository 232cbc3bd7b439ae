import CVAEGeneration
import CVAEModels
import CVAETraining
import RecordSchema

/// What `--given` asks for: the records' conditions, and the groups that a sheet shows in rows.
struct GenerationRequest {
  /// Records under one condition.
  struct Group {
    let label: String
    let rows: Range<Int>
  }

  let conditions: Conditions
  let groups: [Group]

  /// Every combination of the fields set to `*`, `count` records of each.
  init(arguments: [String], count: Int, model: TrainedModel) throws {
    var values: [String: GivenValue] = [:]
    var names: [String] = []
    for argument in arguments {
      let parsed = try GivenArgument.parse(argument)
      if values[parsed.fieldName] != nil {
        throw InvalidRequest("--given sets '\(parsed.fieldName)' twice; set each field once.")
      }
      values[parsed.fieldName] = try parsed.value(in: model.schema)
      names.append(parsed.fieldName)
    }
    var combinations: [[String: GivenValue]] = [values]
    for name in names where values[name] == .every {
      let levels = try model.schema.field(name).levels.count
      combinations = combinations.flatMap { combination in
        (0..<levels).map { combination.merging([name: .level($0)]) { $1 } }
      }
    }
    let total = combinations.count.multipliedReportingOverflow(by: count)
    guard !total.overflow, total.partialValue <= 10_000_000 else {
      throw InvalidRequest(
        "\(combinations.count) conditions times \(count) records is too much for one run; "
          + "the most is 10,000,000.")
    }
    var parts: [Conditions] = []
    var groups: [Group] = []
    for (index, combination) in combinations.enumerated() {
      parts.append(try Conditions(combination, count: count, model: model))
      groups.append(
        Group(
          label: try Self.label(combination, names, model.schema),
          rows: index * count..<(index + 1) * count))
    }
    conditions = Conditions(joining: parts)
    self.groups = groups
  }

  private static func label(
    _ values: [String: GivenValue], _ names: [String], _ schema: RecordSchema
  ) throws -> String {
    let parts = try names.map { name in
      let field = try schema.field(name)
      switch values[name] {
      case .level(let index):
        return names.count == 1 ? field.levels[index] : "\(name) = \(field.levels[index])"
      case .number(let number): return "\(name) = \(number)"
      case .every, .any, nil: return "\(name) = any"
      }
    }
    return parts.joined(separator: ", ")
  }
}

/// A request that can't be served as it stands.
struct InvalidRequest: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
