import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEGeneration

/// Tables whose columns are named as what models name themselves, from training to drawn rows.
@Suite struct ColumnNameTests {
  private func trained(
    _ fields: [(Field, RecordColumn)], given: [String]
  ) throws -> TrainedModel {
    let folder = NSTemporaryDirectory() + "cvae-names-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = try DataSet(
      schema: RecordSchema(fields: fields.map(\.0)), columns: fields.map(\.1), source: "t.csv",
      isTable: true)
    var configuration = RunConfiguration()
    configuration.given = given
    configuration.model.latent = 2
    configuration.model.recognition.hidden = [4]
    configuration.model.prior.hidden = [4]
    configuration.model.decoder.hidden = [4]
    // These columns decide each other.
    configuration.model.combinations = []
    configuration.training.batch = 20
    configuration.training.epochs = 2
    let run = RunDirectory(folder)
    let trainer = try Trainer(
      data: data, configuration: configuration, run: run, executor: OneDNNExecutor(threads: 1))
    #expect(try trainer.run() == .finished)
    return try TrainedModel.load(folder)
  }

  private func draw(
    _ model: TrainedModel, _ values: [String: GivenValue] = [:], count: Int = 300,
    allowsMissing: Bool = true
  ) throws -> GeneratedRecords {
    var request = DrawRequest(try Conditions(values, count: count, model: model), seed: 2)
    request.allowsMissing = allowsMissing
    return try Generator(model, executor: OneDNNExecutor(threads: 1)).draw(request)[0]
  }

  private func category(_ name: String, _ modulus: Int = 2) -> (Field, RecordColumn) {
    let levels = (0..<120).map { (row: Int) -> Int32 in Int32(row / 3 % modulus) }
    return (
      Field(name: name, kind: .category(levels: (0..<modulus).map { "level \($0)" })),
      .levels(levels)
    )
  }

  private func number(_ name: String, holes: Bool = false) -> (Field, RecordColumn) {
    let numbers = (0..<120).map { (row: Int) -> Double in
      holes && row % 3 == 1 ? .nan : Double(row * 7 % 50)
    }
    return (Field(name: name, kind: .number), .numbers(numbers))
  }

  @Test(arguments: [["any"], ["group"]])
  func theDatasOwnNameOfAbsenceStays(given: [String]) throws {
    let model = try trained(
      [number("price", holes: true), category("price is missing", 3), category("group")],
      given: given)
    #expect(
      model.model.inputs.map(\.name) == [
        "price is missing 2", "price", "price is missing", "group",
      ])
    #expect(model.schema.fields.map(\.mayBeMissing) == [true, false, false])
    let generated = ["price", "price is missing", "group"].filter { !given.contains($0) }
    let holed = try draw(model)
    #expect(holed.records.schema.fields.map(\.name) == generated)
    let prices = try #require(holed.records["price"])
    #expect((50...250).contains(prices.incompleteCount), "\(prices.incompleteCount) of 300")
    #expect(Set(try #require(holed.records["price is missing"]).levels) == [0, 1, 2])
    let whole = try #require(try draw(model, allowsMissing: false).records["price"])
    #expect(!whole.hasMissing && whole.numbers.allSatisfy((0...49).contains))
    // What is asked of that name is asked of the data's column.
    guard given == ["any"] else { return }
    let wanted = try draw(model, ["price is missing": .level(2)])
    #expect(wanted.records["price is missing"]?.levels == [Int32](repeating: 2, count: 300))
    #expect(try #require(wanted.records["price"]).hasMissing)
  }

  /// Names of a model's layers and parts, and dots between them.
  @Test(arguments: [["any"], ["group"]])
  func columnsMayBeNamedAsLayersAre(given: [String]) throws {
    let names = ["state", "hidden0", "pictures", "weight", "bias", "state.weight", "input"]
    let model = try trained(
      names.enumerated().map { $0 % 2 == 0 ? category($1) : number($1, holes: true) }
        + [category("group")], given: given)
    #expect(model.tensors.count == model.model.store.parameters.count)
    let records = try draw(model).records
    #expect(records.schema.fields.map(\.name) == names + (given == ["any"] ? ["group"] : []))
    #expect(Set(try #require(records["state"]).levels) == [0, 1])
    #expect(Set(try #require(records["hidden0"]).numbers).count > 3)
  }

  /// "generated err zip11" and "generated taxnew12" have one hash.
  @Test func columnsHaveRandomNumbersOfTheirOwn() throws {
    let names = ["err zip11", "taxnew12"]
    try #require(
      RandomPurpose("generated \(names[0])").stream
        == RandomPurpose("generated \(names[1])").stream)
    let model = try trained(
      names.map { category($0) } + [category("group")], given: ["group"])
    let inputs = model.model.inputs
    let streams = FieldUse.allCases.flatMap { use in
      inputs.map { model.model.purpose(use, of: $0).stream }
    }
    #expect(Set(streams).count == streams.count)
    // Both columns are tosses of a coin, and agree in half of the rows, within five standard deviations.
    let tossed = try draw(
      model.saying(["err zip11": [0, 0], "taxnew12": [0, 0]]), count: 4000
    ).records
    let columns = try names.map { try #require(tossed[$0]).levels }
    let equal = zip(columns[0], columns[1]).count { $0 == $1 }
    #expect(abs(equal - 2000) < 158, "\(equal) of 4000 rows agree.")
  }
}
