import CVAEModels
import ConditionalData
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// What rows of which any field may be given are to a program.
@Suite struct RowFillerTests {
  /// 200 records with a number that is missing in every fifth, and a category that is in every seventh.
  private func data() throws -> DataSet {
    let numbers = (0..<200).map { $0 % 5 == 2 ? Double.nan : Double($0) }
    let levels = (0..<200).map { $0 % 7 == 3 ? nil : Int32($0 % 3) }
    return try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "size", kind: .number),
        Field(name: "kind", kind: .category(levels: ["a", "b", "c"])),
        Field(name: "shape", kind: .category(levels: ["x", "y"])),
      ]),
      columns: [
        .numbers(numbers), .levels(levels), .levels((0..<200).map { Int32($0 % 2) }),
      ])
  }

  private func filled(
    _ data: DataSet, masks: MaskDistribution, given: [String] = ["any"],
    columns: [Int]? = nil
  ) throws -> any CompiledProgram {
    let roles = try Roles.named(given, schema: data.schema)
    var configuration = Fixture.configuration().model
    configuration.decoder.columns = columns
    let model = try ConditionalVAE(
      schema: data.schema, roles: roles, configuration: configuration,
      acceptsMissing: true, seed: 1)
    let records = (0..<Int32(data.count)).map { $0 }
    let program = try model.evaluationProgram(batch: data.count)
    let filler = try BatchFiller(
      program: program, model: model, data: data,
      preprocessing: Preprocessing.fit(data, on: records), masks: masks)
    let compiled = try ReferenceExecutor().makeSession(for: model.store).compile(program)
    records.withUnsafeBufferPointer {
      filler.fill(compiled, records: $0, at: RandomPosition(seed: 5, step: 2))
    }
    return compiled
  }

  private func levels(_ program: any CompiledProgram, _ name: String) -> [Int32] {
    program.withIndexInput(name) { Array($0) }
  }

  private func reals(_ program: any CompiledProgram, _ name: String) -> [Float] {
    program.withInput(name) { Array($0) }
  }

  @Test func everyCellIsGivenOrGeneratedOrMissing() throws {
    let data = try data()
    let whole = data.modellingAbsence(of: ["size", "kind", "shape"])
    #expect(whole.schema.fields.map(\.name) == ["size", "kind", "shape", "size is missing"])
    #expect(whole.schema.fields[1].levels == ["a", "b", "c", ""])
    let program = try filled(whole, masks: MaskDistribution([.scattered]))
    let (size, mask, target) = (
      reals(program, "size"), reals(program, "size.mask"), reals(program, "size.target")
    )
    let (kind, knownKind) = (levels(program, "kind"), levels(program, "kind.known"))
    let (absence, knownAbsence) = (
      levels(program, "size is missing"), levels(program, "size is missing.known")
    )
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
      // The field that tells of absence goes with its number.
      if !isMissing { #expect((mask[row] == 1) == (knownAbsence[row] == 0)) }
      if mask[row] == 1 { given += 1 }
      #expect(
        kind[row] != 4 || absence[row] != 2 || levels(program, "shape")[row] != 2,
        "Something is generated in record \(row).")
    }
    #expect(given > 40 && given < 120)
  }

  @Test func whatTrainingNeverMissedCountsNowhere() throws {
    let program = try filled(data(), masks: .nothingGiven)
    let (kind, knownKind) = (levels(program, "kind"), levels(program, "kind.known"))
    for row in 0..<200 {
      #expect(kind[row] == (row % 7 == 3 ? 3 : Int32(row % 3)) && knownKind[row] == 3)
      #expect(reals(program, "size.target")[row] == (row % 5 == 2 ? 0 : 1))
      #expect(reals(program, "size.mask")[row] == 0)
    }
  }

  @Test func fixedRolesLeaveOutMissingNumbers() throws {
    let whole = try data().modellingAbsence(of: ["size"])
    let program = try filled(whole, masks: .nothingGiven, given: ["kind", "shape"])
    for row in 0..<200 {
      #expect(reals(program, "size.target")[row] == (row % 5 == 2 ? 0 : 1))
      #expect(levels(program, "size is missing")[row] == (row % 5 == 2 ? 1 : 0))
    }
  }

  /// One to three of the three fields are given, and at least one is to fill.
  @Test func fewFieldsAreGiven() throws {
    let program = try filled(try data(), masks: MaskDistribution([.few]))
    var counts: [Int: Int] = [:]
    for row in 0..<200 where row % 5 != 2 && row % 7 != 3 {
      let isGiven = [
        reals(program, "size.mask")[row] == 1, levels(program, "kind.known")[row] != 3,
        levels(program, "shape.known")[row] != 2,
      ]
      counts[isGiven.count { $0 }, default: 0] += 1
    }
    #expect(Set(counts.keys) == [1, 2] && (counts[1] ?? 0) > 30, "\(counts)")
  }

  /// A field that takes no part is seen by no network, and not by the columns behind it.
  @Test func sparseMasksHideFields() throws {
    let whole = try data().modellingAbsence(of: ["size"])
    let program = try filled(
      whole, masks: MaskDistribution([.sparse]), columns: [4, 4])
    var hidden = 0
    for row in 0..<200 {
      let isMissing = row % 5 == 2
      let isNumberHidden =
        reals(program, "size.mask")[row] + reals(program, "size.target")[row] == 0 && !isMissing
      let absences = ["", ".known", ".seen"].map { levels(program, "size is missing" + $0)[row] }
      if isNumberHidden { #expect(absences == [2, 2, 2] && reals(program, "size")[row] == 0) }
      let kinds = ["", ".known", ".seen"].map { levels(program, "kind" + $0)[row] }
      let own: Int32 = row % 7 == 3 ? 3 : Int32(row % 3)
      // What is given or generated is seen behind it; what is hidden isn't.
      #expect(kinds[2] == min(kinds[0], kinds[1]))
      #expect(kinds[2] == own || kinds == [3, 3, 3])
      if isNumberHidden || kinds == [3, 3, 3] { hidden += 1 }
    }
    #expect(hidden > 40 && hidden < 160, "hidden in \(hidden) of 200 records")
  }
}
