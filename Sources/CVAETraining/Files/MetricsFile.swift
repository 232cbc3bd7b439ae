import Foundation
import TensorFiles

/// `metrics.jsonl`: one line for each epoch that is done.
struct MetricsFile {
  private let path: String
  private var lines: [String] = []

  /// Opens the file of a new run, or of one that is resumed after `epochs` epochs: later lines are
  /// dropped, since those epochs will be run again.
  init(_ path: String, keepingEpochs epochs: Int) throws {
    self.path = path
    guard let bytes = FileManager.default.contents(atPath: path) else { return }
    lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      .filter { line in
        (try? JSONText.decode(EpochMetrics.self, from: line)).map { $0.epoch <= epochs } ?? false
      }
    try write()
  }

  /// Adds an epoch.
  mutating func append(_ metrics: EpochMetrics) throws {
    lines.append(try JSONText.string(metrics))
    try write()
  }

  private func write() throws {
    try AtomicFile.write(lines.map { $0 + "\n" }.joined().utf8, to: path)
  }
}
