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
  ) -> [CellMask] {
    (0..<Int32(count)).map { record in
      MaskDistribution(kinds).mask(
        of: Self.field(height, width), record: record, at: RandomPosition(seed: seed, step: step))
    }
  }

  @Test func fixedKindsAreTheirQuadrants() {
    for kind in MaskKind.allCases {
      let quadrants = (0..<4).compactMap(kind.gives)
      guard quadrants.count == 4 else { continue }
      for mask in masks([kind], 5, 7, count: 3) {
        let expected = (0..<35).map { cell in
          quadrants[(cell / 7 < 2 ? 0 : 2) + (cell % 7 < 3 ? 0 : 1)]
        }
        #expect(mask.isKnown == expected, "\(kind)")
      }
    }
  }

  @Test(arguments: MaskKind.allCases, [(1, 1), (1, 2), (1, 9), (2, 2), (3, 5)])
  func somethingIsToFill(kind: MaskKind, extents: (Int, Int)) {
    let drawn = masks([kind], extents.0, extents.1, count: 200)
    #expect(drawn.allSatisfy { $0.unknownCount >= 1 })
  }

  @Test func eachQuadrantIsGivenHalfOfTheTime() {
    let drawn = masks([.quadrants], 6, 8, count: 3000)
    for cell in [0, 7, 40, 47] {
      // One of sixteen masks gives all, and then loses one cell; the deviation of a share is 0.009.
      #expect(abs(Double(drawn.count { $0.isKnown[cell] }) / 3000 - 0.5) < 0.04)
    }
    let pairs = drawn.count { $0.isKnown[0] && $0.isKnown[47] }
    #expect(abs(Double(pairs) / 3000 - 0.25) < 0.04)
  }

  @Test func eachHalfIsGivenAQuarterOfTheTime() {
    let drawn = masks([.halves], 6, 8, count: 2000)
    let kinds: [MaskKind] = [.top, .bottom, .left, .right]
    for kind in kinds {
      let fixed = masks([kind], count: 1)[0]
      #expect(abs(Double(drawn.count { $0 == fixed }) / 2000 - 0.25) < 0.05, "\(kind)")
    }
  }

  @Test func scatteredRatesAreUniform() {
    let shares = masks([.scattered], 20, 20, count: 1000).map { mask in
      1 - Double(mask.unknownCount) / 400
    }
    #expect(abs(shares.reduce(0, +) / 1000 - 0.5) < 0.04)
    for tenth in 0..<10 {
      let count = shares.count { Int($0 * 10) == tenth }
      #expect((60...140).contains(count), "\(tenth): \(count)")
    }
  }

  /// Either what is given or the hole is a union of at most three rectangles.
  @Test func blocksAreRectangles() {
    let drawn = masks([.blocks], 6, 8, count: 1000)
    #expect(Set(drawn).count > 500)
    // In a single rectangle, a cell is in it where its row and its column are.
    let single = drawn.filter { mask in
      [true, false].contains { isIn in
        let inside = (0..<48).filter { mask.isKnown[$0] == isIn }
        let (rows, columns) = (Set(inside.map { $0 / 8 }), Set(inside.map { $0 % 8 }))
        return inside.count == rows.count * columns.count
      }
    }
    #expect(single.count > 333)
    #expect(drawn.contains { $0.unknownCount < 10 } && drawn.contains { $0.unknownCount > 38 })
  }

  @Test func kindsShareTheRecords() {
    let drawn = masks([.top, .bottom, .none], count: 3000)
    for kind in [MaskKind.top, .bottom, .none] {
      let fixed = masks([kind], count: 1)[0]
      #expect(abs(Double(drawn.count { $0 == fixed }) / 3000 - 1.0 / 3) < 0.04)
    }
    #expect(MaskDistribution(MaskKind.usual).name == "blocks,quadrants,halves,scattered,none")
  }

  @Test func masksDependOnSeedStepAndRecordAlone() {
    let one = masks(MaskKind.usual, count: 40)
    #expect(one == masks(MaskKind.usual, count: 40))
    #expect(one != masks(MaskKind.usual, count: 40, step: 1))
    #expect(one != masks(MaskKind.usual, count: 40, seed: 4))
    #expect(Set(one).count > 20)
  }
}
