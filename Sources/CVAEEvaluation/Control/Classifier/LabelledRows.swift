import ConditionalData
import RecordTypes

/// Rows of numbers, each with a level: what a classifier learns from or is scored on.
struct LabelledRows {
  /// Numbers in each row.
  let width: Int
  /// The level of each row.
  let levels: [Int32]
  private let write: (UnsafeBufferPointer<Int32>, UnsafeMutableBufferPointer<Float>) -> Void

  /// The number of rows.
  var count: Int { levels.count }

  /// Rows that lie in memory, `[count, width]`.
  init(_ values: [Float], width: Int, levels: [Int32]) {
    precondition(values.count == levels.count * width, "A row of \(width) numbers for each level.")
    self.width = width
    self.levels = levels
    write = { rows, target in
      for (place, row) in rows.enumerated() {
        let start = Int(row) * width
        _ = target.extracting(place * width..<(place + 1) * width)
          .update(fromContentsOf: values[start..<start + width])
      }
    }
  }

  /// A picture of each record, as networks see it, and the record's level, which must be known.
  init(_ data: DataSet, image: Int, category: Int, records: [Int32]) {
    let known = data.columns[category].levels
    let reader = BatchReader(
      dataSet: data, preprocessing: Preprocessing(scales: [:], levelCounts: [:]))
    width = data.schema.fields[image].width
    levels = records.map { known[Int($0)] }
    write = { rows, target in
      let chosen = rows.map { records[Int($0)] }
      chosen.withUnsafeBufferPointer { reader.fillReals(field: image, records: $0, into: target) }
    }
  }

  /// Writes rows by their numbers, one after another.
  func fill(_ rows: [Int32], into target: UnsafeMutableBufferPointer<Float>) {
    rows.withUnsafeBufferPointer { write($0, target) }
  }

  /// A copy of some rows, `[rows.count, width]`.
  func values(_ rows: [Int32]) -> [Float] {
    [Float](unsafeUninitializedCapacity: rows.count * width) { buffer, filled in
      buffer.initialize(repeating: 0)
      fill(rows, into: UnsafeMutableBufferPointer(rebasing: buffer[..<(rows.count * width)]))
      filled = rows.count * width
    }
  }
}
