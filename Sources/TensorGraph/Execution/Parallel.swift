import Dispatch
import Synchronization

/// Independent work on all processors.
package enum Parallel {
  /// The results of `body` for 0 ..< `count`, in this order.
  package static func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    if count == 1 { return [body(0)] }
    let results = Mutex<[Int: Result]>([:])
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let result = body(index)
      results.withLock { $0[index] = result }
    }
    let done = results.withLock { $0 }
    return (0..<count).map { index in
      guard let result = done[index] else { preconditionFailure("Part \(index) was not done.") }
      return result
    }
  }
}
