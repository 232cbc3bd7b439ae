import Foundation
import Synchronization

/// Turns Ctrl-C (SIGINT) and SIGTERM into a flag that training checks after each step.
/// A second Ctrl-C ends the process at once.
struct Interruption {
  private final class Requests: Sendable {
    let count = Atomic<Int>(0)
  }

  private let requests = Requests()
  private let sources: [any DispatchSourceSignal]

  /// Takes over SIGINT and SIGTERM until the process ends.
  init() {
    let queue = DispatchQueue(label: "interruption")
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for source in sources {
      source.setEventHandler { [requests] in
        if requests.count.add(1, ordering: .relaxed).oldValue >= 1 { exit(130) }
        Terminal.clearLine()
        Terminal.note("Finishing the step, then saving; press Ctrl-C again to end at once.")
      }
      source.resume()
    }
  }

  var isRequested: Bool { requests.count.load(ordering: .relaxed) > 0 }
}
