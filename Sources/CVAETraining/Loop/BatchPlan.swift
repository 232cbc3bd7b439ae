import CVAEModels
package import ConditionalData
package import RecordTypes

/// How records are shared out to batches: those with texts of about one length come together, so that little is spent
/// on what stands behind a text's end.
package struct BatchPlan: Sendable {
  /// Records that a program takes at once.
  package struct Size: Hashable, Sendable {
    package let records: Int
    /// The most tokens of a text; 0 where there are no texts.
    package let steps: Int
  }

  /// A size, and the records for a program of that size.
  package struct Batch: Sendable {
    package let size: Int
    package let records: [Int32]
  }

  /// The sizes that occur, by steps.
  package let sizes: [Size]
  /// How many texts are cut at their longest, by field; those of which none is are left out.
  package private(set) var cutTexts: [String: Int] = [:]
  /// For each record of the data the place of its size; nil where there is one size for all.
  private let places: [UInt8]?

  /// A batch has `training.batch` records where their texts have so many tokens, more or fewer where others.
  private static let usualSteps = 32
  private static let steps = [
    8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096,
  ]

  /// Batches of records without texts.
  package init(batch: Int) {
    sizes = [Size(records: batch, steps: 0)]
    places = nil
  }

  /// - Parameters:
  ///   - tokens: Of the longest text of each record.
  ///   - records: How many records there are in all batches of an epoch: a size takes at most an eighth of them.
  package init(batch: Int, tokens: [Int], records: Int) {
    let most = tokens.max() ?? 1
    let ladder = Self.steps.filter { step in
      step >= most || tokens.contains { $0 <= step }
    }
    let last = Self.steps(for: max(1, most))
    let all = ladder.filter { $0 < last } + [last]
    sizes = all.map { steps in
      let wanted = min(batch * Self.usualSteps / steps, 4 * batch, records / 8)
      return Size(records: max(1, wanted), steps: steps)
    }
    places = tokens.map { count in UInt8(all.firstIndex { $0 >= count } ?? all.count - 1) }
  }

  /// The steps of a program for texts of up to so many tokens; 0 for none.
  package static func steps(for tokens: Int) -> Int {
    tokens == 0 ? 0 : steps.first { $0 >= tokens } ?? tokens
  }

  /// The batches of `records`, in the order in which they fill up. Of each size, what is left over goes to the next one;
  /// what is left in the end is dropped, unless it is all there is.
  package func batches(_ records: [Int32]) -> [Batch] {
    guard let places else {
      let count = sizes[0].records
      return (0..<max(1, records.count / count)).map { index in
        Batch(size: 0, records: Array(records[index * count..<(index + 1) * count]))
      }
    }
    var batches: [Batch] = []
    var open = [[Int32]](repeating: [], count: sizes.count)
    func add(_ record: Int32, to place: Int) {
      open[place].append(record)
      if open[place].count == sizes[place].records {
        batches.append(Batch(size: place, records: open[place]))
        open[place] = []
      }
    }
    for record in records { add(record, to: Int(places[Int(record)])) }
    for place in sizes.indices.dropLast() {
      let rest = open[place]
      open[place] = []
      for record in rest { add(record, to: place + 1) }
    }
    return batches
  }

  /// All of `records` in batches by size; the last one of each is filled up with repeats of its last record.
  ///
  /// - Returns: With each batch how many of its records count.
  package func complete(_ records: [Int32]) -> [(batch: Batch, count: Int)] {
    sizes.indices.flatMap { place in
      let own = places.map { places in records.filter { Int(places[Int($0)]) == place } } ?? records
      let size = sizes[place].records
      return stride(from: 0, to: own.count, by: size).map { start in
        let count = min(size, own.count - start)
        let rows = (0..<size).map { own[start + min($0, count - 1)] }
        return (Batch(size: place, records: rows), count)
      }
    }
  }
}

extension BatchPlan {
  /// A plan for the texts among the fields of a model; one size for all where none is a text.
  package init(
    batch: Int, _ data: DataSet, fields: [Field], preprocessing: Preprocessing, records: Int
  ) throws {
    let texts = fields.filter(\.isText)
    guard !texts.isEmpty else {
      self.init(batch: batch)
      return
    }
    let columns = texts.compactMap { data.records[$0.name] }
    let reader = BatchReader(
      try Records(schema: RecordSchema(fields: texts), columns: columns),
      preprocessing: preprocessing)
    let tokens = (0..<data.records.count).map { record in
      texts.indices.map { reader.tokenCount(field: $0, record: Int32(record)) }.max() ?? 0
    }
    self.init(batch: batch, tokens: tokens, records: records)
    for (place, field) in texts.enumerated() where reader.cutCount(field: place) > 0 {
      cutTexts[field.name] = reader.cutCount(field: place)
    }
  }
}
