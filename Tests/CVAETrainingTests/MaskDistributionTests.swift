import CVAEModels
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

@Suite struct MaskDistributionTests {
  private static func field(_ height: Int, _ width: Int) -> Field {
    Field(name: "image", kind: .image(ImageSize(height: height, width: width, channels: 1)))
  }

  private func masks(
    _ kinds: [MaskKind], _ height: Int = 6, _ width: Int = 8, count: Int = 400, step: UInt32 = 0,
    seed: UInt64 = 3
  ) throws -> [Bitmap] {
    let field = Self.field(height, width)
    let schema = try RecordSchema(fields: [field])
    let model = try ConditionalVAE(
      schema: schema, roles: Roles.named(["any"], schema: schema),
      configuration: Fixture.configuration().model, acceptsMissing: true, seed: 1)
    return (0..<Int32(count)).map { record in
      MaskDistribution(kinds).mask(
        of: field, in: model, record: record, at: RandomPosition(seed: seed, step: step))
    }
  }

  @Test func fixedKindsAreTheirQuadrants() throws {
    for kind in MaskKind.allCases {
      let quadrants = (0..<4).compactMap(kind.gives)
      guard quadrants.count == 4 else { continue }
      for mask in try masks([kind], 5, 7, count: 3) {
        let expected = (0..<35).map { cell in
          quadrants[(cell / 7 < 2 ? 0 : 2) + (cell % 7 < 3 ? 0 : 1)]
        }
        #expect(mask == Bitmap(expected), "\(kind)")
      }
    }
  }

  @Test(arguments: MaskKind.allCases, [(1, 1), (1, 2), (1, 9), (2, 2), (3, 5)])
  func somethingIsToFill(kind: MaskKind, extents: (Int, Int)) throws {
    let grid = CellGrid(height: extents.0, width: extents.1)
    for record in 0..<200 as Range<UInt32> {
      var cells = [Float](repeating: 7, count: grid.count)
      let draws = MaskDraws(
        position: RandomPosition(seed: 3, step: 0), purpose: "test", record: record)
      cells.withUnsafeMutableBufferPointer { MaskDistribution([kind]).fill($0, grid, draws) }
      #expect(cells.contains(0), "record \(record)")
      #expect(cells.allSatisfy { [1, 0, -1].contains($0) }, "record \(record)")
    }
  }

  @Test func eachQuadrantIsGivenHalfOfTheTime() throws {
    let drawn = try masks([.quadrants], 6, 8, count: 3000)
    for cell in [0, 7, 40, 47] {
      // One of sixteen masks gives all, and then loses one cell; the deviation of a share is 0.009.
      #expect(abs(Double(drawn.count { $0[cell] }) / 3000 - 0.5) < 0.04)
    }
    let pairs = drawn.count { $0[0] && $0[47] }
    #expect(abs(Double(pairs) / 3000 - 0.25) < 0.04)
  }

  @Test func eachHalfIsGivenAQuarterOfTheTime() throws {
    let drawn = try masks([.halves], 6, 8, count: 2000)
    let kinds: [MaskKind] = [.top, .bottom, .left, .right]
    for kind in kinds {
      let fixed = try masks([kind], count: 1)[0]
      #expect(abs(Double(drawn.count { $0 == fixed }) / 2000 - 0.25) < 0.05, "\(kind)")
    }
  }

  @Test func scatteredRatesAreUniform() throws {
    let shares = try masks([.scattered], 20, 20, count: 1000).map { mask in
      Double(mask.setCount) / 400
    }
    #expect(abs(shares.reduce(0, +) / 1000 - 0.5) < 0.04)
    for tenth in 0..<10 {
      let count = shares.count { Int($0 * 10) == tenth }
      #expect((60...140).contains(count), "\(tenth): \(count)")
    }
  }

  /// Either what is given or the hole is a union of at most three rectangles.
  @Test func blocksAreRectangles() throws {
    let drawn = try masks([.blocks], 6, 8, count: 1000)
    #expect(Set(drawn).count > 500)
    // In a single rectangle, a cell is in it where its row and its column are.
    let single = drawn.filter { mask in
      [true, false].contains { isIn in
        let inside = (0..<48).filter { mask[$0] == isIn }
        let (rows, columns) = (Set(inside.map { $0 / 8 }), Set(inside.map { $0 % 8 }))
        return inside.count == rows.count * columns.count
      }
    }
    #expect(single.count > 333)
    #expect(drawn.contains { $0.setCount > 38 } && drawn.contains { $0.setCount < 10 })
  }

  @Test func kindsShareTheRecords() throws {
    let drawn = try masks([.top, .bottom, .none], count: 3000)
    for kind in [MaskKind.top, .bottom, .none] {
      let fixed = try masks([kind], count: 1)[0]
      #expect(abs(Double(drawn.count { $0 == fixed }) / 3000 - 1.0 / 3) < 0.04)
    }
    #expect(MaskDistribution(MaskKind.usual).name == "blocks,quadrants,halves,scattered,none")
  }

  @Test func masksDependOnSeedStepAndRecordAlone() throws {
    let one = try masks(MaskKind.usual, count: 40)
    #expect(try one == masks(MaskKind.usual, count: 40))
    #expect(try one != masks(MaskKind.usual, count: 40, step: 1))
    #expect(try one != masks(MaskKind.usual, count: 40, seed: 4))
    #expect(Set(one).count > 20)
  }
}
