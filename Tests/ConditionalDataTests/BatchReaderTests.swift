import RecordTypes
import Testing

@testable import ConditionalData

@Suite struct BatchReaderTests {
  private let reader: BatchReader
  private let preprocessing: Preprocessing

  init() throws {
    let data = try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "image", kind: .image(ImageSize(height: 1, width: 256, channels: 1))),
        Field(name: "label", kind: .category(levels: ["a", "b"])),
        Field(name: "heel", kind: .number), Field(name: "place", kind: .vector(count: 2)),
      ]),
      columns: [
        .grey(Array(0...255) + Array((0...255).reversed()) + Array(0...255), width: 256),
        .levels([1, nil, 0]), .numbers([2, 4, .nan]),
        .numbers([1, 10, 2, 20, 3, 60], width: 2),
      ])
    preprocessing = try Preprocessing.fit(data, on: [0, 1, 2])
    reader = BatchReader(data.records, preprocessing: preprocessing)
  }

  private func reals(_ field: Int, _ records: [Int32], width: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: records.count * width) { buffer, filled in
      let target = UnsafeMutableBufferPointer(rebasing: buffer[..<(records.count * width)])
      target.initialize(repeating: -77)
      records.withUnsafeBufferPointer { reader.fillReals(field: field, records: $0, into: target) }
      filled = records.count * width
    }
  }

  @Test func bytesBecomeSharesOfOne() {
    let values = reals(0, [1, 0, 1], width: 256)
    let up = (0...255).map { Float($0) * (1 / 255) }
    #expect(values == up.reversed() + up + up.reversed())
    #expect(values.max() == 1 && values.min() == 0)
  }

  @Test func numbersAreStandardisedAndMissingOnesAreZero() {
    let heel = reals(2, [1, 2, 0], width: 1)
    #expect(heel == [1, 0, -1])
    #expect((0..<3).map { reader.isKnown(field: 2, record: $0) } == [true, true, false])
    let place = reals(3, [2, 0], width: 2)
    let expected = [(3.0, 0), (60, 1), (1, 0), (10, 1)].map { value, component in
      preprocessing.standardised(value, field: "place", component: component)
    }
    #expect(place == expected)
  }

  @Test func levelsAreCopied() {
    let records: [Int32] = [2, 0, 1, 1]
    let levels = [Int32](unsafeUninitializedCapacity: 4) { buffer, filled in
      let target = UnsafeMutableBufferPointer(rebasing: buffer[..<4])
      records.withUnsafeBufferPointer { reader.fillLevels(field: 1, records: $0, into: target) }
      filled = 4
    }
    #expect(levels == [0, 1, 0, 0])
    #expect((0..<3).map { reader.isKnown(field: 1, record: $0) } == [true, false, true])
  }

  @Test func noRecordsFillNothing() {
    #expect(reals(0, [], width: 256).isEmpty)
  }
}
