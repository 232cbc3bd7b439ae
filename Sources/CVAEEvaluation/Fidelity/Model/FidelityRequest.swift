import CVAEGeneration
import CVAETraining
import ConditionalData
import RecordTypes

/// A request to a model for rows of one kind, and how well it was honoured.
public struct FidelityRequest: Hashable, Sendable, Encodable {
  /// As `--given` writes it.
  public let request: String
  /// Rows that were drawn.
  public let rows: Int
  /// The share of them that are as requested.
  public let honoured: Double
  /// The mean distance of the other columns from held-out rows of that kind.
  public let distance: Double
  /// The same for as many training rows of that kind, or all there are: the distance that arises by chance.
  /// Nil where the training rows aren't known.
  @NullIfUnknown public var baseline: Double?

  /// A kind of rows is requested only if at least so many rows of it are held out.
  private static let leastRows = 20

  /// The rarest level of the first category that can be given, and the highest tenth of the last
  /// number.
  static func all(
    _ synthetic: SyntheticRows, real: DataSet, train: [Int]?, heldOut: [Int],
    settings: FidelitySettings
  ) throws -> [FidelityRequest] {
    let known = synthetic.model.conditionFields.map(\.name)
    let fields = real.schema.fields.filter { known.contains($0.name) }
    let category = fields.first { (2...20).contains($0.levels.count) }
    let number = fields.last { $0.isNumber }
    return try [category, number].compactMap { field in
      guard let field, let column = real.records[field.name] else { return nil }
      let (own, others) = (column.selecting(train ?? heldOut), column.selecting(heldOut))
      let kind =
        field.isCategory
        ? rarest(field, others) : highest(field, own, others, form: real.forms[field.name])
      return try kind.map { kind in
        try FidelityRequest(
          kind, of: field, synthetic, real: real,
          train: train?.filter { kind.includes(column, $0) },
          heldOut: heldOut.filter { kind.includes(column, $0) }, settings: settings)
      }
    }
  }

  /// What is requested, and which real records are of that kind.
  private struct Kind {
    let text: String
    let value: GivenValue
    let includes: (RecordColumn, Int) -> Bool
  }

  private static func rarest(_ field: Field, _ heldOut: RecordColumn) -> Kind? {
    let counts = heldOut.levelCounts(of: field)
    let rarest = counts.indices.filter { counts[$0] >= leastRows }.min { counts[$0] < counts[$1] }
    return rarest.map { level in
      Kind(text: "\(field.name)=\(field.levels[level])", value: .level(level)) {
        $0.level($1) == Int32(level)
      }
    }
  }

  private static func highest(
    _ field: Field, _ train: RecordColumn, _ heldOut: RecordColumn, form: NumberForm?
  ) -> Kind? {
    let sorted = train.knownNumbers.sorted()
    guard let highest = sorted.last else { return nil }
    let low = sorted[sorted.count * 9 / 10]
    guard low < highest, heldOut.knownNumbers.count(where: { $0 >= low }) >= leastRows else {
      return nil
    }
    let ends = [low, highest].map { form?.text($0) ?? "\($0)" }
    return Kind(text: "\(field.name)=\(ends[0])..\(ends[1])", value: .range(low...highest)) {
      $0.number($1).map((low...highest).contains) ?? false
    }
  }

  /// Draws rows of a kind; `train` and `heldOut` are the real ones of it.
  private init(
    _ kind: Kind, of field: Field, _ synthetic: SyntheticRows, real: DataSet, train: [Int]?,
    heldOut: [Int], settings: FidelitySettings
  ) throws {
    let count = min(max((train ?? heldOut).count, 100), settings.mostRows)
    let drawn = try synthetic.rows([field.name: kind.value], count: count, seed: settings.seed)
    let column = drawn.columns[try drawn.schema.index(of: field.name)]
    request = kind.text
    rows = count
    honoured = Double((0..<count).count { kind.includes(column, $0) }) / Double(count)
    let tables = try ComparedTables(real: real, synthetic: drawn)
    let index = try tables.real.schema.index(of: field.name)
    let reference = tables.real.selecting(heldOut).without(index)
    distance = ColumnDistance.mean(tables.synthetic.without(index), reference)
    _baseline = NullIfUnknown(
      wrappedValue: train.map { train in
        ColumnDistance.mean(
          tables.real.selecting(train).sample(count, "request", seed: settings.seed).without(index),
          reference)
      })
  }

  /// Requests for people; nil for none.
  static func table(_ requests: [FidelityRequest]) -> ResultTable? {
    guard !requests.isEmpty else { return nil }
    let hasBaseline = requests.contains { $0.baseline != nil }
    return ResultTable(
      "whether requests are honoured", heading: "requests, other columns' distance",
      columns: ["honoured", "synthetic"] + (hasBaseline ? ["training"] : []),
      lines: requests.map { request in
        ResultTable.Line(
          request.request,
          [request.honoured.percent, request.distance.text(3)]
            + (request.baseline.map { [$0.text(3)] } ?? []), depth: 1)
      },
      reading: "Of the rows that were requested, the share that is as requested, 100 % at best; "
        + "and how far their other columns lie from those of real rows of that kind, from 0 to 1: "
        + "lower is better"
        + (hasBaseline ? ", and training rows of that kind reach what can be expected." : "."),
      names: 36, widths: [12])
  }
}
