import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining
import RecordTypes

/// What `--given` requests: every combination of the fields set to `*`, and `count` records of each.
struct GenerationRequest {
  /// How many records are requested.
  let count: Int

  private let combinations: [(values: [String: GivenValue], label: String)]
  private let countOfEach: Int
  private let model: TrainedModel
  private let seed: UInt64

  init(arguments: [String], count: Int, model: TrainedModel, seed: UInt64) throws {
    combinations = try Self.combinations(arguments, count: count, model: model)
    countOfEach = count
    self.count = combinations.count * count
    self.model = model
    self.seed = seed
  }

  /// The records of each combination.
  var groups: [RecordGroup] {
    combinations.enumerated().map { index, combination in
      RecordGroup(
        label: combination.label, rows: index * countOfEach..<(index + 1) * countOfEach)
    }
  }

  /// The conditions of some records.
  func conditions(_ records: Range<Int>) throws -> Conditions {
    var parts: [Conditions] = []
    var next = records.lowerBound
    while next < records.upperBound {
      let (index, first) = next.quotientAndRemainder(dividingBy: countOfEach)
      let size = min(countOfEach - first, records.upperBound - next)
      parts.append(try conditions(of: index, size, first: first))
      next += size
    }
    return Conditions(joining: parts)
  }

  private func conditions(of combination: Int, _ count: Int, first: Int) throws -> Conditions {
    try Conditions(
      combinations[combination].values, count: count, first: first, model: model, seed: seed)
  }

  /// Sentences about values that no training record has.
  func uncovered() throws -> [String] {
    // Sets and ranges are judged by what the first records draw from them.
    let size = min(countOfEach, max(1, Self.judged / combinations.count))
    return Conditions(
      joining: try combinations.indices.map { try conditions(of: $0, size, first: 0) }
    ).uncovered(by: model) { _, _ in "--given" }
  }

  private static let judged = 100_000
}

/// Records that belong together.
struct RecordGroup {
  /// What they have in common, as a sheet or a file's name says it.
  let label: String
  let rows: Range<Int>
}

extension GenerationRequest {
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
      case .text(let text): return "\(name) = \(text)"
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
