import Foundation
import Synchronization

/// Turns Ctrl-C (SIGINT) and SIGTERM into a flag that long work checks after each step.
/// A second Ctrl-C ends the process at once.
struct Interruption {
  private final class Requests: Sendable {
    let count = Atomic<Int>(0)
  }

  private let requests = Requests()
  private let sources: [any DispatchSourceSignal]

  /// Takes over SIGINT and SIGTERM until the process ends.
  ///
  /// - Parameter notice: What the user is told at the first Ctrl-C; nil for nothing.
  init(notice: String?) {
    let queue = DispatchQueue(label: "interruption")
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for source in sources {
      source.setEventHandler { [requests] in
        if requests.count.add(1, ordering: .relaxed).oldValue >= 1 { exit(130) }
        Terminal.clearLine()
        if let notice { Terminal.note(notice) }
      }
      source.resume()
    }
  }

  var isRequested: Bool { requests.count.load(ordering: .relaxed) > 0 }
}
