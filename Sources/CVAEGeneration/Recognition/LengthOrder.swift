import CVAEModels
package import CVAETraining
package import ConditionalData
import RecordTypes

/// Records by the length of their texts, so that little is spent on what stands behind a text's end; as they were where
/// there are none.
package struct LengthOrder {
  /// The records, those with the shortest texts first.
  package let records: [Int32]
  /// The place of each among the records as they were.
  private let places: [Int]

  package init(_ records: [Int32], of data: DataSet, _ model: TrainedModel) {
    let names = Set(model.model.inputs.filter(\.isText).map(\.field.name))
    let texts = zip(data.schema.fields, data.columns).compactMap { field, column in
      names.contains(field.name) && field.isText ? column.texts : nil
    }
    let lengths = records.map { record in
      texts.reduce(0) { $0 + $1.length(of: Int(record)) }
    }
    places =
      texts.isEmpty
      ? Array(records.indices)
      : records.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    self.records = places.map { records[$0] }
  }

  /// What belongs to the records, some values each, in the order in which they were.
  package func restored<Value>(_ values: [Value], each width: Int = 1) -> [Value] {
    var rows = [Int](repeating: 0, count: places.count)
    for (row, place) in places.enumerated() { rows[place] = row }
    return rows.flatMap { values[$0 * width..<($0 + 1) * width] }
  }

  /// Other records, each in the place of the one that it belongs to.
  package func sorted(_ others: [Int32]) -> [Int32] { places.map { others[$0] } }
}
