import ConditionalData
import RecordTypes
import TensorGraph

@testable import CVAEEvaluation

/// Rows drawn from a distribution that is known: weight is twice the height and noise, size goes
/// with the height, and colour goes with nothing.
enum ExampleTable {
  static let sizes = ["small", "middle", "large"]
  static let schema = RecordSchema(trusting: [
    Field(name: "height", kind: .number),
    Field(name: "size", kind: .category(levels: sizes)),
    Field(name: "colour", kind: .category(levels: ["red", "blue"])),
    Field(name: "weight", kind: .number),
  ])

  /// `count` rows; `shift` is added to heights, and `missing` of the weights and colours are missing.
  static func columns(
    _ count: Int, seed: UInt64, shift: Double = 0, missing: Double = 0
  ) -> [RecordColumn] {
    let position = RandomPosition(seed: seed, step: 0)
    let purpose = RandomPurpose("example table")
    func normal(_ row: Int, _ column: Int) -> Double {
      position.normal(purpose, record: UInt32(row), column: column)
    }
    func uniform(_ row: Int, _ column: Int) -> Double {
      position.uniform(purpose, record: UInt32(row), column: column)
    }
    let heights = (0..<count).map { normal($0, 0) }
    return [
      .numbers(heights.map { $0 + shift }),
      .levels(
        (0..<count).map { row in
          let place = heights[row] + 0.2 * normal(row, 1)
          return place < -0.5 ? 0 : place < 0.5 ? 1 : 2
        } as [Int32]),
      .levels(
        (0..<count).map { uniform($0, 10) < missing ? nil : uniform($0, 8) < 0.5 ? 0 : 1 }
          as [Int32?]),
      .numbers(
        (0..<count).map { row in
          uniform(row, 9) < missing ? nil : 2 * heights[row] + 0.3 * normal(row, 2)
        } as [Double?]),
    ]
  }

  static func data(
    _ count: Int, seed: UInt64, shift: Double = 0, missing: Double = 0
  ) throws -> DataSet {
    try DataSet(
      schema: schema, columns: columns(count, seed: seed, shift: shift, missing: missing),
      source: "example")
  }

  /// The same as rows that are compared.
  static func rows(_ count: Int, seed: UInt64, shift: Double = 0) throws -> Records {
    let data = try data(count, seed: seed, shift: shift)
    return try ComparedTables(real: data, synthetic: data).real
  }

  /// The first rows to learn from, the others held out.
  static func split(_ train: Int, of count: Int) -> (train: [Int32], heldOut: [Int32]) {
    (Array(0..<Int32(train)), Array(Int32(train)..<Int32(count)))
  }
}
