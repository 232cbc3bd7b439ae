import CVAETraining
import ConditionalData
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

@testable import CVAEGeneration

/// Generated records as files have them.
@Suite struct GeneratedRecordsTests {
  private func records(_ generated: Field) throws -> GeneratedRecords {
    let given = Field(name: "label", kind: .category(levels: ["a", "b"]))
    return GeneratedRecords(
      conditions: Conditions(
        try Records(
          schema: RecordSchema(fields: [given]), columns: [.levels([1, 0] as [Int32])])),
      given: [given],
      records: try Records(
        schema: RecordSchema(fields: [generated]), columns: [.numbers([0.5, 1.5])]),
      forms: [:], drawnConditions: [])
  }

  @Test func theInputsNumbersAreTheFirstColumn() throws {
    let arrays = try records(Field(name: "size", kind: .number)).table(inputs: [30, 4]).arrays
    #expect(
      arrays == [
        NPZArray(name: "input", shape: [2], values: .int64([30, 4])),
        NPZArray(name: "label", shape: [2], values: .int64([1, 0])),
        NPZArray(name: "size", shape: [2], values: .float64([0.5, 1.5])),
      ])
  }

  @Test func aFieldOfThatNameKeepsIt() throws {
    let records = try records(Field(name: "input", kind: .number))
    #expect(
      records.table(inputs: [30, 4]).arrays == [
        NPZArray(name: "input 2", shape: [2], values: .int64([30, 4])),
        NPZArray(name: "label", shape: [2], values: .int64([1, 0])),
        NPZArray(name: "input", shape: [2], values: .float64([0.5, 1.5])),
      ])
    #expect(records.table().arrays.map(\.name) == ["label", "input"])
  }
}
