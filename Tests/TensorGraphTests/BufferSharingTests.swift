import TensorGraph
import Testing

@Suite struct BufferSharingTests {
  private func requests(seed: UInt64, count: Int) -> [BufferSharing.Request] {
    let random = RandomPosition(seed: seed, step: 0)
    let purpose = RandomPurpose("requests")
    return (0..<count).map { index in
      let drawn = (0..<3).map { random.uniform(purpose, record: UInt32(index), column: $0) }
      let first = Int(drawn[1] * 0.75 * Double(count))
      return BufferSharing.Request(
        bytes: 1 + Int(drawn[0] * 5000), lifetime: first...first + Int(drawn[2] * 10))
    }
  }

  /// Few buffers are placed by size, many by time.
  @Test(arguments: 1...20 as ClosedRange<UInt64>, [40, 1200])
  func buffersThatLiveTogetherLieApart(seed: UInt64, count: Int) {
    let requests = requests(seed: seed, count: count)
    let (offsets, bytes) = BufferSharing.place(requests)
    #expect(offsets.allSatisfy { $0 >= 0 && $0 % 64 == 0 })
    for (index, request) in requests.enumerated() {
      #expect(offsets[index] + request.bytes <= bytes, "seed \(seed), request \(index)")
      for other in 0..<index where requests[other].lifetime.overlaps(request.lifetime) {
        let apart =
          offsets[index] + request.bytes <= offsets[other]
          || offsets[other] + requests[other].bytes <= offsets[index]
        #expect(apart, "seed \(seed): requests \(other) and \(index)")
      }
    }
  }

  /// The least that any placement needs is what lives at the busiest instruction.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func littleIsWasted(seed: UInt64) {
    let requests = requests(seed: seed, count: 40)
    let busiest = (0...40).map { instruction in
      requests.filter { $0.lifetime.contains(instruction) }
        .reduce(0) { $0 + ($1.bytes + 63) / 64 * 64 }
    }.max()
    let bytes = BufferSharing.place(requests).bytes
    #expect(bytes >= busiest ?? 0)
    #expect(Double(bytes) <= 1.35 * Double(busiest ?? 0), "seed \(seed)")
  }

  /// Results that wait for the way back, as in training, and between them some that nothing waits for: as many
  /// as a wide table has, for which comparing each with each would take minutes.
  @Test(.timeLimit(.minutes(1))) func manyBuffersArePlaced() {
    let count = 20_000
    let requests = (0..<count).flatMap { index in
      [
        BufferSharing.Request(bytes: 64 * (1 + index % 3), lifetime: index...2 * count - index),
        BufferSharing.Request(bytes: 256, lifetime: index...index + 1),
      ]
    }
    let bytes = BufferSharing.place(requests).bytes
    let kept = requests.reduce(0) { $0 + ($1.lifetime.count > 2 ? $1.bytes : 0) }
    #expect(bytes >= kept + 512)
    #expect(bytes <= kept + kept / 100)
  }

  @Test func lifetimesThatMeetDoNotShare() {
    let (offsets, bytes) = BufferSharing.place([
      .init(bytes: 64, lifetime: 0...3), .init(bytes: 64, lifetime: 3...5),
    ])
    #expect(offsets == [0, 64])
    #expect(bytes == 128)
  }

  @Test func lifetimesOneAfterTheOtherShare() {
    let (offsets, bytes) = BufferSharing.place([
      .init(bytes: 100, lifetime: 0...3), .init(bytes: 70, lifetime: 4...5),
    ])
    #expect(offsets == [0, 0])
    #expect(bytes == 128)
  }

  @Test func nothingNeedsNothing() {
    let (offsets, bytes) = BufferSharing.place([])
    #expect(offsets == [])
    #expect(bytes == 0)
  }
}
