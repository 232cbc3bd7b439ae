internal import CMPI
import Foundation
import TensorGraph

/// Messages that are exchanged again and again.
final class MPIExchange: Exchange {
  private let calls: MPICalls
  private let handle: OpaquePointer
  private let hosts: [String]
  private let patience: Double
  private let noteWaiting: (Double) -> Void
  private var isOnItsWay = false

  /// So often the other ranks are looked for before the processor is left to others in between.
  private static let eagerTries = 400
  private static let pause: UInt32 = 20

  /// - Parameters:
  ///   - patience: Seconds for which others are waited for.
  ///   - noteWaiting: Called with the seconds that a wait took.
  init(
    _ calls: MPICalls, _ sends: [Message], _ receives: [Message], patience: Double,
    hosts: [String], noteWaiting: @escaping (Double) -> Void
  ) throws {
    self.calls = calls
    self.hosts = hosts
    self.patience = patience
    self.noteWaiting = noteWaiting
    let tag = calls.nextTag()
    let address = try calls.serial { library throws(MPIFailure) in
      UInt(bitPattern: try library.prepare(sends: sends, receives: receives, tag: tag))
    }
    guard let handle = OpaquePointer(bitPattern: address) else {
      throw MPIFailure.call(action: "prepare messages", reason: "it returned none")
    }
    self.handle = handle
  }

  deinit {
    // A run that ends early leaves messages on their way, and with them their memory.
    if isOnItsWay { return }
    try? calls.serial { library throws(MPIFailure) in cvae_mpi_free(library.handle, handle) }
  }

  func start() throws {
    isOnItsWay = true
    try calls.serial { library throws(MPIFailure) in try library.begin(handle) }
  }

  func advance() throws {
    if isOnItsWay { _ = try isDone() }
  }

  private func isDone() throws -> Bool {
    try calls.serial { library throws(MPIFailure) in try library.isDone(handle) }
  }

  func finish() throws {
    let start = ContinuousClock.now
    var tries = 0
    while try !isDone() {
      tries += 1
      if tries < Self.eagerTries {
        sched_yield()
        continue
      }
      usleep(Self.pause)
      let waited = (ContinuousClock.now - start) / .seconds(1)
      if waited > patience { throw try stuck(waited) }
    }
    isOnItsWay = false
    noteWaiting((ContinuousClock.now - start) / .seconds(1))
  }

  private func stuck(_ waited: Double) throws -> MPIFailure {
    let rank = try calls.serial { library throws(MPIFailure) in
      Int(cvae_mpi_pending(library.handle, handle))
    }
    return .stuck(
      rank: rank, host: hosts.indices.contains(rank) ? hosts[rank] : "an unknown machine",
      seconds: Int(waited))
  }
}
