import ConditionalData
import RecordTypes

extension GeneratedRecords {
  /// Transferred pictures with the details of their inputs: D(u, y′) + x − D(u, y), kept in [0, 1], where D draws style u
  /// under the new condition y′ or the input's own y. What the model can't draw again is carried over as it is; under its own
  /// condition an input stays whole.
  ///
  /// - Parameters:
  ///   - inputs: The inputs, with their pictures.
  ///   - rows: For each of these records, the place of its input.
  ///   - own: These records drawn in the same styles under the inputs' own conditions.
  public func adding(
    detailsOf inputs: TransferInputs, rows: [Int], drawnAs own: GeneratedRecords
  ) -> GeneratedRecords {
    let columns = zip(records.schema.fields, records.columns).map { field, column in
      guard field.isImage, let source = inputs.data.records[field.name],
        let old = own.records[field.name]
      else { return column }
      let pictures = zip(
        zip(column.grey, old.grey), source.selecting(rows).grey
      ).map { drawn, picture in min(max(picture + (drawn.0 - drawn.1), 0), 1) }
      return RecordColumn(.intensities(pictures), width: column.width, cells: column.cells)
    }
    return GeneratedRecords(
      conditions: conditions, given: given,
      records: Records(trusting: records.schema, columns, count: count), forms: forms,
      drawnConditions: drawnConditions)
  }
}

extension RecordColumn {
  /// Grey values or colours in [0, 1].
  fileprivate var grey: [Float] {
    switch values {
    case .intensities(let values): values
    case .bytes(let bytes): bytes.withUnsafeBufferPointer { $0.map { Float($0) / 255 } }
    case .levels, .numbers, .texts: []
    }
  }
}
