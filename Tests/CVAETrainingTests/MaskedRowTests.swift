import CVAEModels
import ConditionalData
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// What rows of which any field may be given are to a program.
@Suite struct MaskedRowTests {
  /// 200 records with a number that is missing in every fifth, and a category that is in every seventh.
  ///
  /// - Parameter partial: The fields whose absence a model learns.
  private func data(partial: Set<String> = []) throws -> DataSet {
    let numbers = (0..<200).map { $0 % 5 == 2 ? Double.nan : Double($0) }
    let levels = (0..<200).map { $0 % 7 == 3 ? nil : Int32($0 % 3) }
    let fields = [
      Field(name: "size", kind: .number),
      Field(name: "kind", kind: .category(levels: ["a", "b", "c"])),
      Field(name: "shape", kind: .category(levels: ["x", "y"])),
    ]
    return try DataSet(
      schema: RecordSchema(fields: fields.map { $0.missing(partial.contains($0.name)) }),
      columns: [
        .numbers(numbers), .levels(levels), .levels((0..<200).map { Int32($0 % 2) }),
      ])
  }

  /// A program's inputs, filled with all records.
  private struct Filled {
    let model: ConditionalVAE
    let program: CompiledModel

    func levels(
      _ name: String, _ part: (FieldInput) -> FieldInput = { $0 }
    ) throws -> [Int32] {
      program.withIndexInput(.field(part(try model.variable(name)), .own)) { Array($0) }
    }

    func reals(_ name: String, _ part: (FieldInput) -> FieldInput = { $0 }) throws -> [Float] {
      program.withInput(.field(part(try model.variable(name)), .own)) { Array($0) }
    }
  }

  private func filled(
    _ data: DataSet, masks: MaskDistribution, given: [String] = ["any"],
    columns: [Int]? = nil
  ) throws -> Filled {
    let roles = try Roles.named(given, schema: data.schema)
    var configuration = Fixture.configuration().model
    configuration.decoder.columns = columns
    let model = try ConditionalVAE(
      schema: data.schema, roles: roles, configuration: configuration,
      acceptsMissing: true, seed: 1)
    let records = (0..<Int32(data.count)).map { $0 }
    let program = try model.evaluationProgram(batch: data.count)
    let filler = try RecordFiller(
      program, model: model, records: data.records,
      preprocessing: Preprocessing.fit(data, on: records), masks: masks)
    let compiled = try ReferenceExecutor().makeSession(for: model.store).compile(program)
    records.withUnsafeBufferPointer {
      filler.fill(compiled, records: $0, at: RandomPosition(seed: 5, step: 2))
    }
    return Filled(model: model, program: compiled)
  }

  @Test func everyCellIsGivenOrGeneratedOrMissing() throws {
    let filled = try filled(
      data(partial: ["size", "kind"]), masks: MaskDistribution([.scattered]))
    let model = filled.model
    #expect(model.inputs.map(\.name) == ["size is missing", "size", "kind", "shape"])
    #expect(model.inputs.map(\.features.count) == [2, nil, 4, 2])
    let (size, mask, target) = (
      try filled.reals("size"), try filled.reals("size", \.mask), try filled.reals("size", \.target)
    )
    let (kind, knownKind) = (try filled.levels("kind"), try filled.levels("kind", \.known))
    let (absence, knownAbsence) = (
      try filled.levels("size is missing"), try filled.levels("size is missing", \.known)
    )
    let shape = try filled.levels("shape")
    var given = 0
    for row in 0..<200 {
      let isMissing = row % 5 == 2
      #expect(mask[row] + target[row] == (isMissing ? 0 : 1), "record \(row)")
      if isMissing { #expect(size[row] == 0) }
      // The index behind the last level, 4 and 2, stands for none; a missing kind is a level of its own.
      let ownKind: Int32 = row % 7 == 3 ? 3 : Int32(row % 3)
      #expect([kind[row], knownKind[row]].sorted() == [ownKind, 4])
      let ownAbsence: Int32 = isMissing ? 1 : 0
      #expect([absence[row], knownAbsence[row]].sorted() == [ownAbsence, 2])
      // The variable of absence goes with its number.
      if !isMissing { #expect((mask[row] == 1) == (knownAbsence[row] == 0)) }
      if mask[row] == 1 { given += 1 }
      #expect(
        kind[row] != 4 || absence[row] != 2 || shape[row] != 2,
        "Something is generated in record \(row).")
    }
    #expect(given > 40 && given < 120)
  }

  @Test func whatTrainingNeverMissedCountsNowhere() throws {
    let filled = try filled(data(), masks: .nothingGiven)
    let (kind, knownKind) = (try filled.levels("kind"), try filled.levels("kind", \.known))
    let (target, mask) = (try filled.reals("size", \.target), try filled.reals("size", \.mask))
    for row in 0..<200 {
      #expect(kind[row] == (row % 7 == 3 ? 3 : Int32(row % 3)) && knownKind[row] == 3)
      #expect(target[row] == (row % 5 == 2 ? 0 : 1))
      #expect(mask[row] == 0)
    }
  }

  @Test func fixedRolesLeaveOutMissingNumbers() throws {
    let filled = try filled(
      data(partial: ["size"]), masks: .nothingGiven, given: ["kind", "shape"])
    let (target, absence) = (
      try filled.reals("size", \.target), try filled.levels("size is missing")
    )
    for row in 0..<200 {
      #expect(target[row] == (row % 5 == 2 ? 0 : 1))
      #expect(absence[row] == (row % 5 == 2 ? 1 : 0))
    }
  }

  /// One to three of the three fields are given, and at least one is to fill.
  @Test func fewFieldsAreGiven() throws {
    let filled = try filled(data(), masks: MaskDistribution([.few]))
    let mask = try filled.reals("size", \.mask)
    let (kind, shape) = (
      try filled.levels("kind", \.known), try filled.levels("shape", \.known)
    )
    var counts: [Int: Int] = [:]
    for row in 0..<200 where row % 5 != 2 && row % 7 != 3 {
      let isGiven = [mask[row] == 1, kind[row] != 3, shape[row] != 2]
      counts[isGiven.count { $0 }, default: 0] += 1
    }
    #expect(Set(counts.keys) == [1, 2] && (counts[1] ?? 0) > 30, "\(counts)")
  }

  /// A field that takes no part is seen by no network, and not by the columns behind it.
  @Test func sparseMasksHideFields() throws {
    let filled = try filled(
      data(partial: ["size"]), masks: MaskDistribution([.sparse]), columns: [4, 4])
    let (size, mask, target) = (
      try filled.reals("size"), try filled.reals("size", \.mask), try filled.reals("size", \.target)
    )
    func parts(_ name: String) throws -> [[Int32]] {
      try [filled.levels(name), filled.levels(name, \.known), filled.levels(name, \.seen)]
    }
    let (absence, kind) = (try parts("size is missing"), try parts("kind"))
    var hidden = 0
    for row in 0..<200 {
      let isMissing = row % 5 == 2
      let isNumberHidden = mask[row] + target[row] == 0 && !isMissing
      if isNumberHidden { #expect(absence.map { $0[row] } == [2, 2, 2] && size[row] == 0) }
      let kinds = kind.map { $0[row] }
      let own: Int32 = row % 7 == 3 ? 3 : Int32(row % 3)
      // What is given or generated is seen behind it; what is hidden isn't.
      #expect(kinds[2] == min(kinds[0], kinds[1]))
      #expect(kinds[2] == own || kinds == [3, 3, 3])
      if isNumberHidden || kinds == [3, 3, 3] { hidden += 1 }
    }
    #expect(hidden > 40 && hidden < 160, "hidden in \(hidden) of 200 records")
  }
}
