public import CVAEModels
public import ConditionalData
public import RecordTypes
public import TensorGraph

/// Writes records, and the role of each of their cells, into a program's inputs: for training, evaluation,
/// generation and completion alike.
///
/// A cell is given (the condition), a target (the observation), or absent: seen by no network. Nothing is
/// allocated, and pictures are converted where they lie.
public struct RecordFiller: Sendable {
  /// What a missing value means.
  public enum Meaning: Sendable {
    /// Records that were observed: a given value is unknown ("any"), a generated one is absent.
    case observed
    /// Records of which only the known cells count: others are absent, even if the model has learned what it means
    /// that a value is missing. Fields may be lacking.
    case partlyObserved
    /// A request: the value is to be generated.
    case requested
  }

  /// How the roles of a variable's values are decided.
  enum RoleMaker {
    /// Given where it is known and not dropped.
    case given(RandomPurpose)
    /// A target where it is known.
    case generated
    /// As the cell of a row's mask says, in observed records; given where it is known, in a request.
    case masked(cell: Int)
  }

  struct Source {
    let input: FieldInput
    let roles: RoleMaker
    /// The number of its field.
    let field: Int
    /// Nil where the records lack the field, in a request.
    var column: Int?
    var hasMissing = true
    /// The program's inputs; nil for one that it doesn't read.
    let ports: FillerPorts
    /// Of a picture of which any pixels may be given.
    let pixelMask: RandomPurpose?
  }

  private var sources: [Source]
  private let set: RecordSet
  private var tokenNumbers: [Port<Int32>] = []
  private var numbers: Port<Int32>?
  private(set) var reader: BatchReader
  private let preprocessing: Preprocessing
  let meaning: Meaning
  /// Fields that a request gives as missing.
  private(set) var absent: [String: Bitmap] = [:]
  private let masks: MaskDistribution
  let row: CellGrid?
  /// The cell of each field in a row's mask, by the field's number.
  private let rowCells: [Int: Int]

  private static let rowPurpose = RandomPurpose("mask of the row")

  /// Prepares to fill the inputs of `program` from `records`.
  ///
  /// - Parameters:
  ///   - masks: What hides cells of masked fields of observed records; if left out, none of these cells are given.
  ///   - set: Which records of the program these are.
  /// - Throws: ``UnknownName`` where observed records lack a field, ``TrainingFailure`` where records have
  ///   another kind of it, or miss values that the model can't do without.
  public init(
    _ program: ModelProgram, model: ConditionalVAE, records: Records, preprocessing: Preprocessing,
    meaning: Meaning = .observed, masks: MaskDistribution = .nothingGiven, set: RecordSet = .own
  ) throws {
    self.meaning = meaning
    self.masks = masks
    self.set = set
    tokenNumbers = Self.tokenNumbers(program, model)
    numbers = program.indexPortIfRead(.records(set))
    self.preprocessing = preprocessing
    reader = Self.reader(records, preprocessing, meaning, numbers: nil)
    let rowFields = model.rowFields
    rowCells = rowFields.enumerated().reduce(into: [:]) { cells, field in
      cells[model.schema.position(of: field.element.name) ?? -1] = field.offset
    }
    row = rowFields.isEmpty ? nil : CellGrid(height: 1, width: rowFields.count)
    sources = model.inputs.compactMap { [rowCells] input in
      Self.source(input, program, model, rowCells: rowCells, set: set)
    }
    try findColumns(records)
  }

  /// The same filler for other records, which costs less than a new one.
  ///
  /// - Parameter absent: In a request, the records of which it is given that they have no value of a field, by its
  ///   name; other values that lack are to be generated.
  /// - Throws: As the initialiser.
  public func reading(_ records: Records, absent: [String: Bitmap] = [:]) throws -> RecordFiller {
    try reading(records, absent: absent, numbers: nil)
  }

  /// The same filler for records whose numbers are not their places.
  func reading(
    _ records: Records, absent: [String: Bitmap] = [:], numbers: [Int32]?
  ) throws -> RecordFiller {
    var filler = self
    filler.absent = absent
    filler.reader = Self.reader(records, preprocessing, meaning, numbers: numbers)
    try filler.findColumns(records)
    return filler
  }

  /// The same filler for another program of the model that reads the same records.
  package func filling(_ program: ModelProgram, _ model: ConditionalVAE) -> RecordFiller {
    var filler = self
    filler.numbers = program.indexPortIfRead(.records(set))
    filler.tokenNumbers = Self.tokenNumbers(program, model)
    filler.sources = sources.compactMap { old in
      var source = Self.source(old.input, program, model, rowCells: rowCells, set: set)
      source?.column = old.column
      source?.hasMissing = old.hasMissing
      return source
    }
    return filler
  }

  private static func tokenNumbers(
    _ program: ModelProgram, _ model: ConditionalVAE
  ) -> [Port<Int32>] {
    model.inputs.filter(\.isText).flatMap { [$0, $0.known] }.compactMap {
      program.indexPortIfRead(.tokenNumbers($0))
    }
  }

  /// Steps that suffice for each text of these records.
  package func textSteps(_ records: some Sequence<Int32>) -> TextSteps {
    var steps: [String: Int] = [:]
    for source in sources where source.input.isText {
      let most = source.column.map { column in
        records.reduce(1) { max($0, reader.tokenCount(field: column, record: $1)) }
      }
      steps[source.input.field.name] = BatchPlan.steps(for: most ?? 1)
    }
    return TextSteps(steps)
  }

  private static func reader(
    _ records: Records, _ preprocessing: Preprocessing, _ meaning: Meaning, numbers: [Int32]?
  ) -> BatchReader {
    switch meaning {
    case .observed, .partlyObserved:
      numbers.map { numbers in
        BatchReader(records, preprocessing: preprocessing) { record in
          Preprocessing.position(ofRecord: Int(numbers[record]))
        }
      } ?? BatchReader(records, preprocessing: preprocessing)
    case .requested:
      BatchReader(records, preprocessing: preprocessing, position: { _ in 0.5 })
    }
  }

  private mutating func findColumns(_ records: Records) throws {
    for index in sources.indices {
      let input = sources[index].input
      let column = try Self.column(of: input, in: records, meaning: meaning)
      let hasMissing = column.map { records.columns[$0].hasMissing } ?? true
      if meaning == .observed, hasMissing, let column {
        try Self.check(input, records.columns[column])
      }
      sources[index].column = column
      sources[index].hasMissing = hasMissing
    }
  }

  private static func source(
    _ input: FieldInput, _ program: ModelProgram, _ model: ConditionalVAE,
    rowCells: [Int: Int], set: RecordSet
  ) -> Source? {
    guard let ports = FillerPorts(input, program, set) else { return nil }
    let isByPixel =
      model.roles.isMasked(input.field.name) && input.field.kind.content.isMaskedByCell
    let field = model.schema.position(of: input.field.name) ?? -1
    let roles: RoleMaker
    if input.isGiven {
      roles = .given(model.purpose(.conditionDropout, of: input))
    } else if let cell = rowCells[field] {
      roles = .masked(cell: cell)
    } else {
      roles = .generated
    }
    return Source(
      input: input, roles: roles, field: field, ports: ports,
      pixelMask: isByPixel ? model.purpose(.mask, of: input) : nil)
  }

  private static func column(
    of input: FieldInput, in records: Records, meaning: Meaning
  ) throws -> Int? {
    guard let column = records.schema.position(of: input.field.name) else {
      if meaning != .observed { return nil }
      throw UnknownName(
        kind: "field", name: input.field.name, known: records.schema.fields.map(\.name))
    }
    let found = records.schema.fields[column].kind
    guard found == input.field.kind else {
      throw TrainingFailure.fieldDiffers(
        field: input.field.name, expected: input.field.kind.summary, actual: found.summary)
    }
    return column
  }

  /// Refuses missing values that the model can't represent.
  private static func check(_ input: FieldInput, _ column: RecordColumn) throws {
    if input.isGiven ? input.acceptsMissing : input.isPartial || input.field.mayBeMissing { return }
    throw TrainingFailure.missingValues(
      field: input.field.name, missing: column.incompleteCount, records: column.count,
      isGiven: input.isGiven)
  }

  /// Writes `records`, as many as the program's batch has.
  ///
  /// - Parameters:
  ///   - numbers: The numbers that address the networks' random numbers; nil for the records' own numbers.
  ///   - given: For each record the number of a field that is given whatever dropout and mask say, -1 for none;
  ///     such a record's dropout and mask are drawn by its number in `numbers`.
  ///   - position: Addresses the random numbers of conditional dropout and of masks.
  ///   - conditionDropout: The probability by which each given field of each record becomes "any".
  public func fill(
    _ program: CompiledModel, records: UnsafeBufferPointer<Int32>, numbers: [Int32]? = nil,
    given: [Int32]? = nil, at position: RandomPosition, conditionDropout: Double = 0
  ) {
    if let port = self.numbers {
      program.compiled.withInput(port) { buffer in
        if let numbers {
          _ = buffer.update(from: numbers)
        } else {
          _ = buffer.update(fromContentsOf: records)
        }
      }
    }
    for port in tokenNumbers {
      program.compiled.withInput(port) { buffer in
        let count = records.count
        for index in buffer.indices {
          let number = numbers?[index % count] ?? records[index % count]
          buffer[index] = number &* 8191 &+ Int32(index / count)
        }
      }
    }
    let count = records.count
    let draws = CellDraws(position, conditionDropout, numbers, given)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count * (row?.count ?? 0)) { cells in
      if let row, meaning != .requested {
        for (index, record) in records.enumerated() {
          masks.fill(
            cells.extracting(index * row.count..<(index + 1) * row.count), row,
            MaskDraws(
              position: position, purpose: Self.rowPurpose, record: draws.number(index, record)),
            given: given.flatMap { rowCells[Int($0[index])] })
        }
      }
      withUnsafeTemporaryAllocation(of: CellRole.self, capacity: count) { roles in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { levels in
          for source in sources {
            write(
              source, program, records, draws, cells: cells, roles: roles, levels: levels)
          }
        }
      }
    }
  }

  private func write(
    _ source: Source, _ program: CompiledModel, _ records: UnsafeBufferPointer<Int32>,
    _ draws: CellDraws, cells: UnsafeMutableBufferPointer<Float>,
    roles: UnsafeMutableBufferPointer<CellRole>, levels: UnsafeMutableBufferPointer<Int32>
  ) {
    makeRoles(source, records, draws, cells: cells, into: roles)
    let program = program.compiled
    switch source.ports {
    case .levels(let value, let known, let seen):
      readLevels(source, records, into: levels)
      func write(_ port: Port<Int32>?, _ input: FieldInput, where isThere: (CellRole) -> Bool) {
        guard let port else { return }
        let none = input.missingLevel ?? 0
        program.withInput(port) { buffer in
          for row in buffer.indices { buffer[row] = isThere(roles[row]) ? levels[row] : none }
        }
      }
      let input = source.input
      write(value, input) { $0 == (input.isGiven ? .given : .target) }
      write(known, input.known) { $0 == .given }
      write(seen, input.seen) { $0 != .absent }
    case .texts(let value, let known, let mask, let unknown):
      let isGiven = source.input.isGiven
      let field = source.column
      value?.write(reader, field: field, records, to: program) {
        roles[$0] == (isGiven ? .given : .target)
      }
      known?.write(reader, field: field, records, to: program) { roles[$0] == .given }
      for (port, wanted) in [(mask, Float(1)), (unknown, 0)] {
        guard let port else { continue }
        program.withInput(port) { buffer in
          for row in records.indices { buffer[row] = roles[row] == .given ? wanted : 1 - wanted }
        }
      }
    case .numbers(let value, let mask, let target, let unknown):
      if let value {
        program.withInput(value) { writeNumbers(source, records, roles, into: $0) }
      }
      if let unknown {
        program.withInput(unknown) { buffer in
          for row in records.indices { buffer[row] = roles[row] == .given ? 0 : 1 }
        }
      }
      if let mask {
        program.withInput(mask) { writeMask(source, records, draws, roles, into: $0) }
      }
      if let target {
        program.withInput(target) { buffer in
          for row in records.indices { buffer[row] = roles[row] == .target ? 1 : 0 }
        }
      }
    }
  }

  private func writeNumbers(
    _ source: Source, _ records: UnsafeBufferPointer<Int32>,
    _ roles: UnsafeMutableBufferPointer<CellRole>, into buffer: UnsafeMutableBufferPointer<Float>
  ) {
    guard let column = source.column else {
      buffer.update(repeating: 0)
      return
    }
    reader.fillReals(field: column, records: records, into: buffer)
    if source.pixelMask != nil { return }
    let width = source.input.features.width
    for row in records.indices where roles[row] == .absent {
      buffer.extracting(row * width..<(row + 1) * width).update(repeating: 0)
    }
  }

  private func writeMask(
    _ source: Source, _ records: UnsafeBufferPointer<Int32>, _ draws: CellDraws,
    _ roles: UnsafeMutableBufferPointer<CellRole>, into buffer: UnsafeMutableBufferPointer<Float>
  ) {
    guard let purpose = source.pixelMask else {
      for row in records.indices { buffer[row] = roles[row] == .given ? 1 : 0 }
      return
    }
    let grid = source.input.field.cells
    for (row, record) in records.enumerated() {
      let own = buffer.extracting(row * grid.count..<(row + 1) * grid.count)
      switch (meaning, source.column) {
      case (.requested, nil), (.partlyObserved, nil): own.update(repeating: 0)
      case (.requested, let column?):
        for cell in own.indices {
          own[cell] = reader.isKnown(field: column, record: record, cell: cell) ? 1 : 0
        }
      case (.observed, _), (.partlyObserved, _?):
        masks.fill(
          own, grid,
          MaskDraws(
            position: draws.position, purpose: purpose, record: draws.number(row, record)))
      }
    }
  }

  private func readLevels(
    _ source: Source, _ records: UnsafeBufferPointer<Int32>,
    into levels: UnsafeMutableBufferPointer<Int32>
  ) {
    if source.input.isAbsence {
      for (row, record) in records.enumerated() { levels[row] = isKnown(source, record) ? 0 : 1 }
      return
    }
    guard let column = source.column else {
      levels.update(repeating: 0)
      return
    }
    reader.fillLevels(field: column, records: records, into: levels)
    if source.hasMissing, source.input.field.mayBeMissing, let count = source.input.features.count {
      for (row, record) in records.enumerated() where !isKnown(source, record) {
        levels[row] = Int32(count - 1)
      }
    }
  }
}
