import CVAEEvaluation
import ConditionalData
import RecordTypes
import Testing

@testable import Figures

@Suite struct EncodingMapTests {
  private func data() throws -> DataSet {
    try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "row", kind: .number),
        Field(name: "tag", kind: .category(levels: ["left", "right"])),
      ]),
      columns: [.numbers([0, 1, 2, 3] as [Double]), .levels([0, 1, 0, 1] as [Int32])])
  }

  @Test func oneOrTwoDimensionsAreTheirOwnMap() throws {
    let data = try data()
    let one = try Encoding(records: [0, 1], latent: 1, z: [3, 4], u: [0, 0])
      .map(of: data, colouredBy: "tag")
    #expect(one.points.map(\.x) == [3, 4])
    #expect(one.points.map(\.y) == [0, 0])
    #expect(one.points.map(\.level) == [0, 1])
    #expect(one.levels == ["left", "right"])
    let two = try Encoding(records: [1, 0], latent: 2, z: [3, 4, 5, 6], u: [0, 0, 0, 0])
      .map(of: data, colouredBy: nil)
    #expect(two.points.map(\.x) == [3, 5])
    #expect(two.points.map(\.y) == [4, 6])
    #expect(two.points.map(\.level) == [nil, nil])
    #expect(two.verticalLabel == "z1")
  }

  @Test func moreDimensionsAreMappedOnPrincipalAxes() throws {
    let data = try data()
    let z: [Float] = [1, 4, 9, 1, -4, 9, 1, 0, 10, 1, 0, 8]
    let map = try Encoding(
      records: [0, 1, 2, 3], latent: 3, z: z, u: [Float](repeating: 0, count: 12)
    ).map(of: data, colouredBy: "row")
    #expect(map.points.map { $0.x.rounded() } == [4, -4, 0, 0])
    #expect(map.points.map { $0.y.rounded() } == [0, 0, 1, -1])
    #expect(map.levels.isEmpty)
    #expect(map.horizontalLabel == "principal axis 1 of z (94 % of the variance)")
    #expect(map.verticalLabel == "principal axis 2 of z (6 % of the variance)")
    #expect(throws: UnknownName.self) {
      try Encoding(records: [0], latent: 1, z: [0], u: [0]).map(of: data, colouredBy: "tga")
    }
  }

  /// An axis is named by the columns that go with it, the strongest first, with their sign.
  @Test func axesAreNamedByColumns() throws {
    let count = 40
    let first = (0..<count).map { Double($0 % 8) - 3.5 }
    let data = try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "size", kind: .number), Field(name: "age", kind: .number),
        Field(name: "kind", kind: .category(levels: ["a", "b"])),
      ]),
      columns: [
        .numbers(first.enumerated().map { -2 * $0.element + Double($0.offset % 3) / 9 }),
        .numbers((0..<count).map { Double($0 * 7 % 5) }),
        .levels(first.map { $0 > 0 ? 1 : 0 }),
      ], source: "test")
    let z = (0..<count).flatMap { row -> [Float] in
      [Float(first[row]), Float(row * 3 % 4) / 10, 0]
    }
    let map = try Encoding(
      records: (0..<Int32(count)).map { $0 }, latent: 3, z: z, u: z
    ).map(of: data, colouredBy: nil)
    let label = map.horizontalLabel
    #expect(label.contains("% of the variance): size "), "\(label)")
    #expect(label.contains("1.00, kind 0.8"), "\(label)")
    #expect(!label.contains("age"))
  }
}
