import CVAEGeneration
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes

/// A request of a model, and what came of it.
public struct FidelityRequest: Hashable, Sendable, Encodable {
  /// As `--given` writes it.
  public let request: String
  /// Rows that were drawn.
  public let rows: Int
  /// The share of them that are as asked for.
  public let honoured: Double
  /// The mean distance of the other columns from held-out rows of that kind.
  public let distance: Double
  /// The same of as many training rows of that kind, or all there are: what chance alone makes of it.
  public let baseline: Double

  /// A kind of rows is asked for only where at least so many are held out.
  private static let leastRows = 20

  /// The rarest level of the first category that can be given, and the highest tenth of the last
  /// number.
  static func all(
    _ synthetic: SyntheticRows, real: DataSet, train: [Int32], heldOut: [Int32],
    settings: FidelitySettings
  ) throws -> [FidelityRequest] {
    let known = synthetic.model.conditionFields.map(\.name)
    let fields = real.schema.fields.filter { known.contains($0.name) }
    let category = fields.first { (2...20).contains($0.levels.count) }
    let number = fields.last { $0.kind == .number }
    return try [category, number].compactMap { field in
      guard let field else { return nil }
      let kind =
        field.isCategory
        ? try rarest(field, real, heldOut) : try highest(field, real, train, heldOut)
      return try kind.map { kind in
        try FidelityRequest(
          kind, of: field, synthetic, real: real, train: train, heldOut: heldOut,
          settings: settings)
      }
    }
  }

  /// What is asked for, and which real records are of the kind.
  private struct Kind {
    let text: String
    let value: GivenValue
    let includes: (Column, Int32) -> Bool
  }

  private static func rarest(
    _ field: Field, _ real: DataSet, _ heldOut: [Int32]
  ) throws -> Kind? {
    guard case .levels(let levels) = real.columns[try real.schema.index(of: field.name)] else {
      return nil
    }
    var counts = [Int](repeating: 0, count: field.levels.count)
    for record in heldOut where levels[Int(record)] >= 0 { counts[Int(levels[Int(record)])] += 1 }
    let rarest = counts.indices.filter { counts[$0] >= leastRows }.min { counts[$0] < counts[$1] }
    return rarest.map { level in
      Kind(text: "\(field.name)=\(field.levels[level])", value: .level(level)) { column, record in
        if case .levels(let levels) = column { levels[Int(record)] == level } else { false }
      }
    }
  }

  private static func highest(
    _ field: Field, _ real: DataSet, _ train: [Int32], _ heldOut: [Int32]
  ) throws -> Kind? {
    guard case .reals(let numbers, 1) = real.columns[try real.schema.index(of: field.name)] else {
      return nil
    }
    let sorted = train.map { numbers[Int($0)] }.filter { !$0.isNaN }.sorted()
    guard let highest = sorted.last else { return nil }
    let low = sorted[sorted.count * 9 / 10]
    guard low < highest, heldOut.count(where: { numbers[Int($0)] >= low }) >= leastRows else {
      return nil
    }
    let form = real.forms[field.name]
    let ends = [low, highest].map { form?.text(Double($0)) ?? "\($0)" }
    return Kind(
      text: "\(field.name)=\(ends[0])..\(ends[1])", value: .range(Double(low)...Double(highest))
    ) { column, record in
      guard case .reals(let numbers, _) = column else { return false }
      return (low...highest).contains(numbers[Int(record)])
    }
  }

  private init(
    _ kind: Kind, of field: Field, _ synthetic: SyntheticRows, real: DataSet, train: [Int32],
    heldOut: [Int32], settings: FidelitySettings
  ) throws {
    let index = try real.schema.index(of: field.name)
    let isWanted = { (record: Int32) in kind.includes(real.columns[index], record) }
    let (own, others) = (train.filter(isWanted), heldOut.filter(isWanted))
    let count = min(max(own.count, 100), settings.mostRows)
    let drawn = try synthetic.rows([field.name: kind.value], count: count, seed: settings.seed)
    let column = drawn.columns[try drawn.schema.index(of: field.name)]
    request = kind.text
    rows = count
    honoured = Double((0..<Int32(count)).count { kind.includes(column, $0) }) / Double(count)
    let tables = try ComparedTables(real: real, synthetic: drawn)
    let place = tables.real.columns.firstIndex { $0.name == field.name } ?? 0
    let reference = tables.real.picked(others).without(place)
    distance = Self.mean(tables.synthetic.without(place), reference)
    baseline = Self.mean(
      tables.real.picked(own).sample(count, "request", seed: settings.seed).without(place),
      reference)
  }

  private static func mean(_ first: [TableColumn], _ second: [TableColumn]) -> Double {
    guard !first.isEmpty else { return 0 }
    return zip(first, second).reduce(0) { $0 + ColumnDistance.between($1.0, $1.1) }
      / Double(first.count)
  }

  /// Requests in aligned columns, for people.
  package static func table(_ requests: [FidelityRequest]) -> String {
    let lines = requests.map { request in
      line(
        "  " + request.request,
        [
          String(format: "%.1f %%", 100 * request.honoured),
          String(format: "%.3f", request.distance), String(format: "%.3f", request.baseline),
        ])
    }
    return
      ([line("requests, other columns' distance", ["honoured", "synthetic", "training"])] + lines)
      .joined(separator: "\n")
  }

  private static func line(_ name: String, _ cells: [String]) -> String {
    name + String(repeating: " ", count: max(1, 36 - name.count))
      + cells.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
  }
}
