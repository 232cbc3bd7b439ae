import Foundation
import Synchronization
import TensorGraph

/// Ranks on threads of one process, which send each other copies.
public final class ThreadCommunicator: Communicator {
  /// The other ranks did not come within a minute.
  public struct TimedOut: Error {}

  /// Letters on their way.
  private final class Post: Sendable {
    struct Line: Hashable { let from, to, exchange: Int }
    let letters = Mutex<[Line: [[UInt8]]]>([:])
  }

  public let rank: Int
  public let ranks: Int
  public var hosts: [String] { (0..<ranks).map { "machine \($0)" } }
  private let post: Post
  private let prepared = Atomic<Int>(0)
  private let spent = Mutex(CommunicationSeconds())

  public var seconds: CommunicationSeconds {
    get { spent.withLock { $0 } }
    set { spent.withLock { $0 = newValue } }
  }

  private init(rank: Int, of ranks: Int, _ post: Post) {
    self.rank = rank
    self.ranks = ranks
    self.post = post
  }

  /// Runs `body` once for each rank, each on a thread of its own; the results by rank.
  public static func run<Result: Sendable>(
    ranks: Int, _ body: @escaping @Sendable (ThreadCommunicator) throws -> Result
  ) throws -> [Result] {
    let post = Post()
    let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    let done = DispatchSemaphore(value: 0)
    for rank in 0..<ranks {
      Thread.detachNewThread {
        let result = Swift.Result {
          try body(ThreadCommunicator(rank: rank, of: ranks, post))
        }
        results.withLock { $0[rank] = result }
        done.signal()
      }
    }
    for _ in 0..<ranks { done.wait() }
    let all = results.withLock { $0 }
    return try (0..<ranks).map { rank in
      guard let result = all[rank] else { throw TimedOut() }
      return try result.get()
    }
  }

  public func prepare(sends: [Message], receives: [Message]) -> any Exchange {
    Letters(self, sends, receives, number: prepared.add(1, ordering: .relaxed).newValue)
  }

  private final class Letters: Exchange {
    let owner: ThreadCommunicator
    let sends: [Message]
    let receives: [Message]
    let number: Int

    init(_ owner: ThreadCommunicator, _ sends: [Message], _ receives: [Message], number: Int) {
      self.owner = owner
      self.sends = sends
      self.receives = receives
      self.number = number
    }

    func start() {
      for message in sends {
        let line = Post.Line(from: owner.rank, to: message.peer, exchange: number)
        owner.post.letters.withLock { $0[line, default: []].append(Array(message.bytes)) }
      }
    }

    func advance() {}

    func finish() throws {
      for message in receives {
        let line = Post.Line(from: message.peer, to: owner.rank, exchange: number)
        let start = ContinuousClock.now
        var letter: [UInt8]?
        while letter == nil {
          letter = owner.post.letters.withLock { letters in
            guard let waiting = letters[line], !waiting.isEmpty else { return nil }
            return letters[line]?.removeFirst()
          }
          if letter == nil {
            guard ContinuousClock.now - start < .seconds(60) else { throw TimedOut() }
            Thread.sleep(forTimeInterval: 1e-5)
          }
        }
        message.bytes.copyBytes(from: letter ?? [])
      }
    }
  }
}
