import CVAEModels
import ConditionalData
import RecordTypes
import Testing

@testable import CVAEGeneration

/// Records are taken by the length of their texts, and results given back in the order of the data.
@Suite struct LengthOrderTests {
  @Test func resultsComeBackInTheOrderOfTheRecords() throws {
    let texts = ["a long text", "", "four", "a longer text", "four"]
    let data = try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "text", kind: FieldKind(TextKind(longest: 24, tokens: .bytes))),
        TinyTrained.label,
      ]), columns: [.texts(texts), .levels([0, 1, 2, 0, 1])], source: "tiny.csv", isTable: true)
    let model = try TinyTrained.textModel(
      of: data, given: ["label"], embedding: 4, reader: 2, writer: 4)
    let order = LengthOrder([4, 3, 0, 1], of: data, model)
    #expect(order.records == [1, 4, 0, 3])
    #expect(order.restored(order.records) == [4, 3, 0, 1])
    #expect(
      order.restored([10, 11, 40, 41, 0, 1, 30, 31], each: 2) == [40, 41, 30, 31, 0, 1, 10, 11])
    #expect(order.sorted([40, 30, 0, 10]) == [10, 40, 0, 30])
  }
}
