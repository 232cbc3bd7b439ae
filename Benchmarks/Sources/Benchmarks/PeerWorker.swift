import Foundation

/// A peer in a process of its own, which answers each line of JSON with one.
final class PeerWorker {
  let framework: String
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var pending = Data()
  private(set) var greeting = ""

  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  init(framework: String, python: String, folder: String, data: String, threads: Int) throws {
    self.framework = framework
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [
      "\(folder)/peer.py", "--framework", framework, "--data", data, "--threads", "\(threads)",
    ]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    greeting = try ask(["cmd": "hello"]).sorted { $0.key < $1.key }
      .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.terminate()
  }

  func ask(_ question: [String: Any]) throws -> [String: Any] {
    var line = try JSONSerialization.data(withJSONObject: question)
    line.append(10)
    try input.fileHandleForWriting.write(contentsOf: line)
    while !pending.contains(10) {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Refused(description: "\(framework) ended.") }
      pending.append(more)
    }
    guard let end = pending.firstIndex(of: 10) else { return [:] }
    let answer = pending[pending.startIndex..<end]
    pending = Data(pending[pending.index(after: end)...])
    let object = try JSONSerialization.jsonObject(with: answer) as? [String: Any] ?? [:]
    if let error = object["error"] { throw Refused(description: "\(framework): \(error)") }
    return object
  }

  /// The key of what was prepared, nil with a note where the peer can't do it.
  func prepare(_ question: [String: Any]) -> String? {
    do {
      return try ask(question)["key"] as? String
    } catch {
      print("  (\(framework) \(question["mode"] ?? ""): \(error))")
      return nil
    }
  }
}
