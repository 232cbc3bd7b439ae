import RecordTypes
import TensorGraph
import Testing

@testable import CVAEEvaluation

@Suite struct PrivacyTests {
  private let train: Records
  private let heldOut: Records

  init() throws {
    train = try ExampleTable.rows(400, seed: 1)
    heldOut = try ExampleTable.rows(300, seed: 2)
  }

  private func privacy(_ synthetic: Records) -> FidelityReport.Privacy {
    FidelityRows(
      train: train, heldOut: heldOut, synthetic: synthetic, settings: FidelitySettings()
    ).privacy()
  }

  /// Of 400 training rows 300 stand against the held-out ones.
  @Test func copiesAreFound() throws {
    let copied = privacy(train)
    #expect(copied.nearerToTraining > 0.85, "\(copied)")
    #expect(copied.copies == 1 && copied.copiesHeldOut == 0)
    // Three of four training rows are among the 300 copies that are looked at.
    let exposed = try #require(copied.rareRowsExposed)
    #expect(exposed > 0.7 && exposed > (copied.rareRowsExposedHeldOut ?? 1) + 0.2, "\(copied)")
    let half = train.sample(300, "privacy training", seed: 1)
    #expect(privacy(half).nearerToTraining == 1)
    let seen = privacy(heldOut)
    #expect(seen.nearerToTraining == 0 && seen.copies == 0)
  }

  @Test func freshRowsGiveNothingAway() throws {
    let fresh = privacy(try ExampleTable.rows(600, seed: 3))
    #expect(abs(fresh.nearerToTraining - 0.5) < 0.06, "\(fresh)")
    #expect(fresh.copies == 0)
    let difference = try #require(fresh.rareRowsExposed) - (fresh.rareRowsExposedHeldOut ?? 1)
    #expect(abs(difference) < 0.25, "\(fresh)")
  }

  @Test func equalDistancesCountHalf() throws {
    let one = try Records(
      schema: RecordSchema(fields: [Field(name: "c", kind: .category(levels: ["a", "b"]))]),
      columns: [.levels([0, 1, 0, 1] as [Int32])])
    let privacy = FidelityRows(
      train: one, heldOut: one, synthetic: one, settings: FidelitySettings()
    ).privacy()
    #expect(privacy.nearerToTraining == 0.5)
    #expect(privacy.copies == 1 && privacy.copiesHeldOut == 1)
    #expect(privacy.rareRowsExposed == nil, "every row has an equal")
  }

  @Test func distancesByHand() throws {
    func rows(_ numbers: [Double?], _ levels: [Int32?]) throws -> Records {
      try Records(
        schema: RecordSchema(fields: [
          Field(name: "x", kind: .number),
          Field(name: "c", kind: .category(levels: ["a", "b", "c"])),
        ]), columns: [.numbers(numbers), .levels(levels)])
    }
    // The middle 90 % of 0 … 20 are 18 wide.
    let scale = try MixedScale(rows((0...20).map { Double($0) }, [Int32?](repeating: 0, count: 21)))
    func distance(_ first: (Double?, Int32?), _ second: (Double?, Int32?)) throws -> Float {
      try scale.rows(rows([first.0], [first.1]))
        .nearest(among: scale.rows(rows([second.0], [second.1])))[0]
    }
    #expect(try abs(distance((3, 0), (12, 0)) - 0.5) < 1e-6)
    #expect(try abs(distance((3, 0), (12, 2)) - 1.5) < 1e-6)
    #expect(try distance((3, 1), (300, 1)) == 1, "no number is farther than another level")
    #expect(try distance((nil, 0), (5, 0)) == 1)
    #expect(try distance((nil, nil), (nil, nil)) == 0)
    #expect(try distance((4, nil), (4, 0)) == 1)
  }

  /// Several blocks and tasks, the last of which aren't full.
  @Test func everyRowIsCompared() {
    let values = BoostedTreesTests.features(1300, seed: 5)
    let (own, others) = (values[0].prefix(300).map { Float($0) }, values[1].map { Float($0) })
    let rows = MixedRows(values: own, columns: 1, count: 300)
    let nearest = rows.nearest(among: MixedRows(values: others, columns: 1, count: 1300))
    for (value, distance) in zip(own, nearest) {
      #expect(distance == others.map { min(abs(value - $0), 1) }.min())
    }
    let same = rows.nearest(among: rows, isSame: true)
    for (row, distance) in same.enumerated() {
      let rest = own.enumerated().filter { $0.offset != row }.map { abs(own[row] - $0.element) }
      #expect(distance == rest.min())
    }
  }
}
