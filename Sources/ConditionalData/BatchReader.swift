import RecordTypes

/// Copies chosen records into a network's input buffers, converted as networks want them.
///
/// It is called for every training step: it allocates nothing, and keeps the data set's own arrays.
public struct BatchReader: Sendable {
  private let columns: [Column]
  /// For each field, what to subtract and what to divide by, one entry for each component.
  private let scales: [(mean: [Double], deviation: [Double])]

  /// Reads `dataSet`; its numbers are standardised with `preprocessing`.
  ///
  /// Those with a ``QuantileMap`` are mapped once, here.
  public init(dataSet: DataSet, preprocessing: Preprocessing) {
    columns = zip(dataSet.schema.fields, dataSet.columns).map { field, column in
      guard let map = preprocessing.quantiles[field.name], case .reals(let values, _) = column
      else { return column }
      let normal = values.enumerated().map { record, value in
        value.isNaN
          ? value : map.normal(value, position: Preprocessing.position(ofRecord: record))
      }
      return .reals(normal, width: 1)
    }
    scales = dataSet.schema.fields.map { field in
      if preprocessing.quantiles[field.name] != nil { return ([0], [1]) }
      guard let scale = preprocessing.scales[field.name] else { return ([], []) }
      precondition(
        scale.mean.count == field.width && scale.standardDeviation.count == field.width,
        "The scale of '\(field.name)' has \(scale.mean.count) entries instead of \(field.width).")
      return (scale.mean, scale.standardDeviation)
    }
  }

  /// Fills `target` with an image, number or vector field of the records, one record after another.
  ///
  /// Bytes become `byte · (1/255)`; numbers are standardised, and a missing one stays NaN.
  ///
  /// - Parameters:
  ///   - field: The field's position in the schema; not a category.
  ///   - records: Record indices, in any order, also repeated.
  ///   - target: `[records, width]`, row-major.
  public func fillReals(
    field: Int, records: UnsafeBufferPointer<Int32>, into target: UnsafeMutableBufferPointer<Float>
  ) {
    switch columns[field] {
    case .bytes(let values, let width):
      values.withUnsafeBufferPointer { values in
        eachRow(values, records, target, width) { source, row in
          let unit: Float = 1 / 255
          for index in 0..<width { row[index] = Float(source[index]) * unit }
        }
      }
    case .reals(let values, let width):
      precondition(!scales[field].mean.isEmpty, "Field \(field) has no scale.")
      let scale = scales[field]
      scale.mean.withUnsafeBufferPointer { mean in
        scale.deviation.withUnsafeBufferPointer { deviation in
          values.withUnsafeBufferPointer { values in
            eachRow(values, records, target, width) { source, row in
              for index in 0..<width {
                row[index] = Float((Double(source[index]) - mean[index]) / deviation[index])
              }
            }
          }
        }
      }
    case .levels: preconditionFailure("Field \(field) is a category; use fillLevels.")
    }
  }

  /// Fills `target` with the level indices of a category field, -1 where the level is missing.
  ///
  /// - Parameters:
  ///   - field: The field's position in the schema; a category.
  ///   - records: Record indices, in any order, also repeated.
  ///   - target: `[records]`.
  public func fillLevels(
    field: Int, records: UnsafeBufferPointer<Int32>, into target: UnsafeMutableBufferPointer<Int32>
  ) {
    guard case .levels(let values) = columns[field] else {
      preconditionFailure("Field \(field) isn't a category; use fillReals.")
    }
    values.withUnsafeBufferPointer { values in
      eachRow(values, records, target, 1) { source, row in row.pointee = source.pointee }
    }
  }

  /// Calls `convert` with where each record's values are and where they go.
  @inline(__always)
  private func eachRow<Source, Target>(
    _ values: UnsafeBufferPointer<Source>, _ records: UnsafeBufferPointer<Int32>,
    _ target: UnsafeMutableBufferPointer<Target>, _ width: Int,
    _ convert: (UnsafePointer<Source>, UnsafeMutablePointer<Target>) -> Void
  ) {
    precondition(
      target.count == records.count * width,
      "Expected a target of \(records.count) × \(width) values, got \(target.count).")
    guard let source = values.baseAddress, let start = target.baseAddress else { return }
    for (row, record) in records.enumerated() {
      let offset = Int(record) * width
      precondition(offset >= 0 && offset < values.count, "There is no record \(record).")
      convert(source + offset, start + row * width)
    }
  }
}
