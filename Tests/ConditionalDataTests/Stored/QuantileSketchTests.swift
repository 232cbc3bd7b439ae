import Testing

@testable import ConditionalData

@Suite struct QuantileSketchTests {
  /// Numbers without an order, many of them shared.
  private func numbers(_ count: Int, shared: Int? = nil) -> [Double] {
    (0..<count).map { index in
      let u = RecordHash.uniform(record: index, seed: 3, .test)
      return shared.map { (u * Double($0)).rounded() } ?? u * u * 1000
    }
  }

  /// The largest distance of a representative's rank from where it should be, as a share.
  private func worstError(_ sketch: QuantileSketch, _ all: [Double]) -> Double {
    let (sorted, found) = (all.sorted(), sketch.sorted)
    var worst = 0.0
    var (low, high) = (0, 0)
    for (place, number) in found.enumerated() {
      while low < sorted.count, sorted[low] < number { low += 1 }
      high = max(high, low)
      while high < sorted.count, sorted[high] == number { high += 1 }
      let rank = (Double(place) + 0.5) / Double(found.count) * Double(sorted.count)
      worst = max(worst, Double(low) - rank, rank - Double(high))
    }
    return worst / Double(sorted.count)
  }

  @Test func fewNumbersAreKept() {
    let all = numbers(5000)
    var sketch = QuantileSketch(mostExact: 5000, capacity: 64)
    for number in all { sketch.add(number) }
    #expect(sketch.exact == all && sketch.rankError == 0)
    #expect(sketch.sorted == all.sorted())
    sketch.add(1)
    #expect(sketch.exact == nil)
  }

  @Test(arguments: [nil, 300] as [Int?])
  func ranksAreWithinTheStatedError(shared: Int?) {
    for count in [5001, 20_000, 200_000] {
      for order in 0..<3 {
        var all = numbers(count, shared: shared)
        if order == 1 { all.sort() }
        if order == 2 { all.sort(by: >) }
        var sketch = QuantileSketch(mostExact: 5000, capacity: 256)
        for number in all { sketch.add(number) }
        #expect(sketch.count == count)
        // A representative lies half a step beside its rank.
        let most = sketch.rankError + 0.5 / 5000 + 1 / Double(count)
        let worst = worstError(sketch, all)
        #expect(worst <= most, "\(count) numbers, order \(order): \(worst), at most \(most)")
        #expect(sketch.sorted.first == all.min() && sketch.sorted.last == all.max())
      }
    }
  }

  @Test func mergedSketchesAreWithinTheError() {
    let all = numbers(90_000)
    var merged = QuantileSketch(mostExact: 5000, capacity: 256)
    for start in stride(from: 0, to: all.count, by: 30_000) {
      var part = QuantileSketch(mostExact: 5000, capacity: 256)
      for number in all[start..<start + 30_000] { part.add(number) }
      merged.merge(part)
    }
    #expect(merged.count == all.count)
    #expect(worstError(merged, all) <= merged.rankError + 0.5 / 5000 + 1e-5)
  }

  /// At the sizes that are used, as documented.
  @Test func statedErrorOfMillions() {
    var sketch = QuantileSketch()
    let all = numbers(3_000_000)
    for number in all { sketch.add(number) }
    #expect(sketch.rankError < 1e-4)
    #expect(worstError(sketch, all) <= sketch.rankError + 5e-7 + 1e-6)
  }

  /// A map beyond the exact numbers is close to the exact one.
  @Test func mapsAreClose() throws {
    let all = numbers(200_000)
    var sketch = QuantileSketch(mostExact: 50_000, capacity: 4096)
    for number in all { sketch.add(number) }
    let exact = try #require(QuantileMap(all))
    let map = try #require(QuantileMap(sorted: sketch.sorted))
    for z in stride(from: -2.5 as Float, through: 2.5, by: 0.5) {
      let (own, other) = (map.number(z), exact.number(z))
      #expect(abs(own - other) < 0.01 * (abs(other) + 1), "\(z): \(own), exactly \(other)")
    }
  }
}
