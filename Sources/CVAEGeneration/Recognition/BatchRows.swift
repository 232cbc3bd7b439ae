/// Records in batches of one size; the last is filled up with repeats, whose rows don't count.
package struct BatchRows: Sequence {
  /// One batch.
  package struct Rows {
    /// As many as the batch has rows.
    package let records: [Int32]
    /// How many of them count, from the first on.
    package let count: Int
  }

  private let records: [Int32]
  private let batch: Int

  package init(_ records: [Int32], batch: Int) {
    self.records = records
    self.batch = batch
  }

  package func makeIterator() -> some IteratorProtocol<Rows> {
    stride(from: 0, to: records.count, by: batch).lazy.map { start in
      let count = Swift.min(batch, records.count - start)
      return Rows(
        records: (0..<batch).map { records[start + Swift.min($0, count - 1)] }, count: count)
    }.makeIterator()
  }
}
