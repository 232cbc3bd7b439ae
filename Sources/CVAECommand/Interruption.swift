import Foundation
import Synchronization

/// Turns Ctrl-C (SIGINT), SIGTERM, and SIGUSR1, by which job schedulers warn, into a flag that long work checks after
/// each step. A second signal ends the process at once, as does the first one before the work begins.
struct Interruption {
  private final class Requests: Sendable {
    let count = Atomic<Int>(0)
    let hasBegun = Atomic<Bool>(false)
    let isByScheduler = Atomic<Bool>(false)
  }

  private static let signals = [SIGINT, SIGTERM, SIGUSR1]

  private let requests = Requests()
  private let queue = DispatchQueue(label: "interruption")
  private let sources: [any DispatchSourceSignal]

  /// Takes over the signals until the process ends.
  ///
  /// - Parameters:
  ///   - notice: What the user is told at the first signal, without a stop; nil for nothing.
  ///   - undo: Takes back what was prepared for work that ``begin()`` has yet to begin; nil for work that begins now.
  init(notice: String?, undo: (@Sendable () -> Void)? = nil) {
    requests.hasBegun.store(undo == nil, ordering: .relaxed)
    let queue = queue
    sources = Self.signals.map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for (number, source) in zip(Self.signals, sources) {
      source.setEventHandler { [requests] in
        if number != SIGINT { requests.isByScheduler.store(true, ordering: .relaxed) }
        if requests.count.add(1, ordering: .relaxed).oldValue >= 1 { exit(130) }
        Terminal.clearLine()
        if !requests.hasBegun.load(ordering: .relaxed) {
          undo?()
          exit(130)
        }
        guard let notice else { return }
        Terminal.note(
          number == SIGINT ? "\(notice); press Ctrl-C again to end at once." : "\(notice).")
      }
      source.resume()
    }
  }

  /// Does what a signal waits for.
  func uninterrupted<Value>(_ body: () throws -> Value) rethrows -> Value {
    try queue.sync(execute: body)
  }

  /// From now on the work itself ends where ``isRequested`` says so.
  func begin() { requests.hasBegun.store(true, ordering: .relaxed) }

  /// Whether SIGTERM or SIGUSR1 has come, which job schedulers send.
  var isByScheduler: Bool { requests.isByScheduler.load(ordering: .relaxed) }

  var isRequested: Bool { requests.count.load(ordering: .relaxed) > 0 }
}
