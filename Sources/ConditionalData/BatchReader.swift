package import RecordTypes

/// Copies chosen records into a network's input buffers, converted as networks want them.
///
/// It is called for every training step and allocates nothing. Numbers are converted once, when it is made;
/// pictures stay where the records have them.
package struct BatchReader: Sendable {
  private let sources: [EncodedColumn]
  private let columns: [RecordColumn]

  /// Reads `records`.
  ///
  /// - Parameter position: Where a record falls in the interval of a value that several records share, 0 to 1.
  package init(
    _ records: Records, preprocessing: Preprocessing,
    position: (Int) -> Double = Preprocessing.position(ofRecord:)
  ) {
    columns = records.columns
    sources = zip(records.schema.fields, records.columns).map { field, column in
      field.codec.encode(column, field, preprocessing, position: position)
    }
  }

  /// Whether a cell of a record has a value.
  @inline(__always)
  package func isKnown(field: Int, record: Int32, cell: Int) -> Bool {
    columns[field].isKnown(Int(record), cell: cell)
  }

  /// Whether all cells of a record have values.
  @inline(__always)
  package func isKnown(field: Int, record: Int32) -> Bool { columns[field].isKnown(Int(record)) }

  /// Fills `target` with a field of the records, one record after another.
  ///
  /// - Parameters:
  ///   - field: The field's position in the schema; not one of levels or texts.
  ///   - records: Record indices, in any order, also repeated.
  ///   - target: `[records, width]`, row-major.
  package func fillReals(
    field: Int, records: UnsafeBufferPointer<Int32>, into target: UnsafeMutableBufferPointer<Float>
  ) {
    let width = sources[field].width
    switch sources[field].values {
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
    case .levels: preconditionFailure("Field \(field) holds levels; use fillLevels.")
    case .tokens: preconditionFailure("Field \(field) holds texts; use fillTokens.")
    }
  }

  /// Fills `target` with the level indices of a field.
  ///
  /// - Parameters:
  ///   - field: The field's position in the schema; one of levels.
  ///   - records: Record indices, in any order, also repeated.
  ///   - target: `[records]`.
  package func fillLevels(
    field: Int, records: UnsafeBufferPointer<Int32>, into target: UnsafeMutableBufferPointer<Int32>
  ) {
    guard case .levels(let values) = sources[field].values else {
      preconditionFailure("Field \(field) holds no levels; use fillReals.")
    }
    values.withUnsafeBufferPointer { values in
      eachRow(values, records, target, 1) { source, row in row.pointee = source.pointee }
    }
  }

  /// The number of a text's tokens, its end mark included; 0 for a missing one.
  package func tokenCount(field: Int, record: Int32) -> Int {
    tokenRows(field).count(of: Int(record))
  }

  /// How many texts of a field are cut, as they have more tokens than its kind keeps.
  package func cutCount(field: Int) -> Int { tokenRows(field).cut }

  /// Fills `targets` with the first tokens of a field's texts, one step after another.
  ///
  /// - Parameters:
  ///   - field: The field's position in the schema; a text.
  ///   - records: Record indices, in any order, also repeated.
  ///   - steps: How many tokens of each text are taken at most.
  ///   - targets: `[steps, records]`: the tokens at each step, and `none` behind a text's last token.
  ///   - lengths: `[records]`: how many tokens each text has, at most `steps`.
  ///   - none: What stands behind the last token.
  package func fillTokens(
    field: Int, records: UnsafeBufferPointer<Int32>, steps: Int,
    targets: UnsafeMutableBufferPointer<Int32>, lengths: UnsafeMutableBufferPointer<Int32>,
    none: Int32
  ) {
    let rows = tokenRows(field)
    precondition(
      targets.count == steps * records.count && lengths.count == records.count,
      "Expected room for \(steps) × \(records.count) tokens and \(records.count) lengths, got "
        + "\(targets.count) and \(lengths.count).")
    rows.tokens.withUnsafeBufferPointer { tokens in
      for (row, record) in records.enumerated() {
        let start = rows.starts[Int(record)]
        let length = min(steps, rows.count(of: Int(record)))
        for step in 0..<length { targets[step * records.count + row] = tokens[start + step] }
        for step in length..<steps { targets[step * records.count + row] = none }
        lengths[row] = Int32(length)
      }
    }
  }

  private func tokenRows(_ field: Int) -> TokenRows {
    guard case .tokens(let rows) = sources[field].values else {
      preconditionFailure("Field \(field) holds no texts.")
    }
    return rows
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
