import TensorGraph
import Testing

@Suite struct RandomnessTests {
  /// Known answers from the file `kat_vectors` of Random123 1.14: philox4x32 with 10 rounds.
  @Test func philoxGivesKnownAnswers() {
    #expect(
      Philox.block(key: 0, counter: SIMD4(0, 0, 0, 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.block(key: .max, counter: SIMD4(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.block(
        key: 0x299f_31d0_a409_3822,
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func uniformNumbersNeverReachTheEnds() {
    #expect(Philox.uniform(0) == 0x1p-25)
    #expect(Philox.uniform(.max) == 1 - 0x1p-25)
  }

  /// FNV-1a's published values of the empty text and of "a".
  @Test func purposesAreHashed() {
    #expect(RandomPurpose("").stream == 0x811c_9dc5)
    #expect(RandomPurpose("a").stream == 0xe40c_292c)
    #expect(RandomPurpose("latent").stream == 0x4f68_098b)
  }

  /// Each moment within five standard errors of a standard normal's.
  @Test func normalNumbersHaveTheirMoments() {
    let position = RandomPosition(seed: 11, step: 2)
    let purpose = RandomPurpose("latent")
    let (records, columns) = (2000, 10)
    let count = Double(records * columns)
    var moments = [0.0, 0, 0, 0]
    var neighbours = 0.0
    for record in 0..<records {
      var last = 0.0
      for column in 0..<columns {
        let x = position.normal(purpose, record: UInt32(record), column: column)
        for power in 0..<4 { moments[power] += (0...power).reduce(1) { y, _ in y * x } / count }
        neighbours += x * last / count
        last = x
      }
    }
    let error = 1 / count.squareRoot()
    #expect(abs(moments[0]) < 5 * error)
    #expect(abs(moments[1] - 1) < 5 * error * 2.0.squareRoot())
    #expect(abs(moments[2]) < 5 * error * 15.0.squareRoot())
    #expect(abs(moments[3] - 3) < 5 * error * 96.0.squareRoot())
    #expect(abs(neighbours) < 5 * error)
  }

  @Test func recordsKeepTheirNumbersInAnyBatch() throws {
    func draw(_ records: [Int32], seed: UInt64 = 1, step: UInt32 = 1) throws -> [[Double]] {
      var graph = Graph()
      let numbers = graph.indexInput([records.count])
      let node = graph.normal("latent", records: numbers.node, columns: 6)
      let tensor = try ReferenceEvaluator.evaluate(
        graph, nodes: [node], indexInputs: [numbers: records],
        at: RandomPosition(seed: seed, step: step))[0]
      return (0..<records.count).map { Array(tensor.values[$0 * 6..<($0 + 1) * 6]) }
    }
    let all = try draw([4, 17, 9])
    #expect(try draw([17])[0] == all[1])
    #expect(try draw([9, 4]) == [all[2], all[0]])
    #expect(try draw([17], step: 2)[0] != all[1])
    #expect(try draw([17], seed: 2)[0] != all[1])
  }

  @Test(arguments: [1, 2, 3, 64, 1000])
  func permutationHoldsEachNumberOnce(count: Int) {
    let purpose = RandomPurpose("shuffle")
    let first = RandomPosition(seed: 3, step: 0).permutation(purpose, count: count)
    #expect(first.sorted() == (0..<Int32(count)).map { $0 })
    #expect(RandomPosition(seed: 3, step: 0).permutation(purpose, count: count) == first)
    if count >= 64 {
      #expect(RandomPosition(seed: 3, step: 1).permutation(purpose, count: count) != first)
    }
  }

  @Test func noNumbersHaveNoOrder() {
    #expect(RandomPosition(seed: 3, step: 0).permutation(RandomPurpose("s"), count: 0) == [])
  }

  /// Each of the 24 orders of four things within five standard errors of its share.
  @Test func ordersAreEquallyLikely() {
    var seen: [[Int32]: Double] = [:]
    for step in 0..<4800 as Range<UInt32> {
      let order = RandomPosition(seed: 8, step: step)
        .permutation(RandomPurpose("shuffle"), count: 4)
      seen[order, default: 0] += 1
    }
    #expect(seen.count == 24)
    for (order, count) in seen { #expect(abs(count - 200) < 5 * 14, "\(order)") }
  }
}
