package import RecordTypes

extension ImageKind: FieldCodec {
  package func encode(
    _ column: RecordColumn, _ field: Field, _ preprocessing: Preprocessing,
    position: (Int) -> Double
  ) -> EncodedColumn {
    let values: EncodedColumn.Values =
      switch column.values {
      case .bytes(let bytes): .bytes(bytes)
      case .intensities(let values): .reals(values)
      case .levels, .numbers, .texts: .reals([])
      }
    return EncodedColumn(values: values, width: size.count)
  }

  package func decode(
    _ seen: UnsafeBufferPointer<Float>, _ field: Field, _ preprocessing: Preprocessing
  ) -> RecordColumn.Values { .intensities(Array(seen)) }
}
