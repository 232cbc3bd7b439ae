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
    /// Blocks of shared memory by the number of their making, and by rank.
    let blocks = Mutex<[Int: [Int: Block]]>([:])
  }

  /// Zeroed memory that is freed with its last owner.
  private final class Block: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer

    init(bytes: Int) {
      pointer = .allocate(byteCount: max(1, bytes), alignment: 4096)
      pointer.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    }

    deinit { pointer.deallocate() }
  }

  public let rank: Int
  public let ranks: Int
  public var hosts: [String] { (0..<ranks).map { "machine \(machines[$0])" } }
  private let post: Post
  private let prepared = Atomic<Int>(0)
  private let machines: [Int]
  private let mostShared: Int
  private let memories = Atomic<Int>(0)
  private let spent = Mutex(CommunicationSeconds())

  public var seconds: CommunicationSeconds {
    get { spent.withLock { $0 } }
    set { spent.withLock { $0 = newValue } }
  }

  private init(rank: Int, on machines: [Int], mostShared: Int, _ post: Post) {
    self.rank = rank
    self.mostShared = mostShared
    self.machines = machines
    ranks = machines.count
    self.post = post
  }

  /// Runs `body` once for each rank, each on a thread of its own; the results by rank. No rank sees another's memory.
  public static func run<Result: Sendable>(
    ranks: Int, _ body: @escaping @Sendable (ThreadCommunicator) throws -> Result
  ) throws -> [Result] {
    try run(machines: Array(0..<ranks), body)
  }

  /// The same for ranks on the machines of these numbers; ranks of one machine share memory, if it takes no more than
  /// `mostShared` bytes.
  public static func run<Result: Sendable>(
    machines: [Int], mostShared: Int = .max,
    _ body: @escaping @Sendable (ThreadCommunicator) throws -> Result
  ) throws -> [Result] {
    let ranks = machines.count
    let post = Post()
    let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    let done = DispatchSemaphore(value: 0)
    for rank in 0..<ranks {
      Thread.detachNewThread {
        let result = Swift.Result {
          try body(ThreadCommunicator(rank: rank, on: machines, mostShared: mostShared, post))
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

  public func shareMemory(bytes: Int) throws -> SharedMemory {
    let number = memories.add(1, ordering: .relaxed).newValue
    let own = Block(bytes: bytes)
    post.blocks.withLock { $0[number, default: [:]][rank] = own }
    _ = try gather([])
    let all = post.blocks.withLock { $0[number] ?? [:] }
    let places = bytes <= mostShared ? machines : Array(0..<ranks)
    let seen = (0..<ranks).map { places[$0] == places[rank] ? all[$0] : nil }
    return SharedMemory(
      blocks: seen.map { $0?.pointer },
      firstNeighbours: places.map { places.firstIndex(of: $0) ?? 0 }
    ) { _ = seen }
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
