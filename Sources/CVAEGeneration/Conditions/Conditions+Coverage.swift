import CVAEModels
public import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph

extension Conditions {
  /// Sentences about values that no training record has, and how far outside they lie.
  ///
  /// - Parameter place: Where a field's value in a record was said, such as a file's line; sentences begin with it.
  public func uncovered(
    by model: TrainedModel, at place: (_ field: String, _ record: Int) -> String? = { _, _ in nil }
  ) -> [String] {
    func placed(_ sentence: String, _ field: String, _ record: Int) -> String {
      place(field, record).map { "\($0): \(sentence)" } ?? sentence
    }
    return (excluded(by: model) + emptied(by: model))
      .map { placed($0.sentence, $0.field, $0.record) }
      + model.conditionFields.flatMap { field -> [String] in
        if let restriction = restrictions[field.name] {
          return Self.uncovered(restriction, field, model).map { placed($0, field.name, 0) }
        }
        guard let column = records[field.name] else { return [] }
        if field.isCategory {
          var first: [Int32: Int] = [:]
          for record in (0..<count).reversed() {
            if let level = column.level(record) { first[level] = record }
          }
          return Self.unseen(Set(first.keys), of: field, model).map { sentence, level in
            placed(sentence, field.name, first[level] ?? 0)
          }
        }
        let numbers = (0..<(column.numbers.isEmpty ? 0 : column.width)).map { component in
          (0..<count).compactMap { column.number($0, component: component) }
        }
        return (Self.outside(numbers, of: field, model) + Self.offGrid(numbers, of: field, model))
          .map { sentence, number in
            let record = (0..<count).first { record in
              (0..<column.width).contains { column.number(record, component: $0) == number }
            }
            return placed(sentence, field.name, record ?? 0)
          }
      }
  }

  /// Sentences about given values of which some decide another, in a combination that hardly any record has.
  private func excluded(
    by model: TrainedModel
  ) -> [(sentence: String, field: String, record: Int)] {
    let decided = Set(model.model.configuration.combinations ?? [])
    return model.model.exclusions.compactMap { exclusion in
      let fields = (exclusion.sources + [exclusion.target]).map(\.field)
      let columns = fields.compactMap { records[$0.name] }
      guard decided.contains(fields.map(\.name)), columns.count == fields.count,
        let table = model.tensors[exclusion.table.name]?.values
      else { return nil }
      let width = exclusion.table.shape.columns
      let row = (0..<count).first { row in
        let levels = zip(fields, columns).compactMap { Self.level($0, $1, row) }
        guard levels.count == fields.count, let own = levels.last else { return false }
        return table[exclusion.row(Array(levels.dropLast())) * width + own] != 0
      }
      guard let row else { return nil }
      let values = zip(fields, columns).map { Self.text($0, $1, row, model) }
      let sources = fields.dropLast().map { "'\($0.name)'" }
      let sentence =
        "hardly any training record has \(values.dropLast().joined(separator: " and ")) together with "
        + "\(values.last ?? ""), as \(sources.joined(separator: " and ")) "
        + "\(sources.count == 1 ? "decides" : "decide") '\(exclusion.target.field.name)'; all stay as given, "
        + "and the model guesses the rest."
      return (sentence, exclusion.target.field.name, row)
    }
  }

  /// Sentences about sets and ranges without a value that occurs together with other given values.
  private func emptied(
    by model: TrainedModel
  ) -> [(sentence: String, field: String, record: Int)] {
    model.model.exclusions.compactMap { exclusion in
      let target = exclusion.target.field
      let sources = exclusion.sources.map(\.field)
      let columns = sources.compactMap { records[$0.name] }
      guard let restriction = restrictions[target.name], !sources.isEmpty,
        columns.count == sources.count, let table = model.tensors[exclusion.table.name]?.values,
        let wanted = Self.levels(restriction, of: target)
      else { return nil }
      let width = exclusion.table.shape.columns
      let row = (0..<count).first { row in
        let levels = zip(sources, columns).compactMap { Self.level($0, $1, row) }
        guard levels.count == sources.count else { return false }
        let start = exclusion.row(levels) * width
        return wanted.allSatisfy { table[start + $0] != 0 }
      }
      guard let row else { return nil }
      let values = zip(sources, columns).map { Self.text($0, $1, row, model) }
      let sentence =
        "hardly any training record has \(values.joined(separator: " and ")) together with what is asked of "
        + "'\(target.name)'; all stay as given, and the model guesses the rest."
      return (sentence, target.name, row)
    }
  }

  /// The levels that fit a set or a range.
  private static func levels(_ restriction: GivenValue, of field: Field) -> [Int]? {
    switch restriction {
    case .levels(let levels): levels
    case .range(let range):
      (field.kind.content as? DiscreteKind).map { discrete in
        discrete.values.indices.filter { range.contains(discrete.values[$0]) }
      }
    default: nil
    }
  }

  private static func level(_ field: Field, _ column: RecordColumn, _ row: Int) -> Int? {
    guard let discrete = field.kind.content as? DiscreteKind else {
      return column.level(row).map(Int.init)
    }
    return column.number(row).map(discrete.index(nearest:))
  }

  private static func text(
    _ field: Field, _ column: RecordColumn, _ row: Int, _ model: TrainedModel
  ) -> String {
    let value =
      column.level(row).map { field.levels[Int($0)] }
      ?? column.number(row).map { model.preprocessing.forms[field.name]?.text($0) ?? "\($0)" }
    return "'\(field.name)' = \(value ?? "nothing")"
  }

  /// Sentences about a set with levels that no record has, about a range that lies wholly outside (by its farther
  /// end), and about one that lies between two numbers that the column can have.
  private static func uncovered(
    _ restriction: GivenValue, _ field: Field, _ model: TrainedModel
  ) -> [String] {
    switch restriction {
    case .levels(let levels):
      return unseen(Set(levels.map { Int32($0) }), of: field, model).map(\.sentence)
    case .range(let range):
      guard let scale = model.preprocessing.scales[field.name] else { return [] }
      if range.upperBound < scale.minimum[0] {
        return outside([[range.lowerBound]], of: field, model).map(\.sentence)
      }
      if range.lowerBound > scale.maximum[0] {
        return outside([[range.upperBound]], of: field, model).map(\.sentence)
      }
      return offGrid(range, of: field, model)
    case .level, .number, .text, .every, .any, .missing: return []
    }
  }

  /// A number that its column can't write.
  private static func offGrid(
    _ numbers: [[Double]], of field: Field, _ model: TrainedModel
  ) -> [(sentence: String, number: Double)] {
    if let discrete = field.kind.content as? DiscreteKind {
      guard let wrong = numbers.joined().first(where: { !discrete.values.contains($0) }) else {
        return []
      }
      let nearest = discrete.values[discrete.index(nearest: wrong)]
      let sentence =
        "'\(field.name)' is never \(wrong) in training records; the other columns are drawn as for "
        + "\(model.preprocessing.forms[field.name]?.text(nearest) ?? "\(nearest)")."
      return [(sentence, wrong)]
    }
    guard let form = model.preprocessing.forms[field.name], form.decimals != nil,
      let wrong = numbers.joined().first(where: { form.rounded($0) != $0 })
    else { return [] }
    return [
      ("'\(field.name)' = \(wrong) is written as \(form.text(wrong)), like its column.", wrong)
    ]
  }

  /// A range without any number that its column can write.
  private static func offGrid(
    _ range: ClosedRange<Double>, of field: Field, _ model: TrainedModel
  ) -> [String] {
    guard let form = model.preprocessing.forms[field.name],
      !range.contains(form.rounded(range.lowerBound)),
      !range.contains(form.rounded(range.upperBound))
    else { return [] }
    let ends = [range.lowerBound, range.upperBound].map { form.text($0) }
    return [
      "no number that '\(field.name)' can have lies in \(range.lowerBound)..\(range.upperBound); it is "
        + "written as \(ends[0] == ends[1] ? ends[0] : ends.joined(separator: " or ")), like its column."
    ]
  }

  private static func unseen(
    _ levels: Set<Int32>, of field: Field, _ model: TrainedModel
  ) -> [(sentence: String, level: Int32)] {
    guard let counts = model.preprocessing.levelCounts[field.name] else { return [] }
    let unseen = levels.sorted().filter { counts[Int($0)] == 0 }
    guard let first = unseen.first else { return [] }
    let names = unseen.map { "'\(field.levels[Int($0)])'" }.joined(separator: ", ")
    return [("no training record has \(field.name) \(names); the model guesses.", first)]
  }

  /// The number that lies farthest outside, in each direction and component.
  private static func outside(
    _ numbers: [[Double]], of field: Field, _ model: TrainedModel
  ) -> [(sentence: String, number: Double)] {
    guard let scale = model.preprocessing.scales[field.name] else { return [] }
    let form = model.preprocessing.forms[field.name]
    func text(_ number: Double) -> String { form?.text(number) ?? "\(number)" }
    var sentences: [(sentence: String, number: Double)] = []
    for (component, own) in numbers.enumerated() {
      guard let least = own.min(), let greatest = own.max() else { continue }
      let (low, high) = (scale.minimum[component], scale.maximum[component])
      for (number, bound) in [(least, low), (greatest, high)]
      where bound == low ? number < low : number > high {
        let distance = abs(number - bound)
        let ratio = distance / scale.standardDeviation[component]
        let deviations =
          ratio < 0.05
          ? "less than 0.1" : String(format: ratio < 1e6 ? "%.1f" : "%.3g", ratio)
        sentences.append(
          (
            "'\(field.name)' = \(text(number)) lies outside of the trained range "
              + "\(text(low)) to \(text(high)), by \(deviations) standard deviations; the model "
              + "extrapolates.", number
          ))
      }
    }
    return sentences
  }
}
