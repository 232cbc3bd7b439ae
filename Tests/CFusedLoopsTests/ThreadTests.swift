import CFusedLoops
import Dispatch
import Synchronization
import Testing

/// The threads under all loops, by way of a loop whose result tells which elements were treated how often.
@Suite struct ThreadTests {
  /// Adds one to each of many numbers.
  private static func increment(_ numbers: inout [Float], threads: Int32) {
    let count = numbers.count
    numbers.withUnsafeMutableBytes { bytes in
      var one: Float = 1
      withUnsafeMutableBytes(of: &one) { single in
        let tensor = cvae_tensor(data: bytes.baseAddress, type: CVAE_FLOAT32)
        cvae_binary(
          CVAE_ADD, tensor, CVAE_FULL,
          cvae_tensor(data: single.baseAddress, type: CVAE_FLOAT32), CVAE_SCALAR, tensor,
          count / 512, 512, threads)
      }
    }
  }

  /// Also many more threads than the machine has cores, so that parts are taken by others.
  @Test(arguments: [1, 2, 3, 7, 64] as [Int32])
  func eachElementIsTreatedOnceInEachRegion(threads: Int32) {
    var numbers = [Float](repeating: 0, count: 512 * 512)
    for _ in 0..<200 { Self.increment(&numbers, threads: threads) }
    #expect(numbers.allSatisfy { $0 == 200 }, "\(threads) threads")
  }

  /// Each thread that begins regions has workers of its own; they end with it.
  @Test func threadsBeginRegionsBesideEachOther() {
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      var numbers = [Float](repeating: 0, count: 512 * 256)
      for _ in 0..<100 { Self.increment(&numbers, threads: 3) }
      let found = numbers.count { $0 != 100 }
      wrong.withLock { $0 += found }
    }
    #expect(wrong.withLock { $0 } == 0)
  }
}
