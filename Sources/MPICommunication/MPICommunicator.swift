internal import CMPI
import Foundation
import Synchronization
public import TensorGraph

/// The processes that a launcher such as `mpirun` or `srun` has started together.
///
/// Each watches its neighbour, and if one ends, stops, or can't be reached, all end: see ``RankWatch``.
public final class MPICommunicator: Communicator, @unchecked Sendable {
  /// This process.
  public let rank: Int
  /// How many processes take part.
  public let ranks: Int
  /// The machine of each rank.
  public let hosts: [String]
  /// The library's own name and version.
  public let version: String
  /// Where this process's time goes; only the thread that exchanges messages changes it.
  public var seconds = CommunicationSeconds()

  /// So long, in seconds, is waited for another rank.
  private let patience: Double
  private let calls: MPICalls
  private let watch: RankWatch

  /// Joins the other processes.
  ///
  /// - Parameters:
  ///   - host: The name of this machine.
  ///   - patience: Seconds for which others are waited for, although they live.
  ///   - onFailure: Called with a sentence when this process is about to end because of another.
  /// - Throws: ``MPIFailure``.
  public init(
    _ launch: MPILaunch, host: String, patience: Double,
    onFailure: @escaping @Sendable (String) -> Void
  ) throws {
    let library = try MPILibrary(for: launch)
    var (rank, ranks): (Int32, Int32) = (0, 1)
    var isSerialized = false
    try library.check(
      cvae_mpi_start(library.handle, &rank, &ranks, &isSerialized), "start")
    guard ranks == 1 || isSerialized else {
      throw MPIFailure.notSerialized(version: library.version)
    }
    self.rank = Int(rank)
    self.ranks = Int(ranks)
    self.patience = patience
    version = library.version
    calls = MPICalls(library)
    let start = MPIStart(calls, rank: Int(rank), ranks: Int(ranks), patience: patience)
    hosts = try start.gather(Array(host.utf8)).map { String(decoding: $0, as: UTF8.self) }
    watch = try RankWatch(calls, rank: Int(rank), hosts: hosts, onFailure: onFailure)
    watch.begin()
  }

  /// The name and version of the library that a run on several processes would use, and its file; or, where the user names one
  /// that can't be used, why. Nil where there is none.
  public static var libraryInWords: String? {
    let launch = MPILaunch()
    do {
      let library = try MPILibrary(for: launch)
      return "\(library.version) (\(library.name))"
    } catch {
      return launch.namedLibrary == nil ? nil : error.description
    }
  }

  /// Prepares messages that can be exchanged again and again.
  public func prepare(sends: [Message], receives: [Message]) throws -> any Exchange {
    try MPIExchange(
      calls, sends, receives, patience: patience, hosts: hosts
    ) { [unowned self] in seconds.waiting += $0 }
  }

  /// Makes memory that ranks of one machine see.
  public func shareMemory(bytes: Int) throws -> SharedMemory {
    try ProcessMemory.share(bytes: bytes, self)
  }

  /// How many ranks run on this process's machine.
  public var localRanks: Int { hosts.count { $0 == hosts[rank] } }

  /// Leaves the others, once all have come to this point.
  public func finish() throws {
    // What the others still do may take any time.
    let end = MPIStart(calls, rank: rank, ranks: ranks, patience: .infinity)
    _ = try end.gather([])
    try watch.end()
    try calls.serial { library throws(MPIFailure) in
      try library.check(cvae_mpi_finish(library.handle), "finish")
    }
  }

  /// Ends this process with the exit status `status`, and all others with a sentence that says why.
  public func end(because sentence: String, status: Int32) -> Never {
    watch.endAll(because: sentence, status: status)
  }
}

/// What the ranks gather before they know each other's machines.
private final class MPIStart: Communicator, @unchecked Sendable {
  let rank: Int
  let ranks: Int
  let hosts: [String]
  var seconds = CommunicationSeconds()
  private let calls: MPICalls
  private let patience: Double

  init(_ calls: MPICalls, rank: Int, ranks: Int, patience: Double) {
    self.calls = calls
    self.rank = rank
    self.ranks = ranks
    self.patience = patience
    hosts = (0..<ranks).map { _ in "an unknown machine" }
  }

  func prepare(sends: [Message], receives: [Message]) throws -> any Exchange {
    try MPIExchange(calls, sends, receives, patience: patience, hosts: hosts) { _ in }
  }
}
