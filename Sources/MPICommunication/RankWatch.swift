internal import CMPI
import Foundation
import Synchronization
import TensorGraph

/// Signs of life, and the end of all ranks if one of them ends.
///
/// Each rank sends a beat to the next one, around the circle, on a thread of its own, so that it beats on while the
/// process computes, reads data or writes files. A rank from which no beat comes any more has ended, is stopped, or can't be
/// reached; who notices says so to all that it can reach, and ends. MPI by itself may wait forever.
final class RankWatch: @unchecked Sendable {
  /// Seconds from one look to the next.
  private static let interval = 0.5
  /// A rank is given up after so many seconds without a beat.
  private static let silence = 10.0
  /// A call of the library that takes longer never returns.
  private static let longestCall = 15.0
  /// The time that the others get to hear of an end.
  private static let farewell = 0.7
  /// The seconds that a launcher gets to end by itself.
  private static let launcherGrace: Int32 = 8
  private static let (beatTag, noteTag): (Int32, Int32) = (1, 2)

  /// A message of its own, in memory of its own.
  private struct Letter {
    let memory: UnsafeMutableRawBufferPointer
    let exchange: OpaquePointer
  }

  private static let noteBytes = 1024

  private let calls: MPICalls
  private let rank: Int
  private let hosts: [String]
  private let onFailure: @Sendable (String) -> Void
  // Only one thread at a time uses what follows: the watch, and the thread that has ended it.
  private var beatOut: Letter?
  private var beatIn: Letter?
  private var notesOut: [Letter] = []
  private var notesIn: [(rank: Int, letter: Letter)] = []
  private var heardAt = ContinuousClock.now
  private var calledAt = ContinuousClock.now
  private let isEnding = Atomic<Bool>(false)
  private let hasEnded = DispatchSemaphore(value: 0)

  private var before: Int { (rank + hosts.count - 1) % hosts.count }

  init(
    _ calls: MPICalls, rank: Int, hosts: [String], onFailure: @escaping @Sendable (String) -> Void
  ) throws {
    self.calls = calls
    self.rank = rank
    self.hosts = hosts
    self.onFailure = onFailure
    guard hosts.count > 1 else { return }
    let after = (rank + 1) % hosts.count
    beatOut = try letter(to: after, bytes: 8, Self.beatTag)
    beatIn = try letter(from: before, bytes: 8, Self.beatTag)
    for other in hosts.indices where other != rank {
      notesOut.append(try letter(to: other, bytes: Self.noteBytes, Self.noteTag))
      notesIn.append((other, try letter(from: other, bytes: Self.noteBytes, Self.noteTag)))
    }
    for letter in [beatIn, beatOut].compactMap({ $0 }) + notesIn.map(\.letter) {
      try start(letter)
    }
  }

  private func letter(
    to receiver: Int? = nil, from sender: Int? = nil, bytes: Int, _ tag: Int32
  ) throws(MPIFailure) -> Letter {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 8)
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    let messages = { (peer: Int?) in peer.map { [Message(peer: $0, bytes: memory)] } ?? [] }
    let library = try calls.serial { library throws(MPIFailure) in library }
    return Letter(
      memory: memory,
      exchange: try library.prepare(
        sends: messages(receiver), receives: messages(sender), tag: tag))
  }

  private func start(_ letter: Letter) throws(MPIFailure) {
    try calls.serial { library throws(MPIFailure) in try library.begin(letter.exchange) }
  }

  /// Begins to watch, on a thread of its own.
  func begin() {
    guard hosts.count > 1 else { return }
    heardAt = .now
    calledAt = .now
    Thread.detachNewThread { [self] in
      while !isEnding.load(ordering: .acquiring) {
        look()
        Thread.sleep(forTimeInterval: Self.interval)
      }
      hasEnded.signal()
    }
  }

  /// Sends a beat, and hears what came.
  private func look() {
    do {
      let isFree = try calls.serialIfFree { library throws(MPIFailure) in
        try beat(library, value: 0)
        try hear(library)
      }
      if isFree { calledAt = .now }
    } catch {
      endAll(because: error.description, status: 1)
    }
    let (silence, call) = (
      (ContinuousClock.now - heardAt) / .seconds(1), (ContinuousClock.now - calledAt) / .seconds(1)
    )
    if call > Self.longestCall {
      cvae_mpi_end_launcher(Self.launcherGrace)
      endAll(because: MPIFailure.hanging(seconds: Int(call)).description, status: 1)
    }
    if silence > Self.silence, call < Self.interval {
      let failure = MPIFailure.silent(rank: before, host: hosts[before], seconds: Int(silence))
      cvae_mpi_end_launcher(Self.launcherGrace)
      endAll(because: failure.description, status: 1)
    }
  }

  private func beat(_ library: MPILibrary, value: Int64) throws(MPIFailure) {
    guard let beatOut, try library.isDone(beatOut.exchange) else { return }
    beatOut.memory.storeBytes(of: value, as: Int64.self)
    try library.begin(beatOut.exchange)
  }

  private func hear(_ library: MPILibrary) throws(MPIFailure) {
    if let beatIn, try library.isDone(beatIn.exchange) {
      heardAt = .now
      // The last one of a rank that is done.
      if beatIn.memory.load(as: Int64.self) == 0 { try library.begin(beatIn.exchange) }
    }
    for (other, letter) in notesIn where try library.isDone(letter.exchange) {
      let text = letter.memory.prefix { $0 != 0 }
      if text.isEmpty { continue }
      leave(with: String(decoding: text, as: UTF8.self), from: other)
    }
  }

  /// Another rank has ended, and says why.
  private func leave(with sentence: String, from other: Int) -> Never {
    if rank == 0 { onFailure("rank \(other) on \(hosts[other]) has ended: \(sentence)") }
    // The launcher ends the others once the first has ended, which should be the one that knows why.
    Thread.sleep(forTimeInterval: Self.farewell)
    _exit(1)
  }

  /// Says to all others why this process ends, and ends it.
  func endAll(because sentence: String, status: Int32) -> Never {
    isEnding.store(true, ordering: .releasing)
    onFailure(sentence)
    let deadline = ContinuousClock.now + .seconds(Self.farewell)
    let bytes = Array(sentence.utf8.prefix(Self.noteBytes - 1)) + [0]
    var isSent = notesOut.isEmpty
    while !isSent, ContinuousClock.now < deadline {
      isSent =
        (try? calls.serialIfFree { library throws(MPIFailure) in
          for letter in notesOut {
            letter.memory.copyBytes(from: bytes)
            try library.begin(letter.exchange)
          }
        }) ?? true
      if !isSent { usleep(1000) }
    }
    while ContinuousClock.now < deadline {
      _ = try? calls.serialIfFree { library throws(MPIFailure) in
        for letter in notesOut { _ = try library.isDone(letter.exchange) }
      }
      usleep(1000)
    }
    _exit(status)
  }

  /// Ends the watch once all ranks have come to their end.
  func end() throws {
    guard hosts.count > 1 else { return }
    isEnding.store(true, ordering: .releasing)
    hasEnded.wait()
    // Every message that is waited for is sent, so that none is left behind.
    let deadline = ContinuousClock.now + .seconds(Self.silence)
    for letter in notesOut { try start(letter) }
    var isLastSent = false
    while ContinuousClock.now < deadline {
      let isDone = try calls.serial { library throws(MPIFailure) -> Bool in
        if !isLastSent, let beatOut, try library.isDone(beatOut.exchange) {
          try beat(library, value: 1)
          isLastSent = true
        }
        try hear(library)
        let rest = [beatIn, beatOut].compactMap { $0 } + notesOut + notesIn.map(\.letter)
        for letter in rest where try !library.isDone(letter.exchange) { return false }
        return isLastSent
      }
      if isDone { return }
      usleep(1000)
    }
  }
}
