internal import CMPI
import Foundation
import Synchronization
import TensorGraph

/// The library, one call at a time: of the thread that computes, and of the one that watches the other ranks.
final class MPICalls: Sendable {
  private let library: Mutex<MPILibrary>
  /// Numbers what is prepared; all ranks prepare in the same order.
  private let tags = Atomic<Int32>(MPICalls.firstTag)

  /// Lower ones are the watch's.
  static let firstTag: Int32 = 16
  /// What every library allows.
  private static let lastTag: Int32 = 32767

  init(_ library: MPILibrary) { self.library = Mutex(library) }

  /// Runs calls while no other thread does.
  func serial<Result>(
    _ body: (MPILibrary) throws(MPIFailure) -> Result
  ) throws(MPIFailure) -> sending Result {
    try library.withLock { library throws(MPIFailure) in try body(library) }
  }

  /// The same unless another thread is calling just now; then nil.
  func serialIfFree(
    _ body: (MPILibrary) throws(MPIFailure) -> Void
  ) throws(MPIFailure) -> Bool {
    try library.withLockIfAvailable { library throws(MPIFailure) -> Bool in
      try body(library)
      return true
    } ?? false
  }

  /// The next tag, the same on all ranks.
  func nextTag() -> Int32 {
    let range = Self.lastTag - Self.firstTag
    return Self.firstTag + (tags.add(1, ordering: .relaxed).oldValue - Self.firstTag) % range
  }
}
