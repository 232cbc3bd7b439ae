package import CVAEModels
package import ConditionalData
package import RecordTypes

/// How records are shared out to batches: those with texts of about one length come together, so that little is spent
/// on what stands behind a text's end.
package struct BatchPlan: Sendable {
  /// Records that a program takes at once.
  package struct Size: Hashable, Sendable {
    package let records: Int
    /// The most tokens of each text.
    package let steps: TextSteps
  }

  /// A size, and the records for a program of that size.
  package struct Batch: Sendable {
    package let size: Int
    package let records: [Int32]
  }

  /// How long the texts of a field are.
  package struct Texts: Sendable {
    let name: String
    /// Whether they are generated, not only read.
    let isWritten: Bool
    /// Tokens of each record's text.
    let tokens: [Int]

    package init(name: String, isWritten: Bool, tokens: [Int]) {
      self.name = name
      self.isWritten = isWritten
      self.tokens = tokens
    }
  }

  /// The sizes that occur; what doesn't fill one goes to a later one, the last of which has room for all texts.
  package let sizes: [Size]
  /// How many texts are cut at their longest, by field; those of which none is are left out.
  package private(set) var cutTexts: [String: Int] = [:]
  /// For each record of the data the place of its size; nil where there are no texts.
  private let places: [UInt8]?
  /// For each size the one to which what is left over goes; nil for the last.
  private let next: [Int?]

  /// A batch has `training.batch` records where their texts have so many tokens, more or fewer where others.
  private static let usualSteps = 32
  /// The steps of programs. They lie an eighth apart or more, since each program must be compiled.
  private static let steps = [
    4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 96, 112, 128, 144,
    160, 192, 224, 256, 288, 320, 384, 448, 512, 640, 768, 1024, 1280, 1536, 2048, 3072, 4096,
  ]

  /// Whether records have texts.
  package var hasTexts: Bool { places != nil }

  /// Batches of records without texts.
  package init(batch: Int) {
    sizes = [Size(records: batch, steps: 0)]
    places = nil
    next = [nil]
  }

  /// The field whose texts are the longest parts records by its steps; the two after it by whether a text is longer
  /// than most.
  ///
  /// - Parameter records: How many records there are in all batches of an epoch: a size takes at most an eighth of
  ///   them.
  package init(batch: Int, texts: [Texts], records: Int) {
    let sorted = texts.sorted { $0.tokens.reduce(0, +) > $1.tokens.reduce(0, +) }
    let rungs = sorted.enumerated().map { place, text in
      place == 0
        ? Self.ladder(text.tokens) : Self.mostAndAll(text.tokens, parts: place < 3)
    }
    let counts = rungs.map(\.count)
    // The place among all combinations, in which the first field's rung counts most.
    func place(_ own: [Int]) -> Int { zip(own, counts).reduce(0) { $0 * $1.1 + $1.0 } }
    let all = (0..<(texts[0].tokens.count)).map { record in
      place(
        zip(sorted, rungs).map { text, rungs in
          rungs.firstIndex { $0 >= text.tokens[record] } ?? rungs.count - 1
        })
    }
    let used = Set(all + [place(counts.map { $0 - 1 })]).sorted()
    let combinations = used.map { place -> [Int] in
      var rest = place
      return zip(rungs, counts).reversed().map { rungs, count in
        defer { rest /= count }
        return rungs[rest % count]
      }.reversed()
    }
    sizes = combinations.map { steps in
      Size(
        records: Self.records(batch, steps, sorted, of: records),
        steps: TextSteps(
          Dictionary(zip(sorted.map(\.name), steps), uniquingKeysWith: max)))
    }
    next = combinations.enumerated().map { place, own in
      combinations.indices.first { other in
        other > place && zip(own, combinations[other]).allSatisfy { $0 <= $1 }
      }
    }
    let places = Dictionary(zip(used, used.indices)) { first, _ in first }
    self.places = all.map { UInt8(places[$0] ?? used.count - 1) }
  }

  /// The steps that occur, and those of the longest text.
  private static func ladder(_ tokens: [Int]) -> [Int] {
    let most = tokens.max() ?? 1
    let last = Self.steps(for: max(1, most))
    return steps.filter { step in step < last && tokens.contains { $0 <= step } } + [last]
  }

  /// Steps that suffice for seven in ten texts, and those of the longest.
  private static func mostAndAll(_ tokens: [Int], parts: Bool) -> [Int] {
    let sorted = tokens.sorted()
    let all = Self.steps(for: max(1, sorted.last ?? 1))
    guard parts, !sorted.isEmpty else { return [all] }
    let most = Self.steps(for: max(1, sorted[sorted.count * 7 / 10]))
    return most < all ? [most, all] : [all]
  }

  /// The records of a batch: so many that it writes about as many tokens as others.
  private static func records(
    _ batch: Int, _ steps: [Int], _ texts: [Texts], of records: Int
  ) -> Int {
    func most(isWritten: Bool) -> Int {
      zip(steps, texts).filter { $0.1.isWritten == isWritten }.map(\.0).max() ?? 0
    }
    let (written, read) = (most(isWritten: true), most(isWritten: false))
    var wanted = min(batch * usualSteps / max(1, written > 0 ? written : read), 4 * batch)
    // Texts that are read take memory only.
    if read > 0 { wanted = min(wanted, 4 * batch * usualSteps / read) }
    return max(1, min(wanted, records / 8))
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
    for place in sizes.indices {
      guard let next = next[place] else { continue }
      let rest = open[place]
      open[place] = []
      for record in rest { add(record, to: next) }
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
    batch: Int, _ data: DataSet, fields: [Field], roles: Roles, preprocessing: Preprocessing,
    records: Int
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
    self.init(
      batch: batch,
      texts: texts.enumerated().map { place, field in
        Texts(
          name: field.name, isWritten: !roles.isGiven(field.name),
          tokens: (0..<data.records.count).map {
            reader.tokenCount(field: place, record: Int32($0))
          })
      }, records: records)
    for (place, field) in texts.enumerated() where reader.cutCount(field: place) > 0 {
      cutTexts[field.name] = reader.cutCount(field: place)
    }
  }
}
