/// Processes that train one model together, each on its part of every batch. Each has a rank, from 0 on.
///
/// All ranks prepare, start and finish the same exchanges in the same order. Not for use from two threads.
public protocol Communicator: AnyObject, Sendable {
  /// This process.
  var rank: Int { get }
  /// How many processes take part.
  var ranks: Int { get }
  /// The machine of each rank.
  var hosts: [String] { get }
  /// How long this process has sent and received, and waited for others.
  var seconds: CommunicationSeconds { get set }

  /// Prepares messages that can be exchanged again and again.
  ///
  /// - Throws: What keeps the processes apart.
  func prepare(sends: [Message], receives: [Message]) throws -> any Exchange
  /// Makes memory that ranks of one machine see.
  ///
  /// - Parameter bytes: The size of each rank's block, the same on all ranks.
  /// - Throws: What keeps the processes apart.
  func shareMemory(bytes: Int) throws -> SharedMemory
}

/// Bytes that go to another rank, or come from it. Their memory must live as long as the exchange.
public struct Message {
  /// The other rank.
  public let peer: Int
  /// What is sent, or where it is put.
  public let bytes: UnsafeMutableRawBufferPointer

  /// A message.
  public init(peer: Int, bytes: UnsafeMutableRawBufferPointer) {
    self.peer = peer
    self.bytes = bytes
  }
}

/// Messages that are sent and received together.
public protocol Exchange: AnyObject {
  /// Starts all messages; from here on their memory must not change, or be read where it is received into.
  func start() throws
  /// Lets messages that are on their way move on, without waiting; of use during long computations.
  func advance() throws
  /// Waits until all messages have been sent and received.
  ///
  /// - Throws: What keeps the processes apart.
  func finish() throws
}

/// Where the time of a process among others goes, in seconds.
public struct CommunicationSeconds: Hashable, Sendable {
  /// Sending, receiving, and summing what came.
  public var communicating = 0.0
  /// Waiting for other ranks.
  public var waiting = 0.0

  /// None yet.
  public init() {}
}

extension Communicator {
  /// Memory that no other rank sees, where there is none that they could.
  public func shareMemory(bytes: Int) throws -> SharedMemory {
    .unshared(bytes: bytes, rank: rank, ranks: ranks)
  }

  /// Runs `body` and counts its time, less what it waits, as communicating.
  public func communicating<Result>(_ body: () throws -> Result) rethrows -> Result {
    let waited = seconds.waiting
    let start = ContinuousClock.now
    defer {
      let taken = (ContinuousClock.now - start) / .seconds(1)
      seconds.communicating += max(0, taken - (seconds.waiting - waited))
    }
    return try body()
  }
}
