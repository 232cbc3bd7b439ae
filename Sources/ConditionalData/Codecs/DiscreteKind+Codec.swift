package import RecordTypes
import TensorFiles

extension DiscreteKind: FieldCodec {
  package static var readsCells: Bool { true }

  package static func content(of cells: ColumnBuilder) throws -> ColumnBuilder.Content {
    let content = try cells.asNumbers()
    guard case .field(_, let cellValues, let form) = content else { return content }
    guard let values = try cellValues.distinctNumbers(atMost: ColumnBuilder.mostLevels) else {
      throw DataFileFailure(
        path: cells.path,
        expected: "at most \(ColumnBuilder.mostLevels) different numbers in column '\(cells.name)'",
        actual: "more", advice: "say 'kind: number' in schema.yaml")
    }
    return .field(FieldKind(DiscreteKind(values: values)), cellValues, form)
  }

  package func fit(_ training: TrainingColumn) throws -> FittedField {
    let numbers = training.numbers()
    return FittedField(
      scale: try FieldScale(training, [numbers]),
      quantiles: training.isTable ? QuantileMap(numbers) : nil)
  }

  package func encode(
    _ column: RecordColumn, _ field: Field, _ preprocessing: Preprocessing,
    position: (Int) -> Double
  ) -> EncodedColumn {
    let levels = column.numbers.map { Int32(index(nearest: $0)) }
    return EncodedColumn(values: .levels(levels), width: 1)
  }

  /// The numbers at the indices.
  package func decode(
    _ seen: UnsafeBufferPointer<Float>, _ field: Field, _ preprocessing: Preprocessing
  ) -> RecordColumn.Values { .numbers(seen.map { values[Int($0)] }) }
}

extension RecordColumn {
  /// The known numbers, each once, rising.
  var distinctNumbers: [Double] {
    var values: Set<Double> = []
    for (record, number) in numbers.enumerated() where isKnown(record) { values.insert(number) }
    return values.sorted()
  }
}
