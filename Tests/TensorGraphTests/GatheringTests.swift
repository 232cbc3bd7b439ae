import TensorGraph
import TestSupport
import Testing

/// Every rank gets every rank's bytes.
@Suite struct GatheringTests {
  @Test(arguments: 1...7) func blocksComeByRank(ranks: Int) throws {
    let results = try ThreadCommunicator.run(ranks: ranks) { communicator in
      let gathering = try Gathering(communicator, size: 3)
      return try (0..<3 as Range<UInt8>).map { round in
        gathering.own.copyBytes(from: [UInt8(communicator.rank), round, 7])
        try gathering.run()
        return (0..<ranks).map { Array(gathering.block(of: $0)) }
      }
    }
    for result in results {
      for (round, blocks) in result.enumerated() {
        #expect(blocks == (0..<ranks).map { [UInt8($0), UInt8(round), 7] })
      }
    }
  }

  @Test(arguments: [1, 2, 3, 6]) func bytesMayDifferInLength(ranks: Int) throws {
    let results = try ThreadCommunicator.run(ranks: ranks) { communicator in
      try communicator.gather([UInt8](repeating: 9, count: communicator.rank * 5))
    }
    for result in results {
      #expect(result == (0..<ranks).map { [UInt8](repeating: 9, count: $0 * 5) })
    }
  }
}
