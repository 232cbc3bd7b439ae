package import RecordTypes

extension VectorKind: FieldCodec {
  package func fit(_ training: TrainingColumn) throws -> FittedField {
    FittedField(scale: try FieldScale(training, (0..<count).map { training.numbers($0) }))
  }

  package func validate(_ preprocessing: Preprocessing, of field: Field) throws {
    try preprocessing.validateScale(of: field)
  }

  package func encode(
    _ column: RecordColumn, _ field: Field, _ preprocessing: Preprocessing,
    position: (Int) -> Double
  ) -> EncodedColumn {
    EncodedColumn(
      values: .reals(
        column.numbers.enumerated().map { index, number in
          column.isKnown(index / count)
            ? preprocessing.standardised(number, field: field.name, component: index % count) : 0
        }), width: count)
  }

  package func decode(
    _ seen: UnsafeBufferPointer<Float>, _ field: Field, _ preprocessing: Preprocessing
  ) -> RecordColumn.Values {
    .numbers(
      seen.enumerated().map { index, value in
        preprocessing.original(value, field: field.name, component: index % count)
      })
  }
}
