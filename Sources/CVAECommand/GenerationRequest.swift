import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining
import RecordTypes

/// What `--given` requests: the records' conditions, and the groups that a sheet shows in rows.
struct GenerationRequest {
  /// Records under one condition.
  struct Group {
    let label: String
    let rows: Range<Int>
  }

  let conditions: Conditions
  let groups: [Group]
}

extension GenerationRequest {
  /// Every combination of the fields set to `*`, `count` records of each.
  init(arguments: [String], count: Int, model: TrainedModel, seed: UInt64) throws {
    var parts: [Conditions] = []
    var groups: [Group] = []
    let combinations = try Self.combinations(arguments, count: count, model: model)
    for (index, combination) in combinations.enumerated() {
      parts.append(
        try Conditions(combination.values, count: count, model: model, seed: seed))
      groups.append(Group(label: combination.label, rows: index * count..<(index + 1) * count))
    }
    self.init(conditions: Conditions(joining: parts), groups: groups)
  }

  /// Every combination of the fields set to `*`, with its label.
  ///
  /// - Throws: ``InvalidRequest`` where `count` records of each are more than one command makes.
  static func combinations(
    _ arguments: [String], count: Int, model: TrainedModel
  ) throws -> [(values: [String: GivenValue], label: String)] {
    var values: [String: GivenValue] = [:]
    var names: [String] = []
    for parsed in try Self.parse(arguments, known: model.schema.fields.map(\.name)) {
      try Conditions.check(parsed.fieldName, model: model)
      values[parsed.fieldName] = try parsed.value(for: model)
      names.append(parsed.fieldName)
    }
    var combinations: [[String: GivenValue]] = [values]
    for name in names where values[name] == .every {
      let levels = try model.schema.field(name).levels.count
      try Self.checkSize(combinations.count.multipliedReportingOverflow(by: levels), count)
      combinations = combinations.flatMap { combination in
        (0..<levels).map { combination.merging([name: .level($0)]) { $1 } }
      }
    }
    try Self.checkSize((combinations.count, false), count)
    return try combinations.map { ($0, try label($0, names, model.schema)) }
  }

  /// What the arguments say.
  ///
  /// - Parameter known: The names of a model's fields; none before a model is read, when a second equals sign
  ///   leaves open what the name is.
  /// - Throws: `InvalidGiven` for one that is no `FIELD=VALUE`, and for a field that is set twice.
  static func parse(
    _ arguments: [String], option: String = "--given", known: [String] = []
  ) throws -> [GivenArgument] {
    var names: Set<String> = []
    return try arguments.map { argument in
      let parsed = try GivenArgument.parse(argument, known: known)
      if known.isEmpty, parsed.text.utf8.contains(UInt8(ascii: "=")) { return parsed }
      guard names.insert(parsed.fieldName).inserted else {
        throw InvalidGiven(
          place: option, expected: "each field once", actual: "'\(parsed.fieldName)' twice")
      }
      return parsed
    }
  }

  /// Refuses wrong arguments with the command's usage.
  static func validate(_ parse: () throws -> Void) throws {
    do {
      try parse()
    } catch let error as InvalidGiven {
      throw ValidationError("\(error)")
    }
  }

  private static func checkSize(
    _ conditions: (partialValue: Int, overflow: Bool), _ count: Int
  ) throws {
    let total = conditions.partialValue.multipliedReportingOverflow(by: count)
    guard !conditions.overflow, !total.overflow, total.partialValue <= NumberCheck.mostRecords
    else {
      throw InvalidRequest(
        "expected at most 10,000,000 records, got \(conditions.partialValue) conditions times "
          + "--count \(count); ask for fewer.")
    }
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
      case .levels(let levels):
        return "\(name) = \(levels.map { field.levels[$0] }.joined(separator: " or "))"
      case .range(let range): return "\(name) = \(range.lowerBound) to \(range.upperBound)"
      case .missing: return "\(name) is missing"
      case .every, .any, nil: return "\(name) = any"
      }
    }
    return parts.joined(separator: ", ")
  }
}

/// A request that can't be fulfilled as it stands.
struct InvalidRequest: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
