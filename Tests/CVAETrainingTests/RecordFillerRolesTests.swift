import CVAEModels
import ConditionalData
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// What a filler writes for a value in each role: given, a target, or absent.
@Suite struct RecordFillerRolesTests {
  private static let position = RandomPosition(seed: 5, step: 2)
  private static let masks = MaskDistribution([.sparse])
  private static let count = 400
  /// The records of the batch, each at another place than its number.
  private static let order = (0..<Int32(count)).reversed().map { $0 }

  private static func hasSize(_ record: Int) -> Bool { record % 5 != 2 }
  private static func hasKind(_ record: Int) -> Bool { record % 7 != 3 }
  private static func hasShape(_ record: Int) -> Bool { record % 11 != 6 }

  private static let all = ["size", "kind", "shape", "spot"]

  /// A number and a category whose absence a model learns, a category that no record should lack though
  /// some do, and a vector.
  private func records(_ names: [String] = all) throws -> Records {
    let numbers = (0..<Self.count).map { Self.hasSize($0) ? Double($0) : Double.nan }
    let fields: [(Field, RecordColumn)] = [
      (Field(name: "size", kind: .number, mayBeMissing: true), .numbers(numbers)),
      (
        Field(name: "kind", kind: .category(levels: ["a", "b", "c"]), mayBeMissing: true),
        .levels((0..<Self.count).map { Self.hasKind($0) ? Int32($0 % 3) : nil })
      ),
      (
        Field(name: "shape", kind: .category(levels: ["x", "y"])),
        .levels((0..<Self.count).map { Self.hasShape($0) ? Int32($0 % 2) : nil })
      ),
      (
        Field(name: "spot", kind: .vector(count: 2)),
        .numbers((0..<2 * Self.count).map(Double.init), width: 2)
      ),
    ]
    let used = fields.filter { names.contains($0.0.name) }
    return try Records(schema: RecordSchema(fields: used.map(\.0)), columns: used.map(\.1))
  }

  /// The inputs of a program that scores records, all of them filled, in the order of the records.
  private struct Filled {
    let model: ConditionalVAE
    let program: CompiledModel
    let preprocessing: Preprocessing

    func levels(_ name: String, _ part: (FieldInput) -> FieldInput = { $0 }) throws -> [Int32] {
      let rows = program.withIndexInput(.field(part(try model.variable(name)), .own)) { Array($0) }
      return byRecord(rows)
    }

    private func byRecord<Value>(_ rows: [Value]) -> [Value] {
      let width = rows.count / RecordFillerRolesTests.count
      return RecordFillerRolesTests.order.indices.reversed().flatMap {
        rows[$0 * width..<($0 + 1) * width]
      }
    }

    /// An index in all of its parts: the value, what is known, what columns behind see.
    func parts(_ name: String) throws -> [[Int32]] {
      try [levels(name), levels(name, \.known), levels(name, \.seen)]
    }

    func reals(_ name: String, _ part: (FieldInput) -> FieldInput = { $0 }) throws -> [Float] {
      byRecord(program.withInput(.field(part(try model.variable(name)), .own)) { Array($0) })
    }

    func unknown(_ name: String) throws -> [Float] {
      byRecord(program.withInput(.unknown(try model.variable(name), .own)) { Array($0) })
    }

    /// A number as networks see it.
    func seen(_ number: Int, _ field: String, component: Int = 0) -> Float {
      preprocessing.standardised(Double(number), field: field, component: component)
    }
  }

  private func filled(
    _ records: Records, given: [String], meaning: RecordFiller.Meaning, dropout: Double = 0,
    numbers: [Int32]? = nil
  ) throws -> Filled {
    let all = try self.records()
    let data = try DataSet(schema: all.schema, columns: all.columns)
    var configuration = Fixture.configuration().model
    configuration.decoder.columns = given == ["any"] ? [4, 4] : nil
    let model = try ConditionalVAE(
      schema: all.schema, roles: Roles.named(given, schema: all.schema),
      configuration: configuration, acceptsMissing: true, seed: 1)
    let preprocessing = try Preprocessing.fit(data, on: (0..<Int32(Self.count)).map { $0 })
    let program = try model.evaluationProgram(batch: Self.count)
    let filler = try RecordFiller(
      program, model: model, records: records, preprocessing: preprocessing, meaning: meaning,
      masks: Self.masks)
    let compiled = try ReferenceExecutor().makeSession(for: model.store).compile(program)
    poison(compiled, model)
    Self.order.withUnsafeBufferPointer {
      filler.fill(
        compiled, records: $0, numbers: numbers, at: Self.position, conditionDropout: dropout)
    }
    return Filled(model: model, program: compiled, preprocessing: preprocessing)
  }

  /// What an earlier batch left.
  private func poison(_ program: CompiledModel, _ model: ConditionalVAE) {
    for input in model.inputs {
      let parts = [input, input.known, input.seen, input.mask, input.target]
      for part in parts where program.model.reads(.field(part, .own)) {
        if part.features.isIndex {
          program.withIndexInput(.field(part, .own)) { $0.update(repeating: 77) }
        } else {
          program.withInput(.field(part, .own)) { $0.update(repeating: 77) }
        }
      }
      if program.model.reads(.unknown(input, .own)) {
        program.withInput(.unknown(input, .own)) { $0.update(repeating: 77) }
      }
    }
  }

  /// 1 given, 0 a target, −1 hidden: the cells of a row's mask, in the order of the fields.
  private func cells(_ record: Int) -> [Float] {
    var cells = [Float](repeating: 7, count: 4)
    let draws = MaskDraws(
      position: Self.position, purpose: "mask of the row", record: UInt32(record))
    cells.withUnsafeMutableBufferPointer {
      Self.masks.fill($0, CellGrid(height: 1, width: 4), draws)
    }
    return cells
  }

  /// What stands in an index's three parts where its value is `level`, given (1), a target (0) or neither.
  private func parts(_ level: Int32, none: Int32, cell: Float) -> [Int32] {
    [cell == 0 ? level : none, cell == 1 ? level : none, cell == -1 ? none : level]
  }

  /// Each cell of a mask, with a value and without.
  @Test func observedRows() throws {
    let filled = try filled(records(), given: ["any"], meaning: .observed)
    #expect(filled.model.inputs.map(\.name) == ["size is missing"] + Self.all)
    #expect(filled.model.inputs.map(\.features.count) == [2, nil, 4, 2, nil])
    let (size, sizeMask, sizeTarget) = (
      try filled.reals("size"), try filled.reals("size", \.mask), try filled.reals("size", \.target)
    )
    let (spot, spotMask, spotTarget) = (
      try filled.reals("spot"), try filled.reals("spot", \.mask), try filled.reals("spot", \.target)
    )
    let (absence, kind, shape) = (
      try filled.parts("size is missing"), try filled.parts("kind"), try filled.parts("shape")
    )
    var met: [String: Int] = [:]
    for record in 0..<Self.count {
      let cells = cells(record)
      let (hasSize, hasKind, hasShape) = (
        Self.hasSize(record), Self.hasKind(record), Self.hasShape(record)
      )
      // A missing number is in no part, whatever its cell; that it is missing is.
      #expect(size[record] == (hasSize && cells[0] >= 0 ? filled.seen(record, "size") : 0))
      #expect(sizeMask[record] == (hasSize && cells[0] == 1 ? 1 : 0), "record \(record)")
      #expect(sizeTarget[record] == (hasSize && cells[0] == 0 ? 1 : 0), "record \(record)")
      #expect(
        absence.map { $0[record] } == parts(hasSize ? 0 : 1, none: 2, cell: cells[0]),
        "record \(record)")
      #expect(
        kind.map { $0[record] }
          == parts(hasKind ? Int32(record % 3) : 3, none: 4, cell: cells[1]), "record \(record)")
      // No level stands for a shape that is missing against all expectation.
      #expect(
        shape.map { $0[record] }
          == parts(Int32(record % 2), none: 2, cell: hasShape ? cells[2] : -1).map {
            hasShape ? $0 : 2
          }, "record \(record)")
      for component in 0..<2 {
        let value = filled.seen(2 * record + component, "spot", component: component)
        #expect(spot[2 * record + component] == (cells[3] >= 0 ? value : 0), "record \(record)")
      }
      #expect(spotMask[record] == (cells[3] == 1 ? 1 : 0))
      #expect(spotTarget[record] == (cells[3] == 0 ? 1 : 0))
      met["size \(cells[0]) \(hasSize)", default: 0] += 1
      met["kind \(cells[1]) \(hasKind)", default: 0] += 1
      met["shape \(cells[2]) \(hasShape)", default: 0] += 1
    }
    #expect(met.count == 18, "All combinations were met: \(met)")
  }

  /// What is known of a request is given, and nothing is a target.
  @Test(arguments: [all, ["size", "kind"], ["spot"], ["shape"]])
  func requestedRows(names: [String]) throws {
    let filled = try filled(records(names), given: ["any"], meaning: .requested)
    let (size, sizeMask, sizeTarget) = (
      try filled.reals("size"), try filled.reals("size", \.mask), try filled.reals("size", \.target)
    )
    let (spot, spotMask, spotTarget) = (
      try filled.reals("spot"), try filled.reals("spot", \.mask), try filled.reals("spot", \.target)
    )
    let (absence, kind, shape) = (
      try filled.parts("size is missing"), try filled.parts("kind"), try filled.parts("shape")
    )
    for record in 0..<Self.count {
      let hasSize = Self.hasSize(record) && names.contains("size")
      let hasKind = Self.hasKind(record) && names.contains("kind")
      let hasShape = Self.hasShape(record) && names.contains("shape")
      let hasSpot = names.contains("spot")
      #expect(size[record] == (hasSize ? filled.seen(record, "size") : 0), "record \(record)")
      #expect(sizeMask[record] == (hasSize ? 1 : 0) && sizeTarget[record] == 0)
      #expect(absence.map { $0[record] } == (hasSize ? [2, 0, 0] : [2, 2, 2]), "record \(record)")
      let (ownKind, ownShape) = (Int32(record % 3), Int32(record % 2))
      #expect(kind.map { $0[record] } == (hasKind ? [4, ownKind, ownKind] : [4, 4, 4]))
      #expect(shape.map { $0[record] } == (hasShape ? [2, ownShape, ownShape] : [2, 2, 2]))
      for component in 0..<2 {
        let value = filled.seen(2 * record + component, "spot", component: component)
        #expect(spot[2 * record + component] == (hasSpot ? value : 0), "record \(record)")
      }
      #expect(spotMask[record] == (hasSpot ? 1 : 0) && spotTarget[record] == 0)
    }
  }

  /// Given fields are known, dropped, missing or left out of a request; generated ones are targets where they
  /// are there.
  @Test(
    arguments: [
      (.observed, 0, all), (.observed, 1, all), (.requested, 0, all), (.requested, 0, ["kind"]),
      (.requested, 0, ["shape"]),
    ] as [(RecordFiller.Meaning, Double, [String])])
  func fixedRoles(meaning: RecordFiller.Meaning, dropout: Double, names: [String]) throws {
    let filled = try filled(
      records(names), given: ["shape", "spot"], meaning: meaning, dropout: dropout)
    let (shape, spot, spotUnknown) = (
      try filled.levels("shape"), try filled.reals("spot"), try filled.unknown("spot")
    )
    let (size, sizeTarget) = (try filled.reals("size"), try filled.reals("size", \.target))
    let (absence, kind) = (try filled.levels("size is missing"), try filled.levels("kind"))
    for record in 0..<Self.count {
      let isShapeKnown = Self.hasShape(record) && dropout == 0 && names.contains("shape")
      let isSpotKnown = dropout == 0 && names.contains("spot")
      #expect(shape[record] == (isShapeKnown ? Int32(record % 2) : 2), "record \(record)")
      #expect(spotUnknown[record] == (isSpotKnown ? 0 : 1), "record \(record)")
      for component in 0..<2 {
        let value = filled.seen(2 * record + component, "spot", component: component)
        #expect(spot[2 * record + component] == (isSpotKnown ? value : 0), "record \(record)")
      }
      guard meaning == .observed else { continue }
      let hasSize = Self.hasSize(record)
      #expect(size[record] == (hasSize ? filled.seen(record, "size") : 0), "record \(record)")
      #expect(sizeTarget[record] == (hasSize ? 1 : 0))
      #expect(absence[record] == (hasSize ? 0 : 1))
      #expect(kind[record] == (Self.hasKind(record) ? Int32(record % 3) : 3))
    }
  }

  /// Random numbers are addressed by the records, or by the numbers that a caller has for them.
  @Test func recordsAreNumbered() throws {
    func numbers(_ own: [Int32]?) throws -> [Int32] {
      try filled(records(), given: ["shape"], meaning: .requested, numbers: own)
        .program.withIndexInput(.records(.own)) { Array($0) }
    }
    let own = (0..<Int32(Self.count)).map { 1000 - $0 }
    #expect(try numbers(own) == own)
    #expect(try numbers(nil) == Self.order)
  }

  /// Of pictures, observed ones have drawn masks, and requested ones those of their known pixels; all of their
  /// values are written.
  @Test func picturesAreMaskedByPixel() throws {
    let size = ImageSize(height: 2, width: 3, channels: 2)
    let schema = try RecordSchema(fields: [Field(name: "image", kind: .image(size))])
    let known = (0..<24).map { $0 % 7 != 2 && $0 / 6 != 3 }
    let bytes = (0..<48).map { UInt8($0 * 5) }
    let whole = try Records(schema: schema, columns: [.bytes(bytes, size: size)])
    let partial = try Records(
      schema: schema,
      columns: [
        RecordColumn(
          .bytes(ByteStorage(bytes)), width: size.count, cells: size.pixels,
          validity: Bitmap(known))
      ])
    let model = try ConditionalVAE(
      schema: schema, roles: Roles.named(["any"], schema: schema),
      configuration: Fixture.configuration().model, acceptsMissing: true, seed: 1)
    let image = try model.variable("image")
    let order: [Int32] = [2, 0, 3, 1]
    let program = try model.evaluationProgram(batch: 4)
    let compiled = try ReferenceExecutor().makeSession(for: model.store).compile(program)
    let values = order.flatMap { record in
      bytes[12 * Int(record)..<12 * Int(record) + 12].map { Float($0) * (1 / 255) }
    }
    let requested = order.flatMap { record -> [Float] in
      known[6 * Int(record)..<6 * Int(record) + 6].map { $0 ? 1 : 0 }
    }
    func mask(_ records: Records, _ meaning: RecordFiller.Meaning) throws -> [Float] {
      compiled.withInput(.field(image.mask, .own)) { $0.update(repeating: 7) }
      let filler = try RecordFiller(
        program, model: model, records: records,
        preprocessing: Preprocessing(scales: [:], levelCounts: [:]), meaning: meaning,
        masks: MaskDistribution([.scattered]))
      order.withUnsafeBufferPointer {
        filler.fill(compiled, records: $0, at: Self.position)
      }
      #expect(compiled.withInput(.field(image, .own)) { Array($0) } == values)
      return compiled.withInput(.field(image.mask, .own)) { Array($0) }
    }
    let drawn = order.flatMap { record in
      let bits = MaskDistribution([.scattered]).mask(
        of: image.field, in: model, record: record, at: Self.position)
      return (0..<6).map { bits[$0] ? 1 : 0 as Float }
    }
    #expect(Set(drawn) == [0, 1])
    #expect(try mask(whole, .observed) == drawn)
    #expect(try mask(partial, .requested) == requested)
    #expect(try mask(whole, .requested) == [Float](repeating: 1, count: 24))
  }
}
