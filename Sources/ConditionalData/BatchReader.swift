import RecordTypes

/// Copies chosen records into a network's input buffers, converted as networks want them.
///
/// It is called for every training step and allocates nothing. Numbers are converted once, when it is made;
/// pictures stay where the data set has them. Of a missing cell it writes a 0.
public struct BatchReader: Sendable {
  private enum Source: Sendable {
    case bytes(ByteStorage)
    case reals([Float])
    case levels([Int32])
  }

  private let sources: [Source]
  private let columns: [RecordColumn]

  /// Reads `dataSet`; its numbers are standardised with `preprocessing`.
  public init(dataSet: DataSet, preprocessing: Preprocessing) {
    columns = dataSet.columns
    sources = zip(dataSet.schema.fields, dataSet.columns).map { field, column in
      switch column.values {
      case .bytes(let bytes): .bytes(bytes)
      case .intensities(let values): .reals(values)
      case .levels(let levels): .levels(levels)
      case .numbers(let numbers):
        .reals(
          numbers.enumerated().map { index, number in
            let (record, component) = (index / column.width, index % column.width)
            guard column.isKnown(record, cell: component) else { return 0 }
            return preprocessing.standardised(
              number, field: field.name, component: component,
              position: Preprocessing.position(ofRecord: record))
          })
      }
    }
  }

  /// Whether a cell of a record has a value.
  @inline(__always)
  public func isKnown(field: Int, record: Int32, cell: Int) -> Bool {
    columns[field].isKnown(Int(record), cell: cell)
  }

  /// Whether all cells of a record have values.
  @inline(__always)
  public func isKnown(field: Int, record: Int32) -> Bool { columns[field].isKnown(Int(record)) }

  /// Fills `target` with an image, number or vector field of the records, one record after another.
  ///
  /// Bytes become `byte · (1/255)`; numbers are standardised.
  ///
  /// - Parameters:
  ///   - field: The field's position in the schema; not a category.
  ///   - records: Record indices, in any order, also repeated.
  ///   - target: `[records, width]`, row-major.
  public func fillReals(
    field: Int, records: UnsafeBufferPointer<Int32>, into target: UnsafeMutableBufferPointer<Float>
  ) {
    let width = columns[field].width
    switch sources[field] {
    case .bytes(let values):
      values.withUnsafeBufferPointer { values in
        eachRow(values, records, target, width) { source, row in
          let unit: Float = 1 / 255
          for index in 0..<width { row[index] = Float(source[index]) * unit }
        }
      }
    case .reals(let values):
      values.withUnsafeBufferPointer { values in
        eachRow(values, records, target, width) { source, row in
          row.update(from: source, count: width)
        }
      }
    case .levels: preconditionFailure("Field \(field) is a category; use fillLevels.")
    }
  }

  /// Fills `target` with the level indices of a category field.
  ///
  /// - Parameters:
  ///   - field: The field's position in the schema; a category.
  ///   - records: Record indices, in any order, also repeated.
  ///   - target: `[records]`.
  public func fillLevels(
    field: Int, records: UnsafeBufferPointer<Int32>, into target: UnsafeMutableBufferPointer<Int32>
  ) {
    guard case .levels(let values) = sources[field] else {
      preconditionFailure("Field \(field) isn't a category; use fillReals.")
    }
    values.withUnsafeBufferPointer { values in
      eachRow(values, records, target, 1) { source, row in row.pointee = source.pointee }
    }
  }

  /// Calls `convert` with where each record's values are and where they go.
  @inline(__always)
  private func eachRow<Element, Target>(
    _ values: UnsafeBufferPointer<Element>, _ records: UnsafeBufferPointer<Int32>,
    _ target: UnsafeMutableBufferPointer<Target>, _ width: Int,
    _ convert: (UnsafePointer<Element>, UnsafeMutablePointer<Target>) -> Void
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
